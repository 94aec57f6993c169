"""How each of several populations is shared out over the same rows (typologies, products), as it is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from mel_core.secret.bail import reader


def dire(lignes: pd.DataFrame, series: Sequence[str], menages: Collection[str]) -> pd.DataFrame:
    """The same rows, with the share (`part_…` of `n_…`, 0–1) that each makes of the sum of its column, empty where
    either is unknown or not said. `menages`: those of `series` that count households, told by the rule; the others
    count dwellings."""
    parts = {}
    for colonne in series:
        total, lit_tout = int(lignes[colonne].sum()), reader().lit_tout or colonne not in menages
        dites = [None if pd.isna(n) or not total else _part(int(n), total, lit_tout) for n in lignes[colonne]]
        parts[colonne.replace("n_", "part_", 1)] = pd.Series(dites, lignes.index, dtype="float64")
    return reader().comptes(lignes, list(menages)).assign(**parts)


def _part(n: int, total: int, lit_tout: bool) -> float | None:
    if lit_tout:
        return n / total
    dite = reader().regle.part(n, total, est_classe=True)
    return None if dite is None else float(dite)
