"""How many modest households among the lettings expected, for the target of a class to hold: whole numbers. Pure."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd

from mel_core.indicateurs.definitions import Sens
from mel_core.simulation.restes import partager

_PRECISION = 10**6  # lettings expected are shared out in millionths, so that weights are whole


def arrondir(attendues: float) -> int:
    """Whole lettings, half up; a hair of binary rounding is not half a dwelling."""
    return floor(attendues + 0.5 + 1e-9)


def viser(n: int, cible: Fraction, sens: Sens) -> int:
    """Modest households among `n` lettings of a class: at most (ceiling), at least (floor), or the nearest (band)."""
    if sens is Sens.PLAFOND:
        return floor(cible * n)
    return ceil(cible * n) if sens is Sens.PLANCHER else floor(cible * n + Fraction(1, 2))


def partager_la_classe(residences: pd.DataFrame, cible: Fraction | None, sens: Sens | None) -> pd.DataFrame:
    """The whole lettings of one class, and the modest households that its target calls for, down to each résidence.

    `residences`: `quartier`, `attendues` (0 or more, known), `part_occupants`. By largest remainder, from the class to
    its quartiers and from each to its résidences: the parts add up at each level, and a quartier of a single letting
    has its place in the whole. A unit left goes to where modest occupants are the fewest. The index of `residences`,
    with `n_attendues` and `n_modestes` (empty without a target).
    """
    quartiers = residences.groupby("quartier", sort=True).agg(
        attendues=("attendues", "sum"), part_occupants=("part_occupants", "mean")
    )
    total = arrondir(quartiers["attendues"].sum())
    vises = None if cible is None or sens is None else viser(total, cible, sens)
    quartiers = _partager(quartiers, total, vises)
    morceaux = [
        _partager(siennes, int(quartiers.at[quartier, "n_attendues"]), _entier(quartiers.at[quartier, "n_modestes"]))
        for quartier, siennes in residences.groupby("quartier", sort=True)
    ]
    return pd.concat(morceaux)[["n_attendues", "n_modestes"]].reindex(residences.index)


def _entier(valeur: object) -> int | None:
    return None if pd.isna(valeur) else int(valeur)  # type: ignore[call-overload]


def _partager(lieux: pd.DataFrame, total: int, modestes: int | None) -> pd.DataFrame:
    """`lieux` with its part of `total` and of `modestes`."""
    ordonnes = lieux.assign(ordre=lieux["part_occupants"].fillna(1.0)).sort_values("ordre", kind="stable")
    poids = np.array([round(v * _PRECISION) for v in ordonnes["attendues"]], dtype=object)
    n = _parts(total, poids)
    m = pd.array([pd.NA] * len(n) if modestes is None else _parts(modestes, n.astype(object)), dtype="Int64")
    return ordonnes.assign(n_attendues=pd.array(n, dtype="Int64"), n_modestes=m).drop(columns="ordre")


def _parts(total: int, poids: np.ndarray) -> np.ndarray:
    return partager(total, poids) if poids.sum() else np.zeros(len(poids), dtype=np.int64)
