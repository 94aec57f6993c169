"""The lines of a scenario, place by place, as their audience reads them."""

from __future__ import annotations

import pandas as pd

from pages.commun import donnees
from pages.commun.perimetre import Perimetre

_COMPTES = ("n_connus", "numerateur", "numerateur_vise", "a_reorienter", "n_en_moins", "n_en_plus")


def lire(choisi: Perimetre, lignes: pd.DataFrame, cle: str) -> pd.DataFrame:
    """`lignes`, one row per place (`cle`: commune or bailleur; see `simulation.par`), with `code`, `nom`, and its
    shares where they are said."""
    ou = (choisi.instantane.identifiant, str(choisi.seance))
    lieux = donnees.communes(*ou) if cle == "commune" else donnees.bailleurs(*ou)
    noms = dict(zip(lieux[cle], lieux["nom"], strict=True))
    audience = choisi.audience
    parts = {
        dite: [audience.part(k, n) for k, n in zip(lignes[compte], lignes["n_connus"], strict=True)]
        for dite, compte in (("part", "numerateur"), ("part_visee", "numerateur_vise"))
        if compte in lignes
    }
    dites = audience.comptes(lignes, [c for c in _COMPTES if c in lignes])
    return dites.assign(**parts, code=lignes[cle], nom=lignes[cle].map(noms).fillna(lignes[cle]))
