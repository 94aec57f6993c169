"""How long the blocked mutations of each commune have waited: counts and medians, never one household's date.

Pure: a frame of `mel_core.simulation.preconisations.mutations_bloquees` in, what is shown and said of it out.
"""

from __future__ import annotations

import pandas as pd

from mel_core.secret.bail import exactly, reader
from mel_core.socle import langue
from pages.commun.segments import etape

MEDIANE_DES = 30  # households, for whom counts are rounded
_COMPTES = ("n", "n_24_mois", "n_36_mois", "n_recentes")


def show(communes: pd.DataFrame) -> pd.DataFrame:
    """One row per commune as it is read, the longest waits first.

    `communes`: one row per `commune` of one `sens`, see `mutations_bloquees`. Its columns, `n_recentes` (waiting for
    less than 24 months), `part_24_mois` and `part_36_mois` (of `n`); medians and shares empty where they are not said.
    """
    exactes = communes.assign(
        n_recentes=communes["n"] - communes["n_24_mois"],
        part_24_mois=communes["n_24_mois"] / communes["n"],
        part_36_mois=communes["n_36_mois"] / communes["n"],
    )
    dites = exacts = exactly(exactes, _COMPTES)
    if not reader().lit_tout:
        parts = {
            f"part_{mois}": [reader().part(k, n) for k, n in zip(communes[f"n_{mois}"], communes["n"], strict=True)]
            for mois in ("24_mois", "36_mois")
        }
        mediane = communes["mediane_mois"].where(communes["n"] >= MEDIANE_DES)
        dites = reader().comptes(exactes, _COMPTES).assign(**parts, mediane_mois=mediane)
        dites = etape.render_siens(dites, exacts)
    # By what is read alone: a place in the table would tell what is not.
    cles = dites[["n_36_mois", "n_24_mois", "n"]].astype(float).fillna(0).assign(nom=dites["nom"])
    return dites.loc[cles.sort_values(list(cles), ascending=[False] * 3 + [True]).index].reset_index(drop=True)


def say(premiere: pd.Series, sens: str) -> str:
    """`à **Lille**, **1 053** mutations bloquées attendent, dont **312** depuis 24 mois et **40** depuis 36…`

    `premiere`: a row of `show`.
    """
    n = premiere["n"]
    longues = [f"**{langue.nombre(premiere[f'n_{mois}_mois'])}** depuis {mois} mois" for mois in (24, 36)]
    bloquees = langue.effectif(n, "mutation bloquée", "mutations bloquées")
    mediane = premiere["mediane_mois"]
    attente = "" if pd.isna(mediane) else f" ; attente médiane : **{langue.nombre(mediane, 0)} mois**"
    return (
        f"{'pour' if sens == 'souhaitee' else 'à'} **{premiere['nom']}**, **{bloquees}** "
        f"{langue.agree(n, 'attend', 'attendent')}, dont {' et '.join(longues)}{attente}."
    )


DEPUIS = "Attente depuis le dépôt de la demande."
NOTE = f"« {langue.ABSENT} » : trop peu pour une part ou une médiane. {DEPUIS}"
