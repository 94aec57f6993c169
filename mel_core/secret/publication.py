"""A table of cells becomes the lines that may be shown (see `regroupement`)."""

from __future__ import annotations

import pandas as pd

COMPTES = ["n", "n_connus", "n_inconnus", "numerateur"]


def fondre(cellules: pd.DataFrame, groupes: pd.DataFrame, cle: str) -> pd.DataFrame:
    """The lines to show: cells alone as they are, the others added up.

    `cellules`: an indicator cut by `cle` (one row each, columns of the contract). `groupes`: from `regrouper`.

    One row per line, those alone first, most attributions first: `ligne`, `est_regroupee`, `est_masquee`, `n_cellules`,
    then the columns of the contract. A line of several cells has counts and a share; its target, écarts and verdict are
    empty, since a group has no objective of its own. A masked line has nothing but its `n_cellules`.
    """
    ensemble = cellules.merge(groupes, on=cle, validate="one_to_one")
    seules = ensemble[~ensemble["est_regroupee"]].assign(n_cellules=1)
    sommes = (
        ensemble[ensemble["est_regroupee"]]
        .groupby(["ligne", "est_regroupee", "est_masquee"], as_index=False)
        .agg(**{c: (c, "sum") for c in COMPTES}, n_cellules=(cle, "size"))
    )
    sommes["part"] = sommes["numerateur"] / sommes["n_connus"].where(sommes["n_connus"] > 0)
    masquees = sommes["est_masquee"]
    for colonne in [*COMPTES, "part"]:
        sommes[colonne] = sommes[colonne].astype("Float64").mask(masquees)
    lignes = seules.drop(columns=cle) if sommes.empty else pd.concat([seules.drop(columns=cle), sommes])
    lignes = lignes.sort_values(["est_regroupee", "n", "ligne"], ascending=[True, False, True], ignore_index=True)
    return lignes[["ligne", "est_regroupee", "est_masquee", "n_cellules", *(c for c in cellules.columns if c != cle)]]
