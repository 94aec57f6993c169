"""Are there enough applicants, each one housed once: by profile, by commune wanted, over the scope; the verdict that
follows for a plan; and the linear program in whole numbers that is handed to HiGHS.

An attribution reoriented goes to a modest household (M), one that is not (D), an ACI household of first access (L), or
a modest ACI household, which counts in M and in L at once (C). In one commune these bounds say exactly whether distinct
applicants can be found; over several communes, where a household may want each of them, they are only necessary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array, vstack

from mel_core.simulation.plan.objectifs_plan import CROISEMENT, Plan
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
Entiers = npt.NDArray[np.int64]
# Movements, in the order of the factors of a `Borne`.
MODESTES, NON_MODESTES, ACI, COMMUNS = range(4)


@dataclass(frozen=True)
class Borne:
    """`facteurs` × (M, D, L, C) ≤ the sum of `comptes` (column of the demand → sign); `profil` names who is counted.

    `rivaux`: the households that bound it may have been taken, elsewhere, by those factors of (M, D, L, C).
    """

    profil: str
    facteurs: tuple[int, int, int, int]
    comptes: Mapping[str, int]
    rivaux: tuple[int, int, int, int]

    def capacites(self, eligibles: pd.DataFrame) -> Entiers:
        """How many applicants bound it, by row of `eligibles`; none when the counts contradict each other."""
        somme = sum(signe * eligibles[colonne].to_numpy(dtype=np.int64) for colonne, signe in self.comptes.items())
        return np.maximum(np.asarray(somme, dtype=np.int64), 0)


_M, _D, _A = {"n_modestes": 1}, {"n_non_modestes": 1}, {"n_aci": 1}
_MA, _DA = {"n_modestes_aci": -1}, {"n_non_modestes_aci": -1}
# Each set of needs against all who answer one of them (Hall). The others follow from these: M and D share nobody.
BORNES = (
    Borne("n_modestes", (1, 0, 0, 0), _M, (1, 0, 1, -1)),
    Borne("n_non_modestes", (0, 1, 0, 0), _D, (0, 1, 1, -1)),
    Borne("n_aci", (0, 0, 1, 0), _A, (1, 1, 1, -1)),
    Borne("n_modestes_aci", (0, 0, 0, 1), {"n_modestes_aci": 1}, (1, 0, 1, -1)),
    Borne("n_modestes_ou_aci", (1, 0, 1, -1), _M | _A | _MA, (1, 1, 1, -1)),
    Borne("n_non_modestes_ou_aci", (0, 1, 1, 0), _D | _A | _DA, (1, 1, 1, -1)),
    Borne("n_concernes", (1, 1, 1, -1), _M | _D | _A | _MA | _DA, (1, 1, 1, -1)),
)


def n_concernes(demandes: Entiers, eligibles: pd.DataFrame) -> int:
    """Applicants of the profiles that something is asked of, each one once. `demandes`: (M, D, L, C) of one scope,
    whose counts are the only row of `eligibles`; 0 without it.
    """
    raise_up, descendre, loger = (bool(demandes[i]) for i in (MODESTES, NON_MODESTES, ACI))
    comptes = _M if raise_up else {}
    comptes = comptes | (_D if descendre else {}) | (_A if loger else {})
    if loger:
        comptes = comptes | (_MA if raise_up else {}) | (_DA if descendre else {})
    return sum(signe * int(eligibles[colonne].sum()) for colonne, signe in comptes.items())


def est_certaine(demandes: Entiers, eligibles: pd.DataFrame) -> bool:
    """Whether the counts by commune prove that distinct applicants can be found for all of them.

    `demandes`: one row (M, D, L, C) per row of `eligibles`, a commune each, of which any two may be wanted by the same
    households. Communes are served one after the other, the least wanted first, as if all those housed before had
    wanted this one too. False proves nothing: who wants which communes together is not counted.
    """
    bornes = [b for b in BORNES if (demandes @ np.array(b.facteurs)).any()]
    capacites = [b.capacites(eligibles) for b in bornes]
    return not bornes or any(_suffisent(np.argsort(c, kind="stable"), demandes, bornes, capacites) for c in capacites)


def _suffisent(ordre: npt.NDArray[np.intp], demandes: Entiers, bornes: list[Borne], capacites: list[Entiers]) -> bool:
    demandes = demandes[ordre]
    avant = np.cumsum(demandes, axis=0) - demandes
    for borne, capacite in zip(bornes, capacites, strict=True):
        ici = demandes @ np.array(borne.facteurs)
        if (ici[ici > 0] + (avant @ np.array(borne.rivaux))[ici > 0] > capacite[ordre][ici > 0]).any():
            return False
    return True


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


def _demandes(plan: Plan, communes: list[str]) -> Entiers:
    """One row (M, D, L, C) per commune: see the module."""
    equilibre, aci = plan.equilibre, plan.aci
    colonnes = (
        equilibre["a_reorienter"].where(equilibre["sens"] > 0, 0).groupby(equilibre["commune"]).sum(),
        equilibre["a_reorienter"].where(equilibre["sens"] < 0, 0).groupby(equilibre["commune"]).sum(),
        aci["a_reorienter"].groupby(aci["commune"]).sum(),
        aci["n_communs"].groupby(aci["commune"]).sum(),
    )
    return np.column_stack([c.reindex(communes, fill_value=0).to_numpy(dtype=np.int64) for c in colonnes])


def _serrees(demandes: Entiers, eligibles: pd.DataFrame, raison: Raison) -> list[Limite]:
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


Reels = npt.NDArray[np.float64]
INFINI = float("inf")
_ENTIER = 1e-6
_MOINS_DE_LA_MOITIE = 0.4


class SansSolution(Exception):
    """No whole numbers answer every row."""


@dataclass(frozen=True, eq=False)
class Programme:
    """Whole numbers x from 0 to `plafonds`, each costing `couts` a unit, with `bas` ≤ `lignes` · x ≤ `haut`."""

    couts: Reels
    plafonds: Reels
    lignes: csr_array
    bas: Reels
    haut: Reels

    def constrain(self, lignes: Any, bas: npt.ArrayLike, haut: npt.ArrayLike) -> Programme:
        """The same with more rows, one bound each."""
        bas, haut = (np.broadcast_to(np.asarray(b, dtype=np.float64), lignes.shape[0]) for b in (bas, haut))
        return replace(
            self,
            lignes=vstack([self.lignes, lignes], format="csr"),
            bas=np.concatenate([self.bas, bas]),
            haut=np.concatenate([self.haut, haut]),
        )

    def solve(self) -> npt.NDArray[np.int64]:
        """The least cost, proved to less than half a unit: exact for what costs 1 when the rest costs less.

        Raises `SansSolution` when no whole numbers answer.
        """
        # Nearly always the optimum in real numbers is whole already, and is then that of whole numbers too: branching,
        # several times longer, is for when it is not.
        relache = self._milp()
        x = relache.x
        if (np.abs(x - np.rint(x)) > _ENTIER).any():
            x = self._milp(1, _MOINS_DE_LA_MOITIE / max(1.0, abs(relache.fun))).x
        return np.rint(x).astype(np.int64)

    def _milp(self, entiers: int = 0, ecart: float = 0.0) -> Any:
        # Half a second of import that only a plan pays.
        from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

        if len(self.couts) == 0:
            if (self.bas > 0).any() or (self.haut < 0).any():
                raise SansSolution
            return OptimizeResult(x=np.zeros(0), fun=0.0)
        resultat = milp(
            self.couts,
            integrality=entiers,
            bounds=Bounds(0, self.plafonds),
            constraints=[LinearConstraint(_sort(self.lignes), self.bas, self.haut)] if len(self.bas) else [],
            options={"mip_rel_gap": ecart},
        )
        if resultat.x is None:
            raise SansSolution
        return resultat


def _sort(lignes: csr_array) -> csr_array:
    """The same rows, each in the order of its variables."""
    triees = lignes.copy()
    triees.eliminate_zeros()
    triees.sum_duplicates()
    return triees
