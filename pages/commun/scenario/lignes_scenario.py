"""The lines of a scenario that may be projected: places under eleven attributions go with others, as on the bilan."""

from __future__ import annotations

import pandas as pd

from pages.commun.mesures import lecture_bilan
from pages.commun.perimetre import Perimetre

_SOMMES = ("n_connus", "numerateur", "numerateur_vise", "a_reorienter", "n_en_moins", "n_en_plus")


def proteger(choisi: Perimetre, lignes: pd.DataFrame, cle: str, indicateur: str) -> pd.DataFrame:
    """`lignes`, one row per place (`cle`: commune or bailleur), added up under the lines that the bilan shows.

    Adds `nom`, and `code` (empty for places shown together); `part` and `part_visee` are those of the sums. The most
    reorientations first.
    """
    bilan = lecture_bilan.lire_cle((choisi.instantane.identifiant, str(choisi.seance), indicateur, choisi.ici))
    montrees = bilan.communes if cle == "commune" else bilan.bailleurs
    noms = dict(zip(bilan.cellules[cle], bilan.cellules[lecture_bilan.LIGNE[cle]], strict=True))
    seules = dict(zip(montrees["nom"], montrees["ligne"].where(~montrees["est_regroupee"], ""), strict=True))
    sommes = [c for c in _SOMMES if c in lignes]
    groupees = (
        lignes.assign(nom=lignes[cle].map(noms).fillna(lecture_bilan.AUTRES[cle]))
        .groupby("nom", as_index=False)[sommes]
        .sum()
        .sort_values(["a_reorienter", "nom"], ascending=[False, True], ignore_index=True)
    )
    groupees["code"] = groupees["nom"].map(seules).fillna("")
    if "numerateur_vise" in groupees:
        connus = groupees["n_connus"].where(groupees["n_connus"] > 0)
        groupees["part"], groupees["part_visee"] = (groupees[c] / connus for c in ("numerateur", "numerateur_vise"))
    return groupees
