"""What is of the reader's own place (a commune, a bailleur): it reads that exactly, at its desk."""

from __future__ import annotations

import pandas as pd

from mel_core.secret.bail import reader


def est_sien(cle: str, code: str) -> bool:
    """Whether a line of the cut `cle` (`commune_souhaitee`, `bailleur_bail`…) is of its place."""
    return bool(reader().code) and cle.startswith(reader().cle) and code == reader().code


def render(dites: pd.DataFrame, exactes: pd.DataFrame) -> pd.DataFrame:
    """`dites`, but `exactes` in its rows: those whose `commune` or `bailleur` is its own. Same columns and index."""
    if reader().cle not in exactes:
        return dites
    return dites.mask(exactes[reader().cle] == reader().code, exactes)
