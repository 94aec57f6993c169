"""What a page says: every text that a person can read of it, each with where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from typing import Any

import pyarrow as pa
from streamlit.proto.Block_pb2 import Block
from streamlit.testing.v1 import AppTest

_CLE = re.compile(r"^\$\$ID-[0-9a-f]+-(.+)$")
_NON_LUS = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_ATTRIBUTS = re.compile(r'\b(?:title|aria-label|alt|placeholder)="([^"]*)"')
# What our own components write: texts under these keys, those of their levers, then those of their figures.
_CLES_LUES = (
    *(
        "titre",
        "lecture",
        "etat",
        "retour",
        "libelle",
        "reserve",
        "reponse",
        "unite",
        "dits",
        "raison",
        "question",
        "avis",
    ),
    *("text", "customdata", "ticktext", "name"),
)


_SANS_NOM = "__index_level"  # an index, which a table alone shows
N_MOTS = 3  # more of them are a sentence, wherever it stands
N_SUS = 20_000


@dataclass(frozen=True)
class Texte:
    """`zone`: key of the container; `genre`: html, libelle, option, alerte, code, cellule, image…"""

    zone: str
    genre: str
    dit: str
    refus: bool = False


_SUS: dict[tuple[str, str, bytes], tuple[Texte, ...]] = {}


def textes(essai: AppTest) -> list[Texte]:
    return [t for t in _du_bloc(essai._tree, "") if t.dit]


def _du_bloc(bloc: Any, zone: str) -> Iterator[Texte]:
    for enfant in bloc.children.values():
        trouvee = _CLE.match(getattr(enfant.proto, "id", "") or "") if enfant.proto is not None else None
        ici = trouvee[1] if trouvee else zone
        if hasattr(enfant, "children"):
            dit = enfant.proto.popover if isinstance(enfant.proto, Block) else enfant.proto
            yield from (Texte(ici, "libelle", getattr(dit, champ, "")) for champ in ("label", "title", "help"))
            yield from _du_bloc(enfant, ici)
        else:
            yield from _du_message(enfant, ici)


def _du_message(enfant: Any, zone: str) -> tuple[Texte, ...]:
    """Most of a page is as it was before: what the same message says is read once."""
    cle = zone, enfant.type, sha256(enfant.proto.SerializeToString()).digest()
    if cle not in _SUS:
        if len(_SUS) > N_SUS:
            _SUS.clear()
        _SUS[cle] = tuple(_de(enfant, zone))
    return _SUS[cle]


def _de(enfant: Any, zone: str) -> Iterator[Texte]:
    match enfant.type:
        case "html":
            if zone != "style":
                yield from _du_html(enfant.proto.body, zone)
        case "error" | "warning":
            yield Texte(zone, "alerte", enfant.value, refus=enfant.type == "error")
        case (
            "markdown"
            | "caption"
            | "text"
            | "heading"
            | "title"
            | "header"
            | "subheader"
            | "info"
            | "success"
            | "toast"
        ):
            yield from _du_html(str(enfant.value), zone)
        case "code":
            yield Texte(zone, "code", enfant.value)
        case "bidi_component":
            yield from (Texte(zone, "image", t) for t in _du_json(json.loads(enfant.proto.bytes or b"{}"), lu=False))
        case "deck_gl_json_chart":
            noms = (c["data"] for c in json.loads(enfant.proto.json)["layers"] if c["id"] == "noms")
            yield from (Texte(zone, "image", nom["dit"]) for data in noms for nom in data)
        case "dataframe" | "table":
            yield from (Texte(zone, "cellule", t) for t in _de_la_grille(enfant))
        case "exception":
            return  # `AppTest.exception` says them
        case _:
            yield Texte(zone, "libelle", getattr(enfant, "label", "") or getattr(enfant.proto, "label", ""))
            yield Texte(zone, "libelle", getattr(enfant.proto, "help", ""))
            yield Texte(zone, "libelle", getattr(enfant.proto, "placeholder", ""))
            for option in getattr(enfant, "options", ()):
                yield Texte(zone, "option", str(option))


def _du_html(html: str, zone: str) -> Iterator[Texte]:
    html = _NON_LUS.sub(" ", html)
    refus = 'class="refus"' in html
    for code in re.findall(r"<code\b.*?</code>", html, re.DOTALL):
        yield Texte(zone, "code", _nu(code))
    html = re.sub(r"<code\b.*?</code>", "·", html, flags=re.DOTALL)
    yield Texte(zone, "html", _nu(html), refus)
    for attribut in _ATTRIBUTS.findall(html):
        yield Texte(zone, "html", unescape(attribut))


def _nu(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def _du_json(contenu: Any, lu: bool) -> Iterator[str]:
    if isinstance(contenu, str):
        if lu or len(contenu.split()) > N_MOTS:
            yield _nu(contenu)
    elif isinstance(contenu, dict):
        for cle, valeur in contenu.items():
            if cle not in ("template", "cle"):  # of every figure, of every lever: they say nothing
                yield from _du_json(valeur, lu=lu or cle in _CLES_LUES)
    elif isinstance(contenu, list):
        for valeur in contenu:
            yield from _du_json(valeur, lu)


def _de_la_grille(grille: Any) -> Iterator[str]:
    """Cells as they are written, each once, headers first, with what is said of them."""
    reglages = json.loads(getattr(grille.proto, "columns", "") or "{}").values()
    yield from (str(r[c]) for r in reglages if r for c in ("label", "help") if r.get(c))
    dites = grille.proto.arrow_data if grille.proto.HasField("arrow_data") else grille.proto
    est_habillee = bool(dites.styler.display_values)
    with pa.ipc.open_stream(dites.styler.display_values if est_habillee else dites.data) as flux:
        ecrite = flux.read_all()
    with pa.ipc.open_stream(dites.data) as flux:
        yield from (nom for nom in flux.schema.names if not nom.startswith(_SANS_NOM))
    for nom, colonne in zip(ecrite.column_names, ecrite.columns, strict=True):
        est_texte = pa.types.is_string(colonne.type) or pa.types.is_large_string(colonne.type)
        if (est_habillee or est_texte) and (grille.type == "table" or not nom.startswith(_SANS_NOM)):
            yield from map(
                str, colonne.unique().to_pylist() if est_habillee else colonne.drop_null().unique().to_pylist()
            )
