"""Offer against demand, blocked mutations pending, what commissions return: by place, never a household."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.simulation.preconisations.lieux_preconises import SQL, noms_des_qpv
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
    sommes = stock.groupby("commune")[["n_logements", "n_vacants"]].sum(min_count=1)
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


def commissions(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per QPV with a commission held over `periode` (those of the quartiers of `ici`, when it is given).

    `qpv`, `nom` (empty when no quartier bears the code), `n_commissions`, `derniere` (date), `n_candidats`,
    `n_designes`, `n_refuses` (sums of what is said, empty when nothing is), `part_designes` (designated among the
    candidates: `n_designes_situes` over `n_candidats_situes`), `part_refuses` (refusals among the designated): shares
    over the meetings that say both.
    """
    frame = lecteur.query(SQL["commissions"], debut=periode.debut, fin=periode.fin)
    noms = noms_des_qpv(lecteur, ici)
    if ici is not None:
        frame = frame[frame["qpv"].isin(noms.index)]
    frame = frame.join(noms, on="qpv").assign(derniere=frame["derniere"].dt.date).reset_index(drop=True)
    frame.insert(1, "nom", frame.pop("nom"))
    comptes = ["n_candidats", "n_designes", "n_refuses", "n_candidats_situes", "n_designes_situes"]
    return frame.astype(dict.fromkeys(comptes, "Int64"))
