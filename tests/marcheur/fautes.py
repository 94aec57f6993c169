"""What a page never shows, whatever was done to it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mel_core.contrat.colonnes import Type
from mel_core.contrat.tables import TABLES
from pages.commun.emplacement import RACINE
from tests.marcheur.lus import Texte

INCIDENT = "Une erreur de l’application"
ANGLAIS = re.compile(
    r"\b(the|and|with|please|select|selected|choose|error|missing|value|values|is|was|were|not|of|your|you|this|that|"
    r"from|invalid|unknown|true|false|loading|failed|must|should|cannot|browse|search|results|submit|no|if|has|have|"
    r"click|button|warning|any|all|between|unexpected|expected|argument|usage|does|don't)\b",
    re.IGNORECASE,
)
VIDES = re.compile(r"(?<![\w’'])(nan|NaN|None|NaT|<NA>|inf|undefined|null|Infinity)(?![\w’'])")
SERPENT = re.compile(r"(?<![\w./-])(?<!-m )[a-z]+\d*(?:_[a-z0-9]+)+(?![\w(/])")
_CLASSES = {
    nom
    for dossier in ("mel_core", "pages")
    for module in (RACINE / dossier).rglob("*.py")
    for nom in re.findall(r"^class ([A-Z][a-z]+[A-Z]\w*)", module.read_text(encoding="utf-8"), re.MULTILINE)
}
CLASSES = re.compile(rf"\b(?:{'|'.join(sorted(_CLASSES))})\b")
CODE_LIEU = re.compile(r"(?<![\w,])59\d{3}(?:\d{4})?(?![\w,])")
# Codes that are words of nobody: two capitals words joined, or the SNE's own abbreviations.
_COURANTS = {
    "AUTRE",
    "AUTRES",
    "AUCUN",
    "HLM",
    "MEL",
    "PLAI",
    "PLUS",
    "PLS",
    "PROPOSITION",
    "VISITE",
    "DELAI",
    "ACTIVE",
}
_CODES = {
    valeur
    for table in TABLES.values()
    for colonne in table.colonnes
    if colonne.type is Type.CODE
    for valeur in colonne.valeurs
    if valeur.isupper() and len(valeur) > 3 and valeur not in _COURANTS
}
CODES = re.compile(rf"(?<![\w/])(?:{'|'.join(sorted(_CODES))})(?!\w)")
# A remedy names the column, the table or the lever to ask for, and a link what it asked, between quotation marks.
COLONNE = re.compile(r"\b(?:colonnes?|tables?|levier|n’apporte|Le lien demande)\b")
INFINITIF = re.compile(r"\b\w+(?:er|ir|re)\b", re.IGNORECASE)
# These pages speak of the columns and the codes of files, whose names they must give.
DE_FICHIERS = ("imports", "qualite")


@dataclass(frozen=True)
class Faute:
    """`nature` and `quoi` say what is wrong; `page`, `profil`, `magasin` where; `pas` how one came there."""

    nature: str
    quoi: str
    page: str
    profil: str
    magasin: str
    pas: tuple[str, ...] = field(compare=False)

    @property
    def signature(self) -> tuple[str, str, str]:
        """Two faults that look alike are told once."""
        return self.nature, self.page, re.sub(r"'[^']*'|\d+", "9", self.quoi)[:120]

    @property
    def dite(self) -> str:
        return f"{self.nature} : {self.quoi}"

    def __str__(self) -> str:
        chemin = "\n".join(f"      {p}" for p in self.pas)
        return f"[{self.nature}] {self.page} · {self.profil} · {self.magasin} : {self.quoi}\n{chemin}"


class Incidents(logging.Handler):
    """What the application logs of an incident: the type, and the last place in our code."""

    def __init__(self) -> None:
        super().__init__()
        self.dits: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        lignes = record.getMessage().splitlines()
        nous = [ligne for ligne in lignes[1:] if str(RACINE) in ligne and "site-packages" not in ligne]
        self.dits.append(f"{lignes[0].partition(' : ')[2]} {nous[-1].strip() if nous else ''}")


def of_texts(lus: Sequence[Texte], page: str) -> Iterator[tuple[str, str]]:
    """(nature, what) of each text that should not be there."""
    for texte in lus:
        yield from _of(texte, page in DE_FICHIERS)


@lru_cache(maxsize=50_000)
def _of(texte: Texte, est_de_fichiers: bool) -> tuple[tuple[str, str], ...]:
    dit, fautes = texte.dit, list[tuple[str, str]]()
    if INCIDENT in dit or texte.genre == "code":  # the first is told with its place, by `Incidents`
        return ()
    if vide := VIDES.search(dit):
        fautes.append(("vide", f"« {vide[0]} » dans « {around(dit, vide)} »"))
    mots = list(ANGLAIS.finditer(dit))
    if len({m[0].lower() for m in mots}) > 1 or (mots and len(dit.split()) < 6):
        fautes.append(("anglais", f"« {around(dit, mots[-1])} »"))
    for motif in () if est_de_fichiers else (SERPENT, CLASSES, CODES, CODE_LIEU):
        code = motif.search(dit)
        if code and not (COLONNE.search(dit) and dit[code.start() - 2 : code.start()] == "« "):
            fautes.append(("code", f"« {code[0]} » dans « {around(dit, code)} »"))
    if texte.refus and not (dit.endswith((".", "?")) and INFINITIF.search(dit)):
        fautes.append(("refus", f"ne dit pas quoi faire : « {dit[:200]} »"))
    return tuple(fautes)


def around(dit: str, trouve: re.Match[str]) -> str:
    return dit[max(0, trouve.start() - 50) : trouve.end() + 50]
