"""The lines of a scenario, place by place, for whoever reads every row: a room is told no split under a lever."""

from __future__ import annotations

import pandas as pd

from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre


def name(choisi: Perimetre, lignes: pd.DataFrame, cle: str) -> pd.DataFrame:
    """`lignes`, one row per place (`cle`: commune or bailleur; see `simulation.par`), with `code` and `nom`."""
    ou = (choisi.instantane.identifiant, str(choisi.seance))
    lieux = donnees.communes(*ou) if cle == "commune" else donnees.bailleurs(*ou)
    noms = dict(zip(lieux[cle], lieux["nom"], strict=True))
    return lignes.assign(code=lignes[cle], nom=lignes[cle].map(noms).fillna(lignes[cle]))
