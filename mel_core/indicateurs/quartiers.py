"""On which side of its objective each quartier is, over 36 months: twelve are too few for most of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs.calcul_indicateurs import compute, objectif_de
from mel_core.objectifs.ecarts import PLAFOND, PLANCHER, en_attributions, exces
from mel_core.secret.bail import reader
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Compte

N_MOIS = 36
AU_DESSUS, AU_DESSOUS, INDECIS = "au-dessus", "au-dessous", "indecis"


@dataclass(frozen=True)
class Cotes:
    """One class of fragilité: how many quartiers had attributions (`n`), how many of them are told on each side of the
    objective and how many are too near to tell; by how many attributions together, each quartier against its own
    objective and none netted, as they are read."""

    fragilite: str
    n: int
    n_au_dessus: int
    n_au_dessous: int
    n_indecis: int
    trop: Compte
    manque: Compte


def read(lecteur: Lecteur, seance: Seance, ici: str | None = None) -> pd.DataFrame:
    """`equilibre` by quartier over 36 months, one row each (contract §4), with `trop` and `manque`: attributions to
    modest households over its objective, or short of it (exact, ≥ 0; empty without an objective)."""
    periode = Periode.de_mois(seance, N_MOIS)
    cellules = compute(lecteur, "equilibre", periode, par=("quartier", "fragilite"), ici=ici)
    objectif = objectif_de(lecteur, "equilibre", periode)
    if objectif is None:
        return cellules.assign(trop=pd.NA, manque=pd.NA)
    k, n = (cellules[c].to_numpy(dtype="int64") for c in ("numerateur", "n_connus"))
    trop, manque = (
        pd.Series(en_attributions(exces(k, n, objectif.valeur, cote), objectif.valeur), cellules.index, dtype="Int64")
        for cote in (PLAFOND, PLANCHER)
    )
    juges = cellules["cible"].notna()
    return cellules.assign(trop=trop.where(juges), manque=manque.where(juges))


def summarise(dites: pd.DataFrame, exactes: pd.DataFrame) -> list[Cotes]:
    """Class by class. `dites`: the rows of `read` as they are read, whose `cote` says the side; `exactes`:
    the same rows, which the sums are made of."""
    servies = set(exactes["fragilite"])
    return [_summarise(dites, exactes, classe) for classe in FRAGILITES if classe in servies]


def _summarise(dites: pd.DataFrame, exactes: pd.DataFrame, classe: str) -> Cotes:
    siens = exactes["fragilite"] == classe
    dessus, dessous, indecis = (siens & (dites["cote"] == cote) for cote in (AU_DESSUS, AU_DESSOUS, INDECIS))
    return Cotes(
        classe,
        int(siens.sum()),
        int(dessus.sum()),
        int(dessous.sum()),
        int(indecis.sum()),
        # Of no quartier there is nothing to round.
        trop=reader().compte(int(exactes.loc[dessus, "trop"].sum())) if dessus.any() else Compte(0),
        manque=reader().compte(int(exactes.loc[dessous, "manque"].sum())) if dessous.any() else Compte(0),
    )
