"""The arithmetic of a cell: gap in whole attributions, Wilson interval, verdict, quantiles (contract §4)."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction

Z = Decimal("1.959963984540054")
EFFECTIF_CONCLUANT = 30

PLANCHER = "plancher"
PLAFOND = "plafond"
BANDE = "bande"
SENS_PAR_FRAGILITE = {"fragile": PLAFOND, "moyenne": BANDE, "sans": PLANCHER}


def ecart_attributions(sens: str, k: int, n: int, cible: Fraction, bande: Fraction) -> int:
    """Whole attributions between k out of n and the target, never negative."""
    if n == 0:
        return 0
    if sens == PLANCHER:
        return max(0, math.ceil(cible * n - k))
    if sens == PLAFOND:
        return max(0, math.ceil(k - cible * n))
    bas, haut = cible - bande, cible + bande
    if k < bas * n:
        return math.ceil(bas * n - k)
    if k > haut * n:
        return math.ceil(k - haut * n)
    return 0


def direction(sens: str, k: int, n: int, cible: Fraction, bande: Fraction) -> str | None:
    """Which way the gap goes: too many over a ceiling, too few under a floor; None without a gap."""
    if n == 0:
        return None
    part = Fraction(k, n)
    bas = {PLANCHER: cible, PLAFOND: Fraction(0), BANDE: cible - bande}[sens]
    haut = {PLANCHER: Fraction(1), PLAFOND: cible, BANDE: cible + bande}[sens]
    return "manque" if part < bas else "trop" if part > haut else None


def wilson(k: int, n: int) -> tuple[Fraction, Fraction]:
    """95 % interval without continuity correction, to fifty digits."""
    with localcontext() as contexte:
        contexte.prec = 60
        z2, effectif = Z * Z, Decimal(n)
        p = Decimal(k) / effectif
        centre = p + z2 / (2 * effectif)
        rayon = Z * (p * (1 - p) / effectif + z2 / (4 * effectif * effectif)).sqrt()
        echelle = 1 + z2 / effectif
        return Fraction((centre - rayon) / echelle), Fraction((centre + rayon) / echelle)


def verdict(sens: str, k: int, n: int, cible: Fraction, bande: Fraction) -> str:
    """`indetermine` when few are known and the interval holds the target, else by the share."""
    bas, haut = wilson(k, n)
    limites = [cible - bande, cible + bande] if sens == BANDE else [cible]
    if n < EFFECTIF_CONCLUANT and any(bas <= limite <= haut for limite in limites):
        return "indetermine"
    part = Fraction(k, n)
    atteint = {
        PLANCHER: part >= cible,
        PLAFOND: part <= cible,
        BANDE: cible - bande <= part <= cible + bande,
    }[sens]
    return "atteint" if atteint else "non_atteint"


def quantile(valeurs: list[int], q: Fraction) -> Fraction:
    """Linear quantile: the value at rank q × (n − 1), interpolated between its two neighbours."""
    triees = sorted(valeurs)
    rang = q * (len(triees) - 1)
    bas = math.floor(rang)
    haut = min(bas + 1, len(triees) - 1)
    return triees[bas] + (rang - bas) * (triees[haut] - triees[bas])
