"""From counts to shares, intervals, écarts and verdicts (contract §4). Counts are exact; a target is a fraction p/q.

The excess of a cell over a bound, k − n·p/q, is kept as the whole number q·k − p·n: no share is rounded before the gap
is.

Communes and bailleurs are compared by control limits around a target share, never ranked. A small denominator strays
far from the target by chance alone. The limits say how far: a point outside them calls for a look, a point inside does
not. Normal approximation of the binomial, the usual funnel plot (Spiegelhalter, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.indicateurs.definitions import Sens
from mel_core.socle.valeurs import MANQUE, TROP

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


Z_95 = 1.959963984540054
EFFECTIF_MINIMAL = 30  # under this many known, contract §4 does not conclude

COLONNES_PART = ("n_inconnus", "part", "part_min", "part_max", "ic_bas", "ic_haut")
COLONNES_CIBLE = ("cible", "ecart_points", "ecart_attributions", "verdict", "sens")
PAR_SENS = ("ecart_trop", "ecart_manque")  # the gap by its direction, of one that may go both ways


@dataclass(frozen=True)
class Objectif:
    """A target in force: its value, the tolerance of the middle class, its source.

    `lieu`: whose it is, cut by cut; empty: of the whole. `sens`: as the entry says; None: the indicator's own.
    `en_nombre`: a number of attributions a year, not a share.
    """

    valeur: Fraction
    bande: Fraction
    source: str
    lieu: tuple[tuple[str, str], ...] = ()
    sens: Sens | None = None
    en_nombre: bool = False

    @property
    def dit(self) -> str:
        """Whose it is: `ensemble`, `commune 59350`, `commune 59350 × bailleur B1`."""
        return " × ".join(f"{coupe} {code}" for coupe, code in self.lieu) or "ensemble"

    def bornes(self, sens: Sens) -> tuple[Fraction | None, Fraction | None]:
        """(floor, ceiling) of the share; None where there is no limit on that side."""
        if sens is Sens.BANDE:
            return self.valeur - self.bande, self.valeur + self.bande
        return (self.valeur, None) if sens is Sens.PLANCHER else (None, self.valeur)


def add_parts(cellules: pd.DataFrame) -> pd.DataFrame:
    """The same rows with `COLONNES_PART` (contract §4) from their counts: shares 0–1, exact counts divided once.

    Empty: n_connus = 0 (part, interval) or n = 0 (min, max).
    """
    n, connus, k = (cellules[c].astype("int64") for c in ("n", "n_connus", "numerateur"))
    inconnus = n - connus
    bas, haut = wilson(k.to_numpy(), connus.to_numpy())
    return cellules.assign(
        n_inconnus=inconnus,
        part=rapport(k, connus),
        part_min=rapport(k, n),
        part_max=rapport(k + inconnus, n),
        ic_bas=bas,
        ic_haut=haut,
    )


def rapport(numerateur: pd.Series, denominateur: pd.Series) -> pd.Series:
    """Line by line; empty where there is nothing to divide by."""
    return numerateur / denominateur.where(denominateur > 0)


def wilson(k: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wilson interval at 95 %, no continuity correction; NaN where n = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / n
        z2 = Z_95 * Z_95
        centre = p + z2 / (2 * n)
        marge = Z_95 * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        echelle = 1 + z2 / n
        bas, haut = (centre - marge) / echelle, (centre + marge) / echelle
    # The bound is exactly 0 or 1 there; binary rounding would put it a hair outside the share.
    return np.where(k == 0, np.where(n > 0, 0.0, np.nan), bas), np.where(k == n, np.where(n > 0, 1.0, np.nan), haut)


def ecart_attributions(k: np.ndarray, n: np.ndarray, objectif: Objectif, sens: Sens) -> np.ndarray:
    """Attributions to win (floor) or to leave (ceiling), ≥ 0, in exact integer arithmetic; 0 inside a band."""
    return np.maximum(*trop_et_manque(k, n, objectif, sens))


def trop_et_manque(k: np.ndarray, n: np.ndarray, objectif: Objectif, sens: Sens) -> tuple[np.ndarray, np.ndarray]:
    """The same gap by its direction: attributions too many (over a ceiling), too few (under a floor); one of the two
    is 0."""
    plancher, plafond = objectif.bornes(sens)
    trop, manque = np.zeros_like(n), np.zeros_like(n)
    if plancher is not None:
        manque = en_attributions(exces(k, n, plancher, PLANCHER), plancher)
    if plafond is not None:
        trop = en_attributions(exces(k, n, plafond, PLAFOND), plafond)
    return trop, manque


def directions(trop: np.ndarray, manque: np.ndarray) -> np.ndarray:
    """`trop` or `manque` when gaps go that way alone; None without a gap, or with gaps both ways."""
    sens = np.full(len(trop), None, dtype=object)
    sens[(trop > 0) & (manque == 0)] = TROP
    sens[(manque > 0) & (trop == 0)] = MANQUE
    return sens


def verdicts(k: np.ndarray, n: np.ndarray, objectif: Objectif, sens: Sens) -> np.ndarray:
    """`atteint`, `non_atteint`, `indetermine` (too few to conclude); None where n = 0."""
    bas, haut = wilson(k, n)
    limites = [borne for borne in objectif.bornes(sens) if borne is not None]
    traverse = np.zeros(len(n), dtype=bool)
    for limite in limites:
        traverse |= (bas <= float(limite)) & (float(limite) <= haut)
    atteint = ecart_attributions(k, n, objectif, sens) == 0
    verdict = np.where(atteint, "atteint", "non_atteint").astype(object)
    verdict[(n < EFFECTIF_MINIMAL) & traverse] = "indetermine"
    verdict[n == 0] = None
    return verdict


def avec_cible(cellules: pd.DataFrame, objectif: Objectif, sens: Sens) -> pd.DataFrame:
    """Add `COLONNES_CIBLE` for one target read one way. Écarts and verdict are empty where n_connus = 0."""
    k, n = cellules["numerateur"].to_numpy("int64"), cellules["n_connus"].to_numpy("int64")
    a_une_cible = np.ones(len(cellules), dtype=bool)
    trop, manque = trop_et_manque(k, n, objectif, sens)
    return place_cible(cellules, objectif, trop, manque, verdicts(k, n, objectif, sens), a_une_cible)


def avec_nombre(cellules: pd.DataFrame, objectif: Objectif, sens: Sens) -> pd.DataFrame:
    """The same for a number of attributions a year: no gap in points, and a count is met or not."""
    k, voulu = cellules["numerateur"].to_numpy("int64"), int(objectif.valeur)
    ecart = np.maximum(voulu - k if sens is Sens.PLANCHER else k - voulu, 0)
    rien = np.zeros_like(ecart)
    trop, manque = (rien, ecart) if sens is Sens.PLANCHER else (ecart, rien)
    verdict = np.where(ecart == 0, "atteint", "non_atteint").astype(object)
    jugees = place_cible(cellules, objectif, trop, manque, verdict, np.ones(len(cellules), dtype=bool))
    return jugees.assign(ecart_points=np.nan)


def place_cible(
    cellules: pd.DataFrame,
    objectif: Objectif,
    trop: np.ndarray,
    manque: np.ndarray,
    verdict: np.ndarray,
    a_une_cible: np.ndarray,
) -> pd.DataFrame:
    """Add `COLONNES_CIBLE` from gaps each way and verdicts already known; empty where there is no target or nothing
    known."""
    juge = a_une_cible & (cellules["n_connus"] > 0).to_numpy()
    cible = np.where(a_une_cible, float(objectif.valeur), np.nan)
    verdict, sens = verdict.copy(), directions(trop, manque)
    verdict[~juge] = sens[~juge] = None
    return cellules.assign(
        cible=cible,
        ecart_points=100 * (cellules["part"] - cible),
        ecart_attributions=pd.arrays.IntegerArray((trop + manque).astype("int64"), ~juge),
        ecart_trop=pd.arrays.IntegerArray(trop.astype("int64"), ~juge),
        ecart_manque=pd.arrays.IntegerArray(manque.astype("int64"), ~juge),
        verdict=verdict,
        sens=sens,
        cible_de=pd.Series([objectif.dit if a else None for a in a_une_cible], cellules.index, dtype="object"),
    )


def sans_cible(cellules: pd.DataFrame) -> pd.DataFrame:
    """Add `COLONNES_CIBLE`, all empty."""
    n = len(cellules)
    vide = pd.Series([None] * n, index=cellules.index, dtype="object")
    inconnus = pd.arrays.IntegerArray(np.zeros(n, dtype="int64"), np.ones(n, dtype=bool))
    return cellules.assign(
        cible=np.nan,
        ecart_points=np.nan,
        **dict.fromkeys(("ecart_attributions", *PAR_SENS), inconnus),
        verdict=vide,
        sens=vide,
        cible_de=vide,
    )


Z_998 = 3.090232306167813


def limites_autour(n: pd.Series, cible: float) -> pd.DataFrame:
    """The limits of each effectif: one row per value of `n`, same index; empty shares where n = 0.

    `n` (attributions), `bas_95`, `haut_95`, `bas_998`, `haut_998` (shares 0–1).
    """
    ecart_type = np.sqrt(cible * (1 - cible) / n.where(n > 0))
    bornes = {"95": Z_95, "998": Z_998}
    return pd.DataFrame(
        {"n": n}
        | {f"bas_{nom}": np.clip(cible - z * ecart_type, 0, 1) for nom, z in bornes.items()}
        | {f"haut_{nom}": np.clip(cible + z * ecart_type, 0, 1) for nom, z in bornes.items()}
    )


def position(part: pd.Series, n: pd.Series, cible: float) -> pd.Series:
    """Where each share stands against the 95 % limits.

    `au-dessus`, `au-dessous`, `dans les limites`, or empty without a share.
    """
    marge = Z_95 * np.sqrt(cible * (1 - cible) / n.where(n > 0))
    valeurs = np.select(
        [part > cible + marge, part < cible - marge, part.notna()],
        ["au-dessus", "au-dessous", "dans les limites"],
        default="",
    )
    return pd.Series(valeurs, index=part.index, dtype=object)
