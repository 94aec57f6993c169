"""The verdict on a plan: what its targets miss, and how much of the demand it takes, each household housed once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.simulation.plan.calcul_plan import Plan
from mel_core.simulation.plan.demande import BORNES, COMMUNS, est_certaine, n_concernes
from mel_core.simulation.plan.objectifs_plan import CROISEMENT
from mel_core.simulation.reorientation.faisabilite import (
    ENSEMBLE,
    Faisabilite,
    Jugement,
    Limite,
    Raison,
    en_logements,
    limites_de_demande,
    release,
    sum_up_vacances,
)
from mel_core.simulation.reorientation.grille import SEMESTRES_PAR_AN

_CELLULE = ["commune", "bailleur"]


def judge_plan(plan: Plan, eligibles: pd.DataFrame) -> Limite:
    """Infeasible when a target of the whole, a class, a commune or a bailleur is missed (that of a bailleur in one
    commune is a remark); tight when a bound of the demand is more than half taken, or when nothing
    proves that the households of several communes are not the same; feasible otherwise. Arguments: see `make_plan`.
    """
    if plan.objectifs.loc[plan.objectifs["niveau"] != CROISEMENT, "manque"].any():
        return Limite(Faisabilite.INFAISABLE)
    communes = sorted({*plan.equilibre["commune"], *plan.aci["commune"]})
    demandes = _demandes(plan, communes)
    comptes = eligibles.set_index("commune").reindex(communes, fill_value=0)
    limites = _serrees(demandes, comptes, Raison.ELIGIBLES)
    ensemble = eligibles[eligibles["commune"] == ENSEMBLE].set_index("commune")
    if len(ensemble):
        limites += _serrees(demandes.sum(axis=0, keepdims=True), ensemble, Raison.ELIGIBLES_ENSEMBLE)
    if limites:
        return max(limites, key=lambda x: (x.n_demandes / max(x.n_disponibles, 1), x.n_demandes, x.commune))
    if est_certaine(demandes, comptes):
        return Limite()
    n, borne = int(demandes.sum(axis=0) @ np.array(BORNES[-1].facteurs)), BORNES[-1]
    disponibles = int(borne.capacites(ensemble).sum())
    return Limite(
        Faisabilite.TENDU,
        Raison.PLUSIEURS_COMMUNES,
        profil=borne.profil,
        n_demandes=n,
        n_disponibles=disponibles,
    )


def moyens_du_plan(plan: Plan, eligibles: pd.DataFrame, vacances: pd.DataFrame, horizon: int) -> Jugement:
    """What the plan is faced with, and its verdict. Arguments: see `make_plan`.

    A cell asked is one of commune × bailleur × fragilite, and one of commune × bailleur for the ACI (`n_lieux`,
    `n_inconnus`: both together); the dwellings of a class that is asked by both are counted once.
    """
    demandes = _demandes(plan, sorted({*plan.equilibre["commune"], *plan.aci["commune"]}))
    n_lieux, n_inconnus, est_demandee = 0, 0, np.zeros(len(vacances), dtype=bool)
    for cellules, cles in ((plan.equilibre, [*_CELLULE, "fragilite"]), (plan.aci, _CELLULE)):
        demandees = cellules[cellules["a_reorienter"] > 0]
        est_inconnue = np.isnan(release(demandees, sum_up_vacances(vacances, cles)))
        n_lieux, n_inconnus = n_lieux + len(demandees), n_inconnus + int(est_inconnue.sum())
        lieux, connus = (pd.MultiIndex.from_frame(f[cles]) for f in (vacances, demandees[~est_inconnue]))
        est_demandee |= lieux.isin(connus)
    par_an = vacances.loc[est_demandee, "n_vacances_an"].sum()
    return Jugement(
        judge_plan(plan, eligibles),
        None,
        int(en_logements(par_an * horizon / SEMESTRES_PAR_AN)),
        n_lieux,
        n_inconnus,
        0,  # a plan asks no cell for more than it frees
        n_concernes(demandes.sum(axis=0), eligibles[eligibles["commune"] == ENSEMBLE]),
        {},
    )


def _demandes(plan: Plan, communes: list[str]) -> npt.NDArray[np.int64]:
    """One row (M, D, L, C) per commune: see `demande`."""
    equilibre, aci = plan.equilibre, plan.aci
    colonnes = (
        equilibre["a_reorienter"].where(equilibre["sens"] > 0, 0).groupby(equilibre["commune"]).sum(),
        equilibre["a_reorienter"].where(equilibre["sens"] < 0, 0).groupby(equilibre["commune"]).sum(),
        aci["a_reorienter"].groupby(aci["commune"]).sum(),
        aci["n_communs"].groupby(aci["commune"]).sum(),
    )
    return np.column_stack([c.reindex(communes, fill_value=0).to_numpy(dtype=np.int64) for c in colonnes])


def _serrees(demandes: npt.NDArray[np.int64], eligibles: pd.DataFrame, raison: Raison) -> list[Limite]:
    """The bounds more than half taken; not that of the modest ACI households, whom the plan chooses to house first."""
    communes = [""] if raison is Raison.ELIGIBLES_ENSEMBLE else [str(c) for c in eligibles.index]
    return [
        limite
        for borne in BORNES
        if borne.facteurs[COMMUNS] <= 0
        for limite in limites_de_demande(
            demandes @ np.array(borne.facteurs), borne.capacites(eligibles), communes, raison, borne.profil
        )
    ]
