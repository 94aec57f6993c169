"""Whole numbers that add up: shares of a total by largest remainder, in exact arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Entiers = npt.NDArray[Any]  # whole numbers: int64, or Python's own where 64 bits would not hold the products


def share_out(total: int, poids: Entiers, capacite: Entiers | None = None) -> npt.NDArray[np.int64]:
    """`total` units shared in proportion to `poids` (≥ 0, not all 0), by largest remainder.

    At equal remainders the larger weight comes first, then the lower index: the caller orders its cells. A cell that
    has reached its `capacite` (none: no limit) takes no unit of the remainder. Without a limit, or when the quota of a
    cell is less than its capacity plus one, the parts add up to `total`.
    """
    somme = poids.sum()
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
