"""How many modest households among the lettings expected, for a target to hold: whole numbers that add up. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True)
class Dosage:
    """Among `n` lettings, from `minimum` to `maximum` modest households; `conseille`: the nearest to what is done."""

    n: int
    minimum: int
    maximum: int
    conseille: int

    @property
    def autres(self) -> int:
        return self.n - self.conseille


def doser(n: int, plancher: Fraction | None, plafond: Fraction | None, part_actuelle: float | None) -> Dosage | None:
    """The whole numbers of modest households that meet the target; None when no whole number does.

    `plancher`, `plafond`: bounds of the share (None: no limit on that side). `part_actuelle`: share of modest
    households among those who came in the last twelve months (None: unknown): what is advised moves it no more than
    needed. Without it, the bound that is nearest to the other side: as many as the ceiling lets in, as few as the
    floor asks for.
    """
    minimum = 0 if plancher is None else max(0, ceil(plancher * n))
    maximum = n if plafond is None else min(n, floor(plafond * n))
    if minimum > maximum:
        return None
    if part_actuelle is not None:
        vise = floor(part_actuelle * n + 0.5)
    elif plancher is not None and plafond is not None:
        vise = (minimum + maximum) // 2
    else:
        vise = maximum if plafond is not None else minimum
    return Dosage(n, minimum, maximum, min(max(vise, minimum), maximum))


def arrondir(attendues: float) -> int:
    """Whole lettings, half up; a hair of binary rounding is not half a dwelling."""
    return floor(attendues + 0.5 + 1e-9)


def repartir(total: int, poids: Sequence[float], ordre: Sequence[float]) -> list[int]:
    """`total` in whole parts, in proportion to `poids`, by largest remainder; at equal ones the lower `ordre` first.

    Sums to `total`. A part is its quota rounded down or up. All 0 when the weights are.
    """
    somme = sum(Fraction(p) for p in poids)
    if somme == 0:
        return [0] * len(poids)
    quotas = [Fraction(p) * total / somme for p in poids]
    parts = [floor(q) for q in quotas]
    rangs = sorted(range(len(poids)), key=lambda i: (parts[i] - quotas[i], ordre[i], i))
    for i in rangs[: total - sum(parts)]:
        parts[i] += 1
    return parts
