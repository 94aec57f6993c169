"""The objective of a cell of the contract (§4): a share, or a number of attributions a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mel_core.socle import langue


def est_en_nombre(cellule: Mapping[Any, Any] | pd.Series) -> bool:
    """Whether a cell is judged on a number of attributions: it has a share and an objective, and no gap in points
    (contract §1). False where no share is said, for nothing is compared there."""
    sus = (cellule.get("cible"), cellule.get("part"))
    return all(pd.notna(x) for x in sus) and "ecart_points" in cellule and bool(pd.isna(cellule["ecart_points"]))


def objectif_dit(cellule: Mapping[Any, Any] | pd.Series) -> str:
    """The objective of a cell that has one: see `valeur_dite`."""
    return valeur_dite(float(cellule["cible"]), est_un_nombre=est_en_nombre(cellule))


def valeur_dite(valeur: float, *, est_un_nombre: bool) -> str:
    """`45 %`, or `280 par an` for a number of attributions."""
    return f"{langue.nombre(valeur)} par an" if est_un_nombre else langue.part(valeur)
