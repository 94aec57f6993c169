"""How long the blocked mutations of each commune have waited: counts that may be projected, never one household's date.

Pure: a frame of `mel_core.preconisations.mutations_bloquees` in, what is shown and said of it out.
"""

from __future__ import annotations

import pandas as pd

from mel_core import langue
from mel_core.secret.matrice import masquer
from mel_core.secret.regroupement import SEUIL

_TRANCHES = ("n_recentes", "n_24_a_36", "n_36_mois")


def montrer(communes: pd.DataFrame) -> pd.DataFrame:
    """The communes that may be shown, the longest waits first.

    `communes`: one row per `commune` of one `sens`, see `mutations_bloquees`. The rows that may be shown, with their
    `nom`, `n`, `mediane_mois`, and, empty where they may not be, `n_24_mois` and `n_36_mois` (waiting for as long or
    longer) with their shares of `n`. A small commune goes with the next smallest, as in the segments; what is left of a
    count by another is itself a count.
    """
    table = communes.astype({"n": "int64", "n_24_mois": "int64", "n_36_mois": "int64"}).reset_index(drop=True)
    est_montree = ~masquer(table.assign(tout=""), "commune", "tout")
    comptes = table.assign(
        n_recentes=table["n"] - table["n_24_mois"], n_24_a_36=table["n_24_mois"] - table["n_36_mois"]
    )
    longues = comptes.melt("commune", _TRANCHES, var_name="tranche", value_name="menages")
    longues["est_cachee"] = masquer(longues, "commune", "tranche", "menages")
    cachees = longues.pivot(index="commune", columns="tranche", values="est_cachee")
    cachees = cachees.reindex(index=table["commune"], columns=_TRANCHES)
    # From 24 months on is all but the recent ones: the one tells the other.
    for colonne, tranche in (("n_24_mois", "n_recentes"), ("n_36_mois", "n_36_mois")):
        table[colonne] = table[colonne].astype("float64").mask(cachees[tranche].to_numpy(dtype=bool))
        table[colonne.replace("n_", "part_")] = table[colonne] / table["n"]
    # Ordered by what is shown alone: a place in the table would tell what is not.
    cles = table[["n_36_mois", "n_24_mois", "n"]].fillna(0)
    ordre = cles.sort_values(list(cles), ascending=False, kind="stable").index
    return table.loc[ordre][est_montree.reindex(ordre)].reset_index(drop=True)


def dire(premiere: pd.Series, sens: str) -> str:
    """`à **Lille**, **1 053** mutations bloquées attendent, dont **312** depuis 24 mois ou plus…`

    `premiere`: a row of `montrer`.
    """
    longues = [
        f"**{langue.nombre(premiere[f'n_{mois}_mois'])}** depuis {mois} mois ou plus"
        for mois in (24, 36)
        if pd.notna(premiere[f"n_{mois}_mois"])
    ]
    return (
        f"{'pour' if sens == 'souhaitee' else 'à'} **{premiere['nom']}**, **{langue.nombre(premiere['n'])}** mutations "
        f"bloquées attendent{', dont ' if longues else ''}{' et '.join(longues)} ; attente médiane : "
        f"**{langue.nombre(premiere['mediane_mois'], 0)} mois**."
    )


def dire_les_tues(n_communes: int, n_montrees: int) -> str:
    """What is not in the table, and why; how the wait is counted."""
    tues = n_communes - n_montrees
    raison = f"moins de {SEUIL} ménages, ou un nombre qui les ferait retrouver"
    communes = f"{langue.effectif(tues, 'commune')} non {langue.accorder(tues, 'montrée')} et " if tues else ""
    return langue.typographier(f"{communes}« {langue.ABSENT} » : {raison}. Attente depuis le dépôt de la demande.")
