"""Numbers as French writes them, by Babel (CLDR): what `langue` says and what a value says of itself (`valeurs`).

Spaces inside a number, and before %, are narrow and unbreakable, so that a figure never splits over two lines of a
projected sentence.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import pandas as pd
from babel import Locale
from babel.numbers import format_decimal

FR = Locale("fr", "FR")
ABSENT = "—"
FINE = "\u202f"  # narrow no-break space
INSECABLE = "\u00a0"
MOINS = "\u2212"

Reel = int | float | Fraction | None

_DENOMINATEUR_MAX = 10**6  # of a share of households; two such shares differ far more than their binary neighbours do


def est_absent(valeur: Reel) -> bool:
    """None, NaN, whatever pandas and numpy put in their place, and what a division by nothing gives."""
    return bool(pd.isna(valeur)) or (isinstance(valeur, float) and math.isinf(valeur))


def round_off(valeur: int | float | Fraction, decimales: int = 0) -> Fraction:
    """Half away from zero, as people and spreadsheets do (31.25 reads 31,3), of the exact fraction behind a float."""
    exacte = Fraction(valeur)
    if isinstance(valeur, float):
        exacte = exacte.limit_denominator(_DENOMINATEUR_MAX)
    echelle = 10**decimales
    arrondie = Fraction(math.floor(abs(exacte) * echelle + Fraction(1, 2)), echelle)
    return -arrondie if exacte < 0 else arrondie


def write(valeur: Reel, decimales: int = 0) -> str:
    """`1 204`, `−3,5`: rounded half away from zero, with exactly `decimales` digits after the comma."""
    return ABSENT if valeur is None or est_absent(valeur) else _write(valeur, decimales)


@lru_cache(maxsize=20_000, typed=True)  # a float is rounded as it reads, a fraction as it is
def _write(valeur: int | float | Fraction, decimales: int) -> str:
    """A screen writes the same thousand numbers again at each click."""
    motif = "#,##0" + ("." + "0" * decimales if decimales else "")
    # Exactly, for a rounded one has no more digits than that.
    exacte = Decimal(int(round_off(valeur, decimales) * 10**decimales)).scaleb(-decimales)
    texte = format_decimal(exacte, motif, locale=FR).replace(INSECABLE, FINE).replace("-", MOINS)
    return texte.removeprefix(MOINS) if not any(c in "123456789" for c in texte) else texte


def write_part(valeur: Reel, decimales: int = 1) -> str:
    """A share 0–1 as `61,3 %`; a whole percentage, which is all that a room reads of what is observed, as `61 %`."""
    if valeur is None or est_absent(valeur):
        return ABSENT
    exacte = Fraction(valeur).limit_denominator(_DENOMINATEUR_MAX) if isinstance(valeur, float) else Fraction(valeur)
    return f"{write(pour_cent := exacte * 100, 0 if pour_cent.denominator == 1 else decimales)}{FINE}%"


def agree(n: Reel, singulier: str, pluriel: str | None = None) -> str:
    """The noun in the number that French gives it: 0 and 1 are singular, 1,5 too."""
    if n is None or est_absent(n):
        return pluriel or f"{singulier}s"
    return singulier if FR.plural_form(abs(float(n))) == "one" else pluriel or f"{singulier}s"


def est_entier(valeur: int | float | Fraction) -> bool:
    """Whether it is whole but for what a binary fraction adds to it."""
    return round_off(valeur, 6).denominator == 1
