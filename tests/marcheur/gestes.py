"""What a person can do to a page: what can be played of it, and the values that it may be given, hostile ones too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from streamlit.proto.Block_pb2 import Block
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1.element_tree import SelectSlider

JOUABLES = (
    *(
        "button",
        "download_button",
        "checkbox",
        "date_input",
        "number_input",
        "selectbox",
        "button_group",
        "multiselect",
    ),
    *("radio", "select_slider", "slider", "text_input", "text_area", "toggle", "file_uploader", "bidi_component"),
)
HOSTILES = (
    *(
        "",
        " ",
        "Réserver un T2 sur trois",
        "<b>x</b><script>alert(1)</script>",
        "=1+1",
        "'; drop table x; --",
        "é" * 3000,
    ),
    *("{0} %s {x}", "$x$ _a_ **b** `c`", "ligne\nautre\tsuite", "12,5", "-1", "1e308", "２", "😀", "\u202eabc", "0"),
)


@dataclass(frozen=True)
class Volet:
    """A popover or tabs whose opening runs the page again; AppTest has no way to open them."""

    type: str
    id: str
    label: str
    options: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.label

    def jouer(self, tenu: bool | str | None, choisir: Callable[[list[str]], str]) -> bool | str:
        return choisir(list(self.options)) if self.options else not tenu


def playable(arbre: Any) -> list[Any]:
    feuilles = (w for w in _feuilles(arbre) if w.type in JOUABLES and not getattr(w.proto, "disabled", False))
    return [*feuilles, *_volets(arbre)]


def _volets(bloc: Any) -> Iterator[Volet]:
    for enfant in bloc.children.values():
        if hasattr(enfant, "children"):
            dit = enfant.proto
            if isinstance(dit, Block) and dit.popover.id:
                yield Volet("popover", dit.popover.id, dit.popover.label)
            elif isinstance(dit, Block) and dit.tab_container.id:
                onglets = tuple(t.label for t in enfant.children.values() if getattr(t, "label", ""))
                yield Volet("tabs", dit.tab_container.id, " ".join(onglets), onglets)
            yield from _volets(enfant)


def _feuilles(bloc: Any) -> Iterator[Any]:
    for enfant in bloc.children.values():
        if hasattr(enfant, "children"):
            yield from _feuilles(enfant)
        else:
            yield enfant


def give(w: Any, tirer: Callable[[int], int], choisir: Callable[[list[str]], str]) -> str | None:
    """Give a widget a value as a person could; what it was, in words, or None when nothing can be done with it."""
    match w.type:
        case "button":
            w.click()
            return "clic"
        case "download_button":
            w.click()
            return "téléchargement"
        case "checkbox" | "toggle":
            w.set_value(not w.value)
            return str(w.value)
        case "selectbox" | "radio":
            if not w.options:
                return None
            choisi = choisir(w.options)
            w.set_value(choisi)
            return choisi
        case "select_slider":
            w.__class__ = _Curseur
            w.dit = w.options[tirer(len(w.options))]
            return str(w.dit)
        case "button_group" | "multiselect":
            if not w.options:
                return None
            if w.type == "multiselect" or not w._is_single_select:
                # Nothing, all of them, one of them, some of them.
                parts = (0, 1, None, 1 / 3)
                part = parts[tirer(len(parts))]
                choisis = [choisir(w.options)] if part is None else [o for o in w.options if tirer(99) < 99 * part]
                w.set_value(choisis[: getattr(w, "max_selections", 0) or None])
                return str(choisis)
            choisi = choisir(w.options)
            w.set_value(choisi)
            return choisi
        case "date_input":
            jours = (None, w.min, w.max, date(2017, 9, 30), date.today())
            jour = jours[tirer(len(jours))]
            w.set_value(min(max(jour, w.min), w.max) if jour else None)
            return str(jour)
        case "number_input":
            bas, haut = w.min if w.min is not None else -1000, w.max if w.max is not None else 1000
            nombres = (None, bas, haut, bas + (haut - bas) * tirer(101) / 100)
            tape = nombres[tirer(len(nombres))]
            entier = isinstance(w.value, int) or float(w.step or 1).is_integer()
            w.set_value(int(tape) if tape is not None and entier else tape)
            return str(tape)
        case "slider":
            n = round((w.max - w.min) / w.step) if w.step else 0
            rangs = (0, n, tirer(n + 1))
            w.set_value(w.min + rangs[tirer(3)] * w.step)
            return str(w.value)
        case "text_input" | "text_area":
            texte = choisir(list(HOSTILES)) if tirer(2) else "Réserver un T2 sur trois"
            w.set_value(texte[: w.proto.max_chars or None])
            return repr(texte[:40])
        case "file_uploader":
            nom = choisir(list(FICHIERS))
            contenu = FICHIERS[nom]
            w.set_value((nom, contenu, "application/octet-stream"))
            return nom
        case _:
            return None


class _Curseur(SelectSlider[Any]):
    """A slider moved to one of its labels, as a browser sends it; AppTest only takes the value behind the label."""

    dit: str

    @property
    def _widget_state(self) -> WidgetState:
        etat = WidgetState(id=self.id)
        etat.string_array_value.data[:] = [self.dit]
        return etat


# Codes that nobody knows, a state spelt otherwise: questions are asked.
DEMANDES = """numero_unique;date_creation;etat;n_personnes;motif;typologies
999000000000000001;2014-01-01;En cours;2;divorce;T2
999000000000000002;2017-01-01;ACTIVE;2;99;T2|T9
"""


def _archives() -> dict[str, bytes]:
    """Files that a person may give by mistake, or to harm."""
    import io
    import zipfile

    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("bailleurs.csv", "code_bailleur;nom\nB1;Bailleur d’essai\n")
        archive.writestr("attributions.csv", "id_attribution;numero_unique\nA1;9990001\n")
    bon = tampon.getvalue()
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("../bailleurs.csv", "code_bailleur;nom\nB1;x\n")
    return {
        "jeu.zip": bon,
        "coupe.zip": bon[: len(bon) // 2],
        "remonte.zip": tampon.getvalue(),
        "papier.xlsx": b"%PDF-1.7 rien",
        "vide.csv": b"",
        "bailleurs.csv": b"code_bailleur;nom\nB1;Essai\nB1;Autre\n;Sans code\n",
        "residences.csv": b"code_residence;code_insee\n",
        "attributions.csv": b"id;mauvais\nentetes\n",
        "photo.png": b"\x89PNG\r\n\x1a\n",
        "illisible.csv": b"\xff\xfe\x00bizarre",
        "demandes.csv": DEMANDES.encode(),
        "entetes.csv": b"N\xc2\xb0 unique;Etat de la demande\n1;Active\n",
    }


FICHIERS = _archives()
