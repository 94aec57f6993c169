"""The lines of a scenario that may be projected: places under eleven attributions go with others, as on the bilan."""

from __future__ import annotations

import pandas as pd

from mel_core.appellations import AUTRES
from mel_core.simulation.reorientation import rassembler
from pages.commun.mesures import lecture_bilan
from pages.commun.perimetre import Perimetre


def proteger(choisi: Perimetre, lignes: pd.DataFrame, cle: str, indicateur: str) -> pd.DataFrame:
    """`lignes`, one row per place (`cle`: commune or bailleur), added up under the lines that the bilan shows.

    See `rassembler`; `nom` is the line, `code` that of its place (empty for places shown together).
    """
    bilan = lecture_bilan.lire_cle((choisi.instantane.identifiant, str(choisi.seance), indicateur, choisi.ici))
    montrees = bilan.communes if cle == "commune" else bilan.bailleurs
    noms = dict(zip(bilan.cellules[cle], bilan.cellules[lecture_bilan.LIGNE[cle]], strict=True))
    seules = dict(zip(montrees["nom"], montrees["ligne"].where(~montrees["est_regroupee"], ""), strict=True))
    groupees = rassembler(lignes, lignes[cle].map(noms).fillna(AUTRES[cle])).rename(columns={"ligne": "nom"})
    return groupees.assign(code=groupees["nom"].map(seules).fillna(""))
