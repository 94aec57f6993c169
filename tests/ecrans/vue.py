"""A page as it was drawn, taken apart: every text, chart, map, table and grid, with the part of the screen it is in."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from mel_core.socle.langue import ABSENT, FINE
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.dessin import decode

# Signed, thousands apart by a narrow space, decimals after a comma, and its per cent.
NOMBRE = re.compile(rf"[+−]?(?<![\w,.])\d+(?:{FINE}\d{{3}})*(?:,\d+)?(?:[{FINE} ]%)?(?!\w)|{ABSENT}")
_CLE = re.compile(r"^\$\$ID-[0-9a-f]+-(.+)$")


@dataclass(frozen=True)
class Piece:
    """`zone`: key of the container that holds it (empty: none). `genre`: html, markdown, code, graphique, grille…"""

    zone: str
    genre: str
    contenu: Any


# What is folded until a click: the table under the picture of a measure, the map under the answer of a scenario.
DEPLIE = {"tableau_mesure": True, "deplie_carte": True}


def visit(page: str = "", etat: Mapping[str, Any] | None = None, /, **adresse: str) -> AppTest:
    """The application on a page (empty: the first) at this address, still to be run, as a new visitor of whom the
    session holds `etat`."""
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    essai.query_params.update(adresse)
    for cle, valeur in (etat or {}).items():
        essai.session_state[cle] = valeur
    return essai.switch_page(fichier(page)) if page else essai


def see(page: str = "", etat: Mapping[str, Any] | None = None, /, **adresse: str) -> AppTest:
    """The same once it was run, nothing being broken."""
    essai = visit(page, etat, **adresse).run()
    assert not essai.exception
    return essai


def open(etat: dict[str, Any] | None = None, *, page: str = "", **adresse: str) -> list[Piece]:
    """The application at this address, as a new visitor sees it, with its table unfolded. `etat`: what a click would
    choose, by widget key. `page`: another one than the first."""
    essai = see(page, DEPLIE | (etat or {}), **adresse)
    return list(pieces(essai))


def pieces(essai: AppTest) -> Iterator[Piece]:
    """What is on the page as it is now."""
    return _pieces(essai.main, "")


def _pieces(bloc: Any, zone: str) -> Iterator[Piece]:
    for enfant in bloc.children.values():
        trouvee = _CLE.match(getattr(enfant.proto, "id", "") or "") if enfant.proto is not None else None
        ici = trouvee[1] if trouvee else zone
        if hasattr(enfant, "children"):
            titre = getattr(enfant, "label", "")
            if titre:
                yield Piece(ici, "titre", titre)
            yield from _pieces(enfant, ici)
        elif enfant.type == "html":
            yield Piece(ici, "html", enfant.proto.body)
        elif enfant.type == "bidi_component":
            composant = enfant.proto.component_name
            if composant in ("ici_levier", "ici_figure"):
                yield from _vivantes(zone, composant, json.loads(enfant.proto.bytes))
            elif composant == "ici_carte":
                yield Piece(zone, "image d’une carte", json.loads(enfant.proto.bytes))
            else:
                assert composant in ("ici_fenetre", "ici_salle"), composant  # no figure is shown by them
        elif enfant.type == "deck_gl_json_chart":
            yield Piece(ici, "graphique", json.loads(enfant.proto.json))
        elif enfant.type == "dataframe":
            yield Piece(ici, "grille", _dite(enfant))
        elif enfant.type in ("markdown", "code"):
            yield Piece(ici, enfant.type, enfant.value)
        elif enfant.type in ("selectbox", "button_group"):
            yield Piece(ici, "choix", " ; ".join(enfant.options))
        elif enfant.type == "slider":
            yield Piece(ici, "curseur", (enfant.label, enfant.value))
        elif enfant.type == "page_link":
            yield Piece(ici, "lien", enfant.proto.label)
        else:
            yield Piece(ici, enfant.type, getattr(enfant, "label", "") or str(enfant.value))


def _vivantes(zone: str, composant: str, contenu: dict[str, Any]) -> Iterator[Piece]:
    """What our own module writes in the page, in its order (see static/images)."""
    etape = contenu["etape"] if composant == "ici_levier" else contenu
    for image in etape["images"]:
        yield Piece(zone, "graphique", decode(image))
        yield Piece(zone, "html", f'<p class="lu">{escape(image["titre"])} : {escape(image["lecture"])}</p>')
    if composant == "ici_levier":
        assert contenu["lues"] is None  # nothing is sent before it is asked for
        yield Piece("etat_levier", "html", etape["etat"])
        yield Piece(zone, "button", etape["retour"])
        for curseur, valeur in zip(contenu["curseurs"], etape["valeurs"], strict=True):
            yield Piece(zone, "curseur", (curseur["libelle"], valeur))
            yield Piece(zone, "bornes", {c: v for c, v in curseur.items() if c != "libelle"})
        yield Piece(zone, "html", etape["reponse"])


def _dite(grille: Any) -> pd.DataFrame:
    """The cells of a grid as they are written in it."""
    dites = grille.proto.arrow_data if grille.proto.HasField("arrow_data") else grille.proto
    if not dites.styler.display_values:  # one to type in
        return grille.value
    dit = pa.ipc.open_stream(io.BytesIO(dites.styler.display_values)).read_pandas()
    return dit.set_axis(list(grille.value.columns), axis=1)


def nombres(texte: str) -> list[str]:
    """The numbers of a text, as written; `—` stands for one that is not known."""
    return [n.replace(" %", f"{FINE}%") for n in NOMBRE.findall(texte)]


@dataclass
class Tableau:
    """A table of the page: its caption, then rows of (text, title) cells."""

    legende: str
    rangees: list[list[tuple[str, str]]]


class _Lecteur(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tableaux: list[Tableau] = []
        self.largeurs: list[str] = []
        self.styles: list[str] = []
        self._ou = ""
        self._infobulle = ""
        self._texte = ""
        self.titre = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributs = dict(attrs)
        if tag == "table":
            self.tableaux.append(Tableau(self.titre, []))
        if tag == "tr":
            self.tableaux[-1].rangees.append([])
        if tag in ("td", "th", "caption", "h3"):
            self._ou, self._texte, self._infobulle = tag, "", attributs.get("title") or ""
        if attributs.get("style"):
            self._infobulle = f"{self._infobulle}|{attributs['style']}"

    def handle_data(self, data: str) -> None:
        self._texte += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.tableaux[-1].rangees[-1].append((self._texte, self._infobulle))
        if tag == "caption":
            self.tableaux[-1].legende = self._texte
        if tag == "h3":
            self.titre = self._texte


def tableaux(html: str) -> list[Tableau]:
    lecteur = _Lecteur()
    lecteur.feed(html)
    return lecteur.tableaux


def texte(html: str) -> str:
    """What is read of an HTML piece, its titles under the pointer included."""
    titres = " ".join(re.findall(r'title="([^"]*)"', html))
    return unescape(f"{re.sub(r'<[^>]+>', ' ', html)} {titres}")
