"""Embedded facts (`data/reference/`), each file with its source and vintage in the folder's README; and the nearest
known names, for messages that help, never used to read anything."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

_RESSEMBLANCE = 0.6
_SANS_LIBELLE: Mapping[str, str] = {}
_LONGUEUR_COMPAREE = 60  # characters; a longer text is not the misspelling of a code


def fold(texte: str) -> str:
    """`N° Unique` and `n_unique` compare alike: no case, accents, spaces or signs; `œ` is `oe`."""
    decompose = unicodedata.normalize("NFKD", texte[:_LONGUEUR_COMPAREE].casefold().replace("œ", "oe"))
    return "".join(c for c in decompose if c.isalnum())


MOT_RESIDENCE = re.compile(r"^r[ée]s(?:\.|id(?:\.|ence)?)?\s+(?=\S)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(.+?)\s*\(\s*(les?|la|l['’])\s*\)$", re.IGNORECASE)


def fold_nom(nom: str) -> str:
    """The name of a résidence as it compares: « Rés. les Acacias » and « ACACIAS (LES) » are « Les Acacias »."""
    return fold(_ARTICLE.sub(r"\2 \1", MOT_RESIDENCE.sub("", nom.strip())))


def colonne_dite(entete: str) -> str:
    """The column that the words of a header say, which it may not look like, if they say one alone: « Ressources
    annuelles (RFR) » looks most like ressources_mensuelles, twelve times less."""
    mots = {fold(entete), *map(fold, re.split(r"[\W_]+", entete[:_LONGUEUR_COMPAREE]))}
    dites = {colonne for mot, colonne in bureaux()["mots"].items() if mot in mots}
    est_precisee = any(mot.isdigit() and len(mot) != len("2017") for mot in mots)
    return dites.pop() if len(dites) == 1 and not est_precisee else ""


def _est_dit(texte: str, connu: str) -> bool:
    """Whether one of the two is a header whose words say that the other is its column."""
    return colonne_dite(texte) == connu or colonne_dite(connu) == texte


def likeness(plie: str, autre: str, au_moins: float = 0.0) -> float:
    """Of two folded texts, from 0 to 1; 0 when a quicker count is less than `au_moins`."""
    comparees = SequenceMatcher(None, plie, autre)
    est_trop_peu = au_moins and min(comparees.real_quick_ratio(), comparees.quick_ratio()) < au_moins
    return 0.0 if est_trop_peu else comparees.ratio()


def plus_proches(
    texte: str, connus: Iterable[str], n: int = 3, libelles: Mapping[str, str] = _SANS_LIBELLE
) -> list[str]:
    """The `n` known names that look most like `texte`, by themselves or by their words, the nearest first, whatever the
    distance."""
    plie = fold(texte)

    def ressemble(connu: str) -> float:
        if _est_dit(texte, connu):
            return 1.0
        return max(likeness(plie, fold(dit)) for dit in {connu, libelles.get(connu, connu)})

    return sorted(connus, key=lambda connu: -ressemble(connu))[:n]


def serait_ce(texte: str, connus: Iterable[str]) -> str:
    """What a message adds about a name that is not known, when it looks like one that is."""
    ressemblante = proche(texte, connus)
    return f" (serait-ce « {ressemblante} » ?)" if ressemblante else ""


def proche(texte: str, connus: Iterable[str]) -> str | None:
    """The known name that `texte` looks like, if any does."""
    trouve = plus_proches(texte, connus, 1)
    est_proche = trouve and (_est_dit(texte, trouve[0]) or likeness(fold(texte), fold(trouve[0])) >= _RESSEMBLANCE)
    return trouve[0] if est_proche else None


DOSSIER = Path(__file__).resolve().parents[2] / "data" / "reference"


@cache
def bureaux() -> dict[str, Any]:
    """How offices write columns (`colonnes`, and `mots` of headers) and codes (`valeurs`): to propose, not to read."""
    return tomllib.loads((DOSSIER / "mots_des_bureaux.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Commune:
    """A commune of the Métropole. `depuis` is empty for the 85 that were members before 2017."""

    nom: str
    territoire: str
    ici: str
    depuis: date | None
    population: int


_ASSOCIEES = {"hellemmes": "59298", "lomme": "59355"}


@cache
def communes() -> dict[str, Commune]:
    """The 95 communes of the official perimeter, by INSEE code."""
    return {
        ligne["code_insee"]: Commune(
            ligne["nom"],
            ligne["territoire"],
            ligne["ici"],
            date.fromisoformat(ligne["depuis"]) if ligne["depuis"] else None,
            int(ligne["population"]),
        )
        for ligne in _read("communes.csv")
    }


@cache
def iris() -> dict[str, dict[str, str]]:
    """The IRIS, and the communes not cut into IRIS, by code: `nom`, `code_insee`, `population`."""
    return {ligne["code_iris"]: ligne for ligne in _read("iris.csv")}


def _read(nom: str) -> list[dict[str, str]]:
    with (DOSSIER / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


@cache
def codes_par_nom() -> dict[str, str]:
    """The code INSEE of a commune of the MEL by its name, folded, when it alone bears it; the two communes associées of
    Lille too."""
    noms = [(fold(commune.nom), code) for code, commune in communes().items()]
    uniques = Counter(nom for nom, _ in noms)
    return {nom: code for nom, code in noms if uniques[nom] == 1} | _ASSOCIEES
