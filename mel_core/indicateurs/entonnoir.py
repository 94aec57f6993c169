"""Control limits around a target share: communes and bailleurs are compared by them, never ranked.

A small denominator strays far from the target by chance alone. The limits say how far: a point outside them calls for a
look, a point inside does not. Normal approximation of the binomial, the usual funnel plot (Spiegelhalter, 2005).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

Z_95 = 1.959963984540054
Z_998 = 3.090232306167813


def autour(n: pd.Series, cible: float) -> pd.DataFrame:
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
