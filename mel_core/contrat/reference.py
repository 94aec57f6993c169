"""Embedded facts (`data/reference/`), each file with its source and vintage in the folder's README."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from mel_core.contrat.proches import fold

DOSSIER = Path(__file__).resolve().parents[2] / "data" / "reference"


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
