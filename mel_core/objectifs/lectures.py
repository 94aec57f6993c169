"""What the 2017 presentation read in the attributions of 2015. The slide lost its layout: a reconstructed reading."""

from __future__ import annotations

import csv
from functools import cache

from mel_core.contrat.reference import DOSSIER


@cache
def lectures_2015(indicateur: str) -> dict[str, float]:
    """Share (0–1) of the whole Métropole in 2015 by class of fragilité; empty for an indicator that has none."""
    with (DOSSIER / "lectures_2015.csv").open(encoding="utf-8", newline="") as fichier:
        return {
            ligne["fragilite"]: float(ligne["part"])
            for ligne in csv.DictReader(fichier)
            if ligne["indicateur"] == indicateur
        }
