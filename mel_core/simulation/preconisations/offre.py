"""Offer against demand, and blocked mutations pending: by commune, never a household."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.simulation.preconisations.lieux_preconises import SQL
from mel_core.socle.periodes import Periode

ENSEMBLE = "ensemble"


def offre_demande(lecteur: Lecteur, periode: Periode, ici: str) -> pd.DataFrame:
    """One row per commune of `ici` × typologie, and one per commune for `ensemble`.

    `commune`, `nom`, `typologie` (`inconnu` when not said), `n_demandes` (active on the last day; a demande counts in
    each commune and typologie that it wants), `n_attributions` (12 months), `tension` (demandes for one attribution,
    empty without any), `n_logements`, `n_vacants` (`ensemble` only: the stock does not say its typologies; vacants
    empty when no résidence counts them).
    """
    frame = lecteur.query(SQL["offre_demande"], ici=ici, debut=periode.debut, fin=periode.fin)
    stock = lecteur.query(SQL["stock"], ici=ici, fin=periode.fin)
    sommes = stock.groupby("commune").agg(
        n_logements=("n_logements", "sum"), n_vacants=("n_vacants", lambda v: v.sum(min_count=1))
    )
    sommes = sommes.assign(typologie=ENSEMBLE).set_index("typologie", append=True)
    frame = frame.assign(tension=frame["n_demandes"] / frame["n_attributions"].where(frame["n_attributions"] > 0))
    frame = frame.join(sommes, on=["commune", "typologie"])
    return frame.astype({"n_logements": "Int64", "n_vacants": "Int64"})


def mutations_bloquees(lecteur: Lecteur, jour: date, ici: str | None = None) -> pd.DataFrame | None:
    """Blocked mutations pending on `jour` by commune, the longest waits first; None when no file says them.

    `sens`: `souhaitee` (a demande counts in each commune that it wants) or `residence` (where it lives: once);
    `commune`, `nom`, `n`, `mediane_mois` (whole months since the demande was made), `n_24_mois` and `n_36_mois` (those
    that have waited that long or longer).
    """
    if "mutation_bloquee" not in lecteur.colonnes("demandes"):
        return None
    return lecteur.query(SQL["mutations_bloquees"], jour=jour, ici=ici)
