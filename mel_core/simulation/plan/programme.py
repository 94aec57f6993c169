"""A linear program in whole numbers, row by row, handed to HiGHS: by SciPy, or kept open from a solve to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Bornes = tuple[float | None, float | None]
Indices = npt.NDArray[np.int64]
Reels = npt.NDArray[np.float64]
_INFINI = float("inf")
_ENTIER = 1e-6
_MOINS_DE_LA_MOITIE = 0.4


class SansSolution(Exception):
    """No whole numbers answer every row."""


@dataclass
class Programme:
    """Variables are whole numbers from 0 to a bound; rows are sums of some of them between two bounds."""

    _bornes: list[Reels] = field(default_factory=list)
    _couts: list[Reels] = field(default_factory=list)
    _n: int = 0
    _colonnes: list[Indices] = field(default_factory=list)
    _facteurs: list[Reels] = field(default_factory=list)
    _bas: list[float] = field(default_factory=list)
    _haut: list[float] = field(default_factory=list)

    def add(self, bornes: Sequence[float] | npt.NDArray[Any], cout: float) -> Indices:
        """New variables from 0 to `bornes`, each costing `cout` a unit; returns their places."""
        hauts = np.asarray(bornes, dtype=np.float64)
        places = np.arange(self._n, self._n + len(hauts), dtype=np.int64)
        self._bornes.append(hauts)
        self._couts.append(np.full(len(hauts), float(cout)))
        self._n += len(hauts)
        return places

    def constrain(
        self, termes: Sequence[tuple[Indices, float]], bas: float | None = None, haut: float | None = None
    ) -> None:
        """One row: `bas` ≤ the sum of the `termes` (places, factor) ≤ `haut`."""
        self._colonnes.append(np.concatenate([places for places, _ in termes]))
        self._facteurs.append(np.concatenate([np.full(len(places), facteur) for places, facteur in termes]))
        self._bas.append(-_INFINI if bas is None else bas)
        self._haut.append(_INFINI if haut is None else haut)

    def solve(self, couts: Reels | None = None) -> npt.NDArray[np.int64]:
        """The least cost, proved to less than half a unit: exact for what costs 1 when the rest costs less.

        Raises `SansSolution` when no whole numbers answer.
        """
        if self._n == 0:
            if any(b > 0 for b in self._bas) or any(h < 0 for h in self._haut):
                raise SansSolution
            return np.zeros(0, dtype=np.int64)
        # Nearly always the optimum in real numbers is whole already, and is then that of whole numbers too: branching,
        # several times longer, is for when it is not.
        relache = self._milp(couts, np.zeros(self._n))
        x = relache.x
        if np.abs(x - np.rint(x)).max() > _ENTIER:
            x = self._milp(couts, np.ones(self._n), ecart=_MOINS_DE_LA_MOITIE / max(1.0, abs(relache.fun))).x
        return np.rint(x).astype(np.int64)

    def couts_relaches(
        self, couts: Reels, rangs: Sequence[int], essais: Iterable[Sequence[Bornes]]
    ) -> Iterator[float | None]:
        """The least cost when variables need not be whole, once for each of the `essais`: other bounds of the rows
        `rangs`. None where nothing answers.

        Each solve starts from where the last one ended: one that asks little more takes a few steps, not all of them.
        """
        if self._n == 0:
            yield from (None if any((b or 0) > 0 or (h or 0) < 0 for b, h in bornes) else 0.0 for bornes in essais)
            return
        bas, haut = np.array(self._bas), np.array(self._haut)
        highs = open_highs(couts, np.concatenate(self._bornes), self._matrice(), bas, haut)
        rangees = np.array(rangs, dtype=np.int32)
        for bornes in essais:
            bas = np.array([-_INFINI if b is None else b for b, _ in bornes])
            haut = np.array([_INFINI if h is None else h for _, h in bornes])
            highs.changeRowsBounds(len(rangees), rangees, bas, haut)
            yield float(highs.getObjectiveValue()) if solve_highs(highs) else None

    def _matrice(self) -> Any:
        """Rows × variables; a place named twice in a row adds up."""
        from scipy.sparse import csr_array

        vides: list[Indices] = [np.zeros(0, dtype=np.int64)]
        debuts = np.cumsum([0, *(len(c) for c in self._colonnes)])
        donnees = np.concatenate([*self._facteurs, np.zeros(0)]), np.concatenate([*self._colonnes, *vides]), debuts
        matrice = csr_array(donnees, shape=(len(self._bas), self._n))
        matrice.sum_duplicates()
        return matrice

    def _milp(self, couts: Reels | None, entiers: Reels, ecart: float = 0.0) -> Any:
        # Half a second of import that only a plan pays.
        from scipy.optimize import Bounds, LinearConstraint, milp

        contraintes = []
        if self._colonnes:
            contraintes = [LinearConstraint(self._matrice(), np.array(self._bas), np.array(self._haut))]
        resultat = milp(
            np.concatenate(self._couts) if couts is None else couts,
            integrality=entiers,
            bounds=Bounds(0, np.concatenate(self._bornes)),
            constraints=contraintes,
            options={"mip_rel_gap": ecart},
        )
        if resultat.x is None:
            raise SansSolution
        return resultat

    @property
    def n_variables(self) -> int:
        return self._n

    @property
    def n_contraintes(self) -> int:
        return len(self._bas)


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
