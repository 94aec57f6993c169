"""What the command line answers about the scope of a page, and how each answer is to be written on it.

Figures are the JSON that `python -m mel_core indicateur …` prints, and nothing else. Only names of places are taken
from the product.
"""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.cli.rendu import en_json
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.indicateurs import compute
from mel_core.socle.langue import ABSENT, FINE
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.tableur import lignes

SEANCE = "2017S2"
Cellule = dict[str, Any]
INCONNUS = {"quartier": "Quartier inconnu", "residence": "Résidence inconnue"}


def entier(n: float | None) -> str:
    """`1 204`."""
    return ABSENT if n is None else f"{int(n):,}".replace(",", FINE)


def decimal(valeur: float | None, decimales: int = 1) -> str:
    """Half away from zero, of the number without its binary hair."""
    if valeur is None:
        return ABSENT
    arrondie = Decimal(repr(round(float(valeur), 9))).quantize(Decimal(1).scaleb(-decimales), ROUND_HALF_UP)
    texte = f"{arrondie:,}".replace(",", FINE).replace(".", ",").replace("-", "−")
    return texte.removeprefix("−") if not set(texte) & set("123456789") else texte


def pour_cent(part: float | None, decimales: int = 1) -> str:
    """A whole percentage is written whole."""
    if part is None:
        return ABSENT
    return f"{decimal(100 * part, 0 if abs(100 * part - round(100 * part)) < 1e-9 else decimales)}{FINE}%"


class Reponses:
    """The answers of one store. `ici` is that of the page, none for the whole Métropole."""

    def __init__(self, dossier: Path, ici: str | None) -> None:
        self.dossier, self.ici = dossier, ici
        self._entrepot = Entrepot(dossier)
        self.cellules = cache(self._cellules)

    def _cellules(self, nom: str, *par: str) -> list[Cellule]:
        quand = Seance.read(SEANCE)
        with self._entrepot.open(Portee.mel(), quand) as lecteur:
            cellules = compute(lecteur, nom, Periode.de(quand, "annee"), par, ici=self.ici)
        return json.loads(en_json(lignes(cellules)))

    @cached_property
    def lieux(self) -> dict[str, pd.DataFrame]:
        """Quartiers and résidences by code, with their `nom` and `commune`; `communes` by code, with their `nom`."""
        with self._entrepot.open(Portee.mel()) as lecteur:
            return {
                "communes": perimetre.communes(lecteur).set_index("commune"),
                "quartier": perimetre.quartiers(lecteur).set_index("code"),
                "residence": perimetre.residences(lecteur).set_index("code"),
            }

    def name(self, coupe: str, cellule: Cellule) -> str:
        """A quartier or a résidence as it is called."""
        if cellule[coupe] == "inconnu":
            return INCONNUS[coupe]
        lieu = self.lieux[coupe].loc[cellule[coupe]]
        nom = lieu["nom"] if pd.notna(lieu["nom"]) else cellule[coupe]
        commune = self.lieux["communes"]["nom"].get(lieu["commune"], "")
        return nom if not commune or commune in nom else f"{nom} ({commune})"
