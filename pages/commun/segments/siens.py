"""What is of the audience's own place (a commune, a bailleur): it reads that exactly, at its desk."""

from __future__ import annotations

import pandas as pd

from mel_core.secret.audience import Audience


def est_sien(audience: Audience, cle: str, code: str) -> bool:
    """Whether a line of the cut `cle` (`commune_souhaitee`, `bailleur_bail`…) is of its place."""
    return bool(audience.code) and cle.startswith(audience.cle) and code == audience.code


def render(dites: pd.DataFrame, exactes: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    """`dites`, but `exactes` in its rows: those whose `commune` or `bailleur` is its own. Same columns and index."""
    if audience.cle not in exactes:
        return dites
    return dites.mask(exactes[audience.cle] == audience.code, exactes)
