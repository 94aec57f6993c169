"""The contract's gap to a target (§4, `ecart_attributions`), in exact whole numbers.

A bound is a fraction p/q, so that the excess of a cell over it, k − n·p/q, is kept as the whole number q·k − p·n: no
share is rounded before the gap is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

PLANCHER = 1  # a floor: on the wrong side, households are missing
PLAFOND = -1  # a ceiling: on the wrong side, there are too many

Effectifs = npt.NDArray[Any]  # whole numbers: int64, or Python's own where 64 bits would not hold the products


def exces(numerateur: Effectifs, n_connus: Effectifs, borne: Fraction, sens: int) -> Effectifs:
    """How far on the wrong side of the bound (negative: on the right one), in attributions times its denominator."""
    manque: Effectifs = borne.numerator * n_connus - borne.denominator * numerateur
    return manque * sens


def en_attributions(exces: Effectifs, borne: Fraction) -> Effectifs:
    """The gap: the excess rounded up to whole attributions, 0 on the right side."""
    ecart: Effectifs = np.maximum(-(-exces // borne.denominator), 0)
    return ecart
