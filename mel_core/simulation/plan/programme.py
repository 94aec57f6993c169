"""A linear program in whole numbers, handed to HiGHS: by SciPy, or kept open from a solve to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack

Bornes = tuple[float | None, float | None]
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

    def solve(self, couts: Reels | None = None) -> npt.NDArray[np.int64]:
        """The least cost, proved to less than half a unit: exact for what costs 1 when the rest costs less.

        Raises `SansSolution` when no whole numbers answer.
        """
        if len(self.couts) == 0:
            if (self.bas > 0).any() or (self.haut < 0).any():
                raise SansSolution
            return np.zeros(0, dtype=np.int64)
        # Nearly always the optimum in real numbers is whole already, and is then that of whole numbers too: branching,
        # several times longer, is for when it is not.
        relache = self._milp(couts, 0)
        x = relache.x
        if np.abs(x - np.rint(x)).max() > _ENTIER:
            x = self._milp(couts, 1, ecart=_MOINS_DE_LA_MOITIE / max(1.0, abs(relache.fun))).x
        return np.rint(x).astype(np.int64)

    def couts_relaches(self, rangs: Sequence[int], essais: Iterable[Sequence[Bornes]]) -> Iterator[float | None]:
        """The least cost when variables need not be whole, once for each of the `essais`: other bounds of the rows
        `rangs`. None where nothing answers.

        Each solve starts from where the last one ended: one that asks little more takes a few steps, not all of them.
        """
        if len(self.couts) == 0:
            yield from (None if any((b or 0) > 0 or (h or 0) < 0 for b, h in bornes) else 0.0 for bornes in essais)
            return
        highs = open_highs(self.couts, self.plafonds, _sort(self.lignes), self.bas, self.haut)
        rangees = np.array(rangs, dtype=np.int32)
        for bornes in essais:
            bas = np.array([-INFINI if b is None else b for b, _ in bornes])
            haut = np.array([INFINI if h is None else h for _, h in bornes])
            highs.changeRowsBounds(len(rangees), rangees, bas, haut)
            yield float(highs.getObjectiveValue()) if solve_highs(highs) else None

    def _milp(self, couts: Reels | None, entiers: int, ecart: float = 0.0) -> Any:
        # Half a second of import that only a plan pays.
        from scipy.optimize import Bounds, LinearConstraint, milp

        resultat = milp(
            self.couts if couts is None else couts,
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


def open_highs(couts: Reels, plafonds: Reels, lignes: Any, bas: Reels, haut: Reels) -> Any:
    """The solver (`highspy.Highs`) of: least `couts` · x, with 0 ≤ x ≤ `plafonds` and `bas` ≤ `lignes` · x ≤ `haut`.

    Kept open, so that each solve starts from where the last one ended: SciPy hands a program over whole, and forgets.
    `lignes`: compressed by row (SciPy's csr), one row per constraint. Infinite bounds are no bounds.
    """
    # An import that only what solves something pays.
    from highspy import Highs, HighsLp, MatrixFormat

    class Muet(Highs):  # type: ignore[misc]
        """Says nothing: turning callbacks on would print a banner among the answers of a command."""

        def enableCallbacks(self) -> None:
            self.silent()

    programme = HighsLp()
    programme.num_row_, programme.num_col_ = lignes.shape
    programme.col_cost_ = couts
    programme.col_lower_, programme.col_upper_ = np.zeros(len(plafonds)), plafonds
    programme.row_lower_, programme.row_upper_ = bas, haut
    programme.a_matrix_.format_ = MatrixFormat.kRowwise
    programme.a_matrix_.start_ = lignes.indptr
    programme.a_matrix_.index_ = lignes.indices
    programme.a_matrix_.value_ = lignes.data
    highs = Muet()
    highs.passModel(programme)
    return highs


def solve_highs(highs: Any) -> bool:
    """Whether it found the least cost; false when nothing answers every row."""
    highs.run()
    return bool(highs.modelStatusToString(highs.getModelStatus()) == "Optimal")
