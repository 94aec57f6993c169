"""Whole numbers that add up: shares of a total by largest remainder, and the attributions expected within a horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.socle.erreurs import AppelIncorrect

SEMESTRES_PAR_AN = 2
HORIZON_MAX = 20
Entiers = npt.NDArray[Any]  # whole numbers: int64, or Python's own where 64 bits would not hold the products


def share_out(total: int, poids: Entiers, capacite: Entiers | None = None) -> npt.NDArray[np.int64]:
    """`total` units shared in proportion to `poids` (≥ 0; nothing when all are 0), by largest remainder.

    At equal remainders the larger weight comes first, then the lower index: the caller orders its cells. A cell that
    has reached its `capacite` (none: no limit) takes no unit of the remainder. Without a limit, or when the quota of a
    cell is less than its capacity plus one, the parts add up to `total`.
    """
    somme = poids.sum()
    if somme == 0:
        return np.zeros(len(poids), dtype=np.int64)
    produits = total * poids
    parts = produits // somme
    manque = total - int(parts.sum())
    if manque > 0:
        restes = produits - parts * somme
        ouvertes = poids > 0
        if capacite is not None:
            ouvertes &= parts < capacite
        candidates = np.flatnonzero(ouvertes)
        # A stable sort on both keys: the index settles what is left. Object arrays have no lexsort.
        ordre = np.argsort(-poids[candidates], kind="stable")
        ordre = ordre[np.argsort(-restes[candidates][ordre], kind="stable")]
        parts[candidates[ordre[:manque]]] += 1
    return np.asarray(parts, dtype=np.int64)


def share_out_par_groupe(totaux: Entiers, poids: Entiers, groupes: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """`share_out` without a capacity, in each group at once: `totaux[g]` units among the rows whose `groupes` is g.

    A group whose weights are all 0 shares nothing out. When no total exceeds the weights, no part exceeds its own.
    """
    sommes = np.zeros(len(totaux), dtype=np.int64)
    np.add.at(sommes, groupes, poids)
    produits = totaux[groupes] * poids
    diviseurs = np.maximum(sommes, 1)[groupes]
    parts, restes = np.divmod(produits, diviseurs)
    donnes = np.zeros(len(totaux), dtype=np.int64)
    np.add.at(donnes, groupes, parts)
    manques = np.where(sommes > 0, totaux - donnes, 0)
    ordre = np.lexsort((np.arange(len(poids)), -poids, -restes, groupes))
    debuts = np.searchsorted(groupes[ordre], np.arange(len(totaux)))
    rangs = np.arange(len(poids)) - debuts[groupes[ordre]]
    parts[ordre[rangs < manques[groupes[ordre]]]] += 1
    return np.asarray(parts, dtype=np.int64)


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
