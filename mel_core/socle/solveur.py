"""A linear program given to HiGHS and kept open, so that each solve starts from where the last one ended.

SciPy hands a program over whole, and forgets where it ended.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Reels = npt.NDArray[np.float64]


def open(couts: Reels, plafonds: Reels, lignes: Any, bas: Reels, haut: Reels) -> Any:
    """The solver (`highspy.Highs`) of: least `couts` · x, with 0 ≤ x ≤ `plafonds` and `bas` ≤ `lignes` · x ≤ `haut`.

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
    solveur = Muet()
    solveur.passModel(programme)
    return solveur


def solve(solveur: Any) -> bool:
    """Whether it found the least cost; false when nothing answers every row."""
    solveur.run()
    return bool(solveur.modelStatusToString(solveur.getModelStatus()) == "Optimal")
