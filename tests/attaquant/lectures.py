"""What is read of a page or of a document, and what is sent for it: two of them set side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

from streamlit.testing.v1 import AppTest

from mel_core.secret.bail import SALLE
from tests.marcheur.gestes import feuilles_de

BASE = SALLE.regle.base
CADRE = "ici_salle"
NOMS: set[bytes] = set()  # of the stores that are read
BALISES = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]+>", re.DOTALL)
_TITRES = re.compile(r'\b(?:title|aria-label|alt)="([^"]*)"')
_LUES = ("titre", "lecture", "etat", "retour", "reserve", "reponse", "libelle", "raison", "question")


def mots(essai: AppTest) -> str:
    """The words of a page: its sentences, tables and labels, the texts of its pictures; not what is drawn in them."""
    return " ".join(m for enfant in feuilles_de(essai._tree) if not _est_du_cadre(enfant) for m in _mots(enfant))


def _est_du_cadre(enfant: Any) -> bool:
    """The sequence of the day goes with every page: read once, as a screen of its own."""
    return enfant.type == "bidi_component" and enfant.proto.component_name == CADRE


def cadre(essai: AppTest) -> tuple[str, tuple[bytes, ...]]:
    """What it says, and what is sent for it."""
    siens = [x for x in feuilles_de(essai._tree) if _est_du_cadre(x)]
    return " ".join(m for x in siens for m in _mots(x)), tuple(_octets(x) for x in siens)


def _octets(enfant: Any) -> bytes:
    return neutre(enfant.proto.SerializeToString(deterministic=True))


def _mots(enfant: Any) -> Iterator[str]:
    if enfant.type == "html":
        corps = enfant.proto.body
        yield BALISES.sub(" ", corps)
        yield from _TITRES.findall(corps)
    elif enfant.type == "bidi_component":
        yield from _du_json(json.loads(enfant.proto.bytes or b"{}"))
    elif enfant.type in ("markdown", "caption", "code", "heading", "title", "subheader", "error", "warning", "info"):
        yield str(enfant.value)
    elif enfant.type == "table":  # it shows all that it holds; a grid has its real table beside
        yield enfant.value.to_string()
    elif hasattr(enfant, "options"):
        yield " ".join(map(str, enfant.options))
    else:
        yield getattr(enfant.proto, "label", "")


def _du_json(dit: Any) -> Iterator[str]:
    if isinstance(dit, dict):
        for cle, valeur in dit.items():
            if cle in _LUES and isinstance(valeur, str):
                yield BALISES.sub(" ", valeur)
            yield from _du_json(valeur)
    elif isinstance(dit, list):
        for valeur in dit:
            yield from _du_json(valeur)


def envoye(essai: AppTest) -> list[bytes]:
    """Every message of the page, to the byte, but what names the store and the instant."""
    return [_octets(x) for x in feuilles_de(essai._tree) if x.proto is not None and not _est_du_cadre(x)]


def neutre(octets: bytes) -> bytes:
    for nom in sorted(NOMS, key=len, reverse=True):
        octets = octets.replace(nom, b"#" * len(nom))
    for motif, tu in _INSTANTS:
        octets = motif.sub(tu, octets)
    return octets


_ESPACE = rb"(?:\s|\xc2\xa0|\xe2\x80\xaf)?"
_INSTANTS = (
    (re.compile(rb"\b[0-9a-f]{32,64}\b"), b"#"),  # a link of the journal, a form
    (re.compile(rb'data-debut="\d+"'), b""),  # of the timer
    (re.compile(rb'\n\x05[0-9a-f]{5}"'), b""),  # what pandas names each style sheet
    (re.compile(rb"\d\d" + _ESPACE + b"[h:]" + _ESPACE + rb"\d\d"), b"##:##"),
)


def neutre_mots(dits: str) -> str:
    """Without what names a publication or a link of the journal."""
    return re.sub(r"\s+", " ", re.sub(r"\b(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b", "#", neutre(dits.encode()).decode()))


def graphique(xml: str) -> str:
    """What a chart of a document says: names, and the figures that its labels show, in their format."""
    dits = [v for cache in _NOMS_DITS.findall(xml) for v in _VALEURS.findall(cache)]
    for code, cache in _NOMBRES_DITS.findall(xml):
        decimales = len(code.rstrip(" %").partition(".")[2])
        for v in map(float, _VALEURS.findall(cache)):
            dit = f"{100 * v:.{decimales}f} %" if "%" in code else f"{v:.{decimales}f}"
            dits.append(dit.replace(".", ","))
    return " ".join(dits)


_VALEURS = re.compile(r"<c:v>([^<]*)</c:v>")
_NOMS_DITS = re.compile(r"<c:strCache>(.*?)</c:strCache>", re.DOTALL)
_NOMBRES_DITS = re.compile(r"<c:numCache>\s*<c:formatCode>([^<]*)</c:formatCode>(.*?)</c:numCache>", re.DOTALL)


@dataclass(frozen=True)
class Lu:
    """Of a store: the words of a screen in Salle, what is sent, and the words at the desk of a co-pilot."""

    dossier: str
    mots: str
    envois: tuple[bytes, ...]
    exacts: str


def fautes(lus: Sequence[Lu]) -> tuple[int, list[str]]:
    """How many pairs of stores read the same in Salle and not at the desk; what is then sent that is not the same."""
    n, dites = 0, []
    for un, autre in combinations(lus, 2):
        if un.mots != autre.mots:
            continue
        n += un.exacts != autre.exacts
        if un.envois != autre.envois:
            dites.append(f"{un.dossier}, {autre.dossier} : {_ecart(un.envois, autre.envois)}")
    return n, dites


def _ecart(un: Sequence[bytes], autre: Sequence[bytes]) -> str:
    """The first of what is sent that differs, from a little before."""
    if len(un) != len(autre):
        return f"{len(un)} envois, {len(autre)}"
    a, b = next((x, y) for x, y in zip(un, autre, strict=True) if x != y)
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return f"…{a[max(0, i - 120) : i + 40]!r} / …{b[max(0, i - 20) : i + 40]!r}"


_NOMBRE = re.compile(r"(?<![A-Za-zÀ-ÿ0-9_.])(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:,\d+)?")
_DIT = re.compile(r"ou moins|%|mois|point|ans?\b")  # what may follow one that is no multiple of the base


def hors_regle(un: str, autre: str) -> set[str]:
    """The numbers that differ from one to the other and are not worded by the rule, with what follows them."""
    mots_un, mots_autre = (_NOMBRE.sub(_a_part, x).split() for x in (un, autre))
    trouves = set()
    for geste, i, j, k, fin in SequenceMatcher(None, mots_un, mots_autre, autojunk=False).get_opcodes():
        if geste != "equal":
            for mots_lus, debut, apres in ((mots_un, i, j), (mots_autre, k, fin)):
                for rang in range(debut, apres):
                    suite = " ".join(mots_lus[rang + 1 : rang + 5])
                    if not _est_de_la_regle(mots_lus[rang], suite):
                        trouves.add(" ".join(f"{mots_lus[rang]} {suite}".split())[:60])
    return trouves


def _a_part(nombre: re.Match[str]) -> str:
    return f" {nombre[0].replace(' ', '')} "


def _est_de_la_regle(mot: str, suite: str) -> bool:
    chiffres = re.sub(r"\D", "", mot.split(",")[0])
    if not _NOMBRE.fullmatch(mot) or not chiffres:
        return True
    dit = _DIT.match(suite.strip())
    if "," in mot:  # a tension, a median: never a share
        return dit is None or dit[0] != "%"
    return int(chiffres) % BASE == 0 or dit is not None
