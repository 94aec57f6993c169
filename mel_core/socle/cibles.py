"""The objective of a cell of the contract (§4): a share, or a number of attributions a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mel_core.socle import langue

_MOIS_JUGES = 12


def est_en_nombre(cellule: Mapping[Any, Any] | pd.Series) -> bool:
    """Whether a cell is judged on a number of attributions: it has a share and an objective, and no gap in points
    (contract §1). False where no share is said, for nothing is compared there."""
    sus = (cellule.get("cible"), cellule.get("part"))
    if not all(pd.notna(x) for x in sus) or "ecart_points" not in cellule:
        return False
    mois = cellule.get("mois_couverts")
    if mois is not None and pd.notna(mois) and mois < _MOIS_JUGES:  # part of a year has no gap at all
        return float(cellule["cible"]) > 1
    return bool(pd.isna(cellule["ecart_points"]))


def objectif_dit(cellule: Mapping[Any, Any] | pd.Series) -> str:
    """The objective of a cell that has one: see `valeur_dite`."""
    return valeur_dite(float(cellule["cible"]), est_un_nombre=est_en_nombre(cellule))


def valeur_dite(valeur: float, *, est_un_nombre: bool) -> str:
    """`45 %`, or `280 par an` for a number of attributions."""
    return f"{langue.nombre(valeur)} par an" if est_un_nombre else langue.part(valeur)
