"""Embedded facts (`data/reference/`), each file with its source and vintage in the folder's README."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DOSSIER = Path(__file__).resolve().parents[2] / "data" / "reference"


@dataclass(frozen=True)
class Commune:
    """A commune of the Métropole. `depuis` is empty for the 85 that were members before 2017."""

    code_insee: str
    nom: str
    territoire: str
    ici: str
    depuis: date | None
    population: int


@cache
def communes() -> dict[str, Commune]:
    """The 95 communes of the official perimeter, by INSEE code."""
    with (DOSSIER / "communes.csv").open(encoding="utf-8", newline="") as fichier:
        return {
            ligne["code_insee"]: Commune(
                ligne["code_insee"],
                ligne["nom"],
                ligne["territoire"],
                ligne["ici"],
                date.fromisoformat(ligne["depuis"]) if ligne["depuis"] else None,
                int(ligne["population"]),
            )
            for ligne in csv.DictReader(fichier)
        }
