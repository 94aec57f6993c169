"""The attributions expected within a horizon: those of the last twelve months, at the pace that the scenario says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from mel_core.simulation.reorientation.restes import share_out
from mel_core.socle.erreurs import AppelIncorrect

SEMESTRES_PAR_AN = 2
HORIZON_MAX = 20


@dataclass(frozen=True)
class Attentes:
    """`attributions`: how many a year over the whole scope (None: as in the last twelve months); `horizon`: semesters.

    The defaults change nothing. Raises `AppelIncorrect` for a negative number or a horizon out of 1–20.
    """

    attributions: int | None = None
    horizon: int = SEMESTRES_PAR_AN

    def __post_init__(self) -> None:
        if self.attributions is not None and not 0 <= self.attributions <= 10**9:
            raise AppelIncorrect(
                f"« attributions_attendues » vaut {self.attributions} : donner un nombre par an, positif ou nul."
            )
        if not 1 <= self.horizon <= HORIZON_MAX:
            raise AppelIncorrect(
                f"« horizon » vaut {self.horizon} : donner un nombre de semestres entre 1 et {HORIZON_MAX}."
            )

    def facteur(self, n_an: int) -> Fraction:
        """By how much the counts of twelve months, `n_an` attributions in all, are multiplied."""
        if n_an == 0:
            return Fraction(0)
        par_an = n_an if self.attributions is None else self.attributions
        return Fraction(par_an, n_an) * Fraction(self.horizon, SEMESTRES_PAR_AN)


def expect(cellules: pd.DataFrame, attentes: Attentes) -> pd.DataFrame:
    """The same cells with the attributions that they expect: whole numbers, at the practice of the last twelve months.

    `cellules`: as in `reorient`, with `n` (all attributions, known or not) when there is one. `n_connus` and
    `numerateur` are multiplied by the factor of `attentes` and rounded by largest remainder, twice: over the classes of
    fragilité on both sides of the indicator, so that the share of a class is kept within a unit, then over the cells of
    each; what is not known of `n` likewise. Whatever the factor the sum is the rounded total; a factor of 1 changes
    nothing.
    """
    k = cellules["numerateur"].to_numpy(dtype=np.int64)
    n = cellules["n_connus"].to_numpy(dtype=np.int64)
    total = cellules["n"].to_numpy(dtype=np.int64) if "n" in cellules else n
    facteur = attentes.facteur(int(total.sum()))
    if facteur == 1:
        return cellules.copy()
    poids = np.concatenate([k, n - k]).astype(object)  # a horizon may make the products wide
    classes = np.array(cellules["fragilite"] if "fragilite" in cellules else [""] * len(k), dtype=object)
    groupes = [np.flatnonzero(classes == classe) for classe in sorted(set(classes))]
    groupes += [g + len(k) for g in groupes]  # the other side of the indicator
    attendus = _en_deux_temps(poids, groupes, facteur)
    k_attendu, reste = attendus[: len(k)], attendus[len(k) :]
    attendues = cellules.assign(numerateur=k_attendu, n_connus=k_attendu + reste)
    if "n" in cellules:
        inconnus = _en_deux_temps((total - n).astype(object), groupes[: len(groupes) // 2], facteur)
        attendues["n"] = attendues["n_connus"] + inconnus
    return attendues


def _en_deux_temps(poids: np.ndarray, groupes: Sequence[np.ndarray], facteur: Fraction) -> np.ndarray:
    """`poids` × `facteur` in whole numbers: the groups first, then the members of each."""
    attendus = np.zeros(len(poids), dtype=np.int64)
    sommes = np.array([int(poids[g].sum()) for g in groupes], dtype=object)
    voulu = int(sommes.sum() * facteur + Fraction(1, 2)) if len(groupes) else 0
    if voulu == 0:
        return attendus
    for groupe, part in zip(groupes, share_out(voulu, sommes), strict=True):
        if part > 0:
            attendus[groupe] = share_out(int(part), poids[groupe])
    return attendus
