"""A linear program in whole numbers, handed to HiGHS by SciPy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack

Reels = npt.NDArray[np.float64]
INFINI = float("inf")
_ENTIER = 1e-6
_MOINS_DE_LA_MOITIE = 0.4


class SansSolution(Exception):
    """No whole numbers answer every row."""


@dataclass(frozen=True, eq=False)
class Programme:
    """Whole numbers x from 0 to `plafonds`, each costing `couts` a unit, with `bas` ≤ `lignes` · x ≤ `haut`."""

    couts: Reels
    plafonds: Reels
    lignes: csr_array
    bas: Reels
    haut: Reels

    def constrain(self, lignes: Any, bas: npt.ArrayLike, haut: npt.ArrayLike) -> Programme:
        """The same with more rows, one bound each."""
        bas, haut = (np.broadcast_to(np.asarray(b, dtype=np.float64), lignes.shape[0]) for b in (bas, haut))
        return replace(
            self,
            lignes=vstack([self.lignes, lignes], format="csr"),
            bas=np.concatenate([self.bas, bas]),
            haut=np.concatenate([self.haut, haut]),
        )

    def solve(self) -> npt.NDArray[np.int64]:
        """The least cost, proved to less than half a unit: exact for what costs 1 when the rest costs less.

        Raises `SansSolution` when no whole numbers answer.
        """
        # Nearly always the optimum in real numbers is whole already, and is then that of whole numbers too: branching,
        # several times longer, is for when it is not.
        relache = self._milp()
        x = relache.x
        if (np.abs(x - np.rint(x)) > _ENTIER).any():
            x = self._milp(1, _MOINS_DE_LA_MOITIE / max(1.0, abs(relache.fun))).x
        return np.rint(x).astype(np.int64)

    def relaxed_cost(self) -> float | None:
        """The least cost when variables need not be whole; None where nothing answers."""
        try:
            return float(self._milp().fun)
        except SansSolution:
            return None

    def _milp(self, entiers: int = 0, ecart: float = 0.0) -> Any:
        # Half a second of import that only a plan pays.
        from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

        if len(self.couts) == 0:
            if (self.bas > 0).any() or (self.haut < 0).any():
                raise SansSolution
            return OptimizeResult(x=np.zeros(0), fun=0.0)
        resultat = milp(
            self.couts,
            integrality=entiers,
            bounds=Bounds(0, self.plafonds),
            constraints=[LinearConstraint(_sort(self.lignes), self.bas, self.haut)] if len(self.bas) else [],
            options={"mip_rel_gap": ecart},
        )
        if resultat.x is None:
            raise SansSolution
        return resultat


def _sort(lignes: csr_array) -> csr_array:
    """The same rows, each in the order of its variables."""
    triees = lignes.copy()
    triees.eliminate_zeros()
    triees.sum_duplicates()
    return triees
