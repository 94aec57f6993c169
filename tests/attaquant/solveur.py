"""HiGHS, kept open between the questions of the attacker: SciPy hands a program over whole, and forgets."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from highspy import Highs, HighsLp, MatrixFormat


class _Muet(Highs):
    """Says nothing: turning callbacks on would print a banner."""

    def enableCallbacks(self) -> None:
        self.silent()


def open_highs(
    couts: np.ndarray, plafonds: np.ndarray, lignes: sp.csr_matrix, bas: np.ndarray, haut: np.ndarray
) -> Highs:
    """The solver of: least `couts` · x, with 0 ≤ x ≤ `plafonds` and `bas` ≤ `lignes` · x ≤ `haut`. Infinite bounds are
    no bounds."""
    programme = HighsLp()
    programme.num_row_, programme.num_col_ = lignes.shape
    programme.col_cost_ = couts
    programme.col_lower_, programme.col_upper_ = np.zeros(len(plafonds)), plafonds
    programme.row_lower_, programme.row_upper_ = bas, haut
    programme.a_matrix_.format_ = MatrixFormat.kRowwise
    programme.a_matrix_.start_ = lignes.indptr
    programme.a_matrix_.index_ = lignes.indices
    programme.a_matrix_.value_ = lignes.data
    highs = _Muet()
    highs.passModel(programme)
    return highs


def solve_highs(highs: Highs) -> bool:
    """Whether it found the least cost; false when nothing answers every row."""
    highs.run()
    return bool(highs.modelStatusToString(highs.getModelStatus()) == "Optimal")
