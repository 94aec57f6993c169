"""All the targets at once: the fewest attributions to reorient, or which targets give way least."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array, eye_array, hstack, vstack

from mel_core.simulation.plan.demande import BORNES, INFINI, Programme, Reels, SansSolution
from mel_core.simulation.plan.objectifs_plan import POINT, ObjectifPlan, Plan, ScenarioPlan, objectifs
from mel_core.simulation.reorientation.faisabilite import ENSEMBLE, en_logements, release, sum_up_vacances
from mel_core.simulation.reorientation.grille import SEMESTRES_PAR_AN

_CELLULE = ["commune", "bailleur"]
# A quartier of each class only ever needs to move one way, but in the middle one.
_PEUT_MONTER, _PEUT_DESCENDRE = ("sans", "moyenne"), ("fragile", "moyenne")
# Between two plans as short as each other, the one that asks no cell for much more than the others: each gives by
# quarters. A region has too many cells for it.
_TRANCHES, _CELLULES_MAX = 4, 10_000
_FACTEURS = np.array([borne.facteurs for borne in BORNES])
Entiers = npt.NDArray[np.int64]


def make_plan(
    equilibre: pd.DataFrame,
    aci: pd.DataFrame,
    scenario: ScenarioPlan,
    eligibles: pd.DataFrame,
    vacances: pd.DataFrame,
    horizon: int,
) -> Plan:
    """The least reorientation that meets every target of `scenario` within the dwellings freed and the demand.

    `equilibre`: commune × bailleur × fragilite; `aci`: commune × bailleur, first access; both with the attributions
    expected within `horizon` semesters, `n_connus` and `numerateur`, and `n_observes`, those of twelve months (see
    `objectifs`). `eligibles` and `vacances`: see `faisabilite.locate`; `eligibles` has the counts of `demande.BORNES`;
    `vacances` is by commune × bailleur × fragilite, a missing cell is unknown and binds nothing.

    A cell gives no more than it has, nor than it frees. A commune, and the whole scope, house no more households of a
    profile, or of several, than applicants of it who want the commune, each counted once. One attribution may serve
    both targets, when it goes to a modest ACI household: there are no more of these than such applicants. When the
    targets can't all be met, the fewest households are missed, summed over the targets, then the fewest attributions
    reoriented. Inputs are untouched.
    """
    tranches = _TRANCHES if len(equilibre) <= _CELLULES_MAX else 1
    cadre = _CadreDuPlan(equilibre, aci, eligibles, vacances, horizon, tranches)
    visees = objectifs(cadre.equilibre, cadre.aci, scenario)
    programme, buts = cadre.build(), cadre.mouvements(visees)
    k = np.array([o.k for o in visees], dtype=np.float64)
    bas, haut = (np.array([getattr(o, c) for o in visees], dtype=np.float64) - k for c in ("bas", "haut"))
    try:
        x = programme.constrain(buts, bas, haut).solve()
        manques = np.zeros(len(visees), dtype=np.int64)
    except SansSolution:
        x, manques = _solve_twice(programme, buts, visees)
    return _render(cadre, visees, x, manques)


def prix_du_point(
    equilibre: pd.DataFrame,
    aci: pd.DataFrame,
    scenario: ScenarioPlan,
    eligibles: pd.DataFrame,
    vacances: pd.DataFrame,
    horizon: int,
) -> dict[str, int | None]:
    """What one point more of each target costs, wherever it applies: attributions that the plan would reorient more.

    By target: `fragile` (one point lower), `sans` and `aci` (one point higher), `moyenne` (a band one point narrower on
    each side): the plan of the point less the plan. None: the targets can't all hold then. Empty when they can't all
    hold as they are. Arguments: see `make_plan`.
    """
    cadre = _CadreDuPlan(equilibre, aci, eligibles, vacances, horizon, tranches=1)
    visees = objectifs(cadre.equilibre, cadre.aci, scenario)
    nu, buts = cadre.build(), cadre.mouvements(visees)
    # One for an attribution, less one where it serves both targets.
    programme = replace(nu, couts=np.sign(nu.couts))

    def cost(tente: ScenarioPlan) -> int | None:
        tentees = [o.vers(tente) for o in visees]
        bas, haut = ([getattr(o, c) - o.k for o in tentees] for c in ("bas", "haut"))
        try:
            return int(programme.couts @ programme.constrain(buts, bas, haut).solve())
        except SansSolution:
            return None

    depart = cost(scenario)
    if depart is None:
        return {}
    trouves = {nom: cost(essai) for nom, essai in _un_point_de_plus(scenario).items()}
    return {nom: None if cout is None else cout - depart for nom, cout in trouves.items()}


def _un_point_de_plus(scenario: ScenarioPlan) -> dict[str, ScenarioPlan]:
    """The scenario with one of its targets a point more demanding; none where there is no more to ask."""
    eq, essais = scenario.equilibre, {}
    for classe, sens in (("fragile", -1), ("sans", 1)):
        cible = eq.cibles.get(classe, eq.cible) + sens * POINT
        if 0 <= cible <= 1:
            essais[classe] = replace(scenario, equilibre=replace(eq, cibles={**eq.cibles, classe: cible}))
    if eq.bande >= POINT:
        essais["moyenne"] = replace(scenario, equilibre=replace(eq, bande=eq.bande - POINT))
    if scenario.aci.cible + POINT <= 1:
        essais["aci"] = replace(scenario, aci=replace(scenario.aci, cible=scenario.aci.cible + POINT))
    return essais


class _CadreDuPlan:
    """What bounds a plan, whatever its targets: cells, dwellings freed (infinite: unknown), applicants by place.

    `lieux`: the communes, then the whole scope where its applicants are counted; `dans`, `dans_aci`: which cells are in
    each.
    """

    def __init__(
        self,
        equilibre: pd.DataFrame,
        aci: pd.DataFrame,
        eligibles: pd.DataFrame,
        vacances: pd.DataFrame,
        horizon: int,
        tranches: int,
    ) -> None:
        self.tranches = tranches
        self.equilibre, self.aci = equilibre.reset_index(drop=True), aci.reset_index(drop=True)
        par_an = release(self.equilibre, vacances), release(self.aci, sum_up_vacances(vacances, _CELLULE))
        libres = [en_logements(x * horizon / SEMESTRES_PAR_AN) for x in par_an]
        self.libres, self.libres_aci = (np.where(np.isnan(x), INFINI, x) for x in libres)
        lieux = sorted({*equilibre["commune"], *aci["commune"]})
        lieux += [ENSEMBLE] if ENSEMBLE in set(eligibles["commune"]) else []
        self.lieux = lieux
        self.dans, self.dans_aci = (
            _incidence(lieux, f.groupby("commune").indices | {ENSEMBLE: f.index.to_numpy()}, len(f))
            for f in (self.equilibre, self.aci)
        )
        comptes = eligibles.set_index("commune").reindex(lieux, fill_value=0)
        self.capacites = np.stack([borne.capacites(comptes) for borne in BORNES])  # borne × place

    def build(self) -> Programme:
        """The program without its targets: movements by tranche × cell of equilibre, up then down, households housed by
        tranche × cell of aci, those of them who serve both targets by cell of aci."""
        tranches = self.tranches
        k, n, k_aci, n_aci = (
            f[c].to_numpy(dtype=np.int64) for f in (self.equilibre, self.aci) for c in ("numerateur", "n_connus")
        )
        classe = self.equilibre["fragilite"]
        mobiles = (
            np.minimum(n - k, self.libres) * classe.isin(_PEUT_MONTER).to_numpy(),
            np.minimum(k, self.libres) * classe.isin(_PEUT_DESCENDRE).to_numpy(),
            np.minimum(n_aci - k_aci, self.libres_aci),
        )
        # All the tranches together cost less than half an attribution: the total is the least, whatever they do.
        pas = 1 / (2 * tranches * float(sum(x.sum() for x in mobiles)) + 1)
        plafonds, couts = [], []
        for mobile in mobiles:  # in equal parts of what each cell can give, the later ones a little dearer
            bornes = np.floor(np.outer(np.arange(tranches + 1) / tranches, mobile) + 1e-9)
            plafonds.append(np.diff(bornes, axis=0).ravel())
            couts.append(np.repeat(1 + (np.arange(tranches) + 1) * pas, len(mobile)))
        plafonds, couts = [*plafonds, n_aci - k_aci], [*couts, np.full(len(self.aci), -1.0)]
        lignes, haut = zip(*self._bound(), strict=True)
        hauts = np.concatenate(haut)
        bas = np.full(len(hauts), -INFINI)
        return Programme(np.concatenate(couts), np.concatenate(plafonds), vstack(lignes, format="csr"), bas, hauts)

    def _bound(self) -> list[tuple[csr_array, Reels]]:
        """Each cell frees so many dwellings; what serves both targets is part of each; no more households than
        applicants, of each commune and of the scope, each applicant once."""
        siennes = list(self.aci[_CELLULE].itertuples(index=False, name=None))
        dedans = _incidence(siennes, self.equilibre.groupby(_CELLULE).indices, len(self.equilibre))
        est_double = (self.equilibre["fragilite"] == "moyenne").to_numpy()
        seules, une = eye_array(len(self.equilibre), format="csr")[est_double], eye_array(len(self.aci))
        rien = csr_array((seules.shape[0], len(self.aci)))
        rangees = [
            _interleave([self._rows(seules, rien, (1, 1, 0, 0))], self.libres[None, est_double]),
            _interleave(
                [self._rows(dedans, une, f) for f in ((0, 0, -1, 1), (-1, 0, 0, 1), (1, 1, 1, -1))],
                np.stack([np.zeros(len(self.aci)), np.zeros(len(self.aci)), self.libres_aci]),
            ),
        ]
        # Without cells of one indicator, what bounds both is what bounds the other.
        tailles = [np.diff(d.indptr) for d in (self.dans, self.dans, self.dans_aci, self.dans_aci)]
        a_des_cellules = np.stack(tailles) > 0
        est_utile = np.array([a_des_cellules[f > 0].all(axis=0) for f in _FACTEURS])
        demandes = [self._rows(self.dans, self.dans_aci, f) for f in _FACTEURS]
        return [*rangees, _interleave(demandes, np.where(est_utile, self.capacites, INFINI))]

    def mouvements(self, visees: list[ObjectifPlan]) -> csr_array:
        """What each target gains by the movements of the program."""
        dans, dans_aci = (
            _incidence(range(len(visees)), {i: o.lignes for i, o in enumerate(visees) if o.indicateur == nom}, len(f))
            for nom, f in (("equilibre", self.equilibre), ("aci", self.aci))
        )
        return self._rows(dans, dans_aci, (1, -1, 1, 0))

    def _rows(self, dans: csr_array, dans_aci: csr_array, facteurs: npt.ArrayLike) -> csr_array:
        """Rows of a program: the movements (M, D, L, C) of some cells (see `demande`), each times its factor."""
        fois = (self.tranches, self.tranches, self.tranches, 1)
        termes = zip((dans, dans, dans_aci, dans_aci), np.asarray(facteurs), fois, strict=True)
        return hstack([x * float(f) for x, f, n in termes for _ in range(n)], "csr")

    def split(self, x: Entiers) -> tuple[Entiers, Entiers, Entiers, Entiers]:
        """The movements (M, D, L, C) of each cell in a solution of the program."""
        n, n_aci = len(self.equilibre), len(self.aci)
        places = np.cumsum([self.tranches * taille for taille in (n, n, n_aci)])
        plus, moins, loges, communs = np.split(x, places)
        plus, moins, loges = (c.reshape(self.tranches, -1).sum(axis=0) for c in (plus, moins, loges))
        return plus, moins, loges, communs


def _incidence(lieux: Iterable[Hashable], cellules: Mapping[Any, Entiers], n: int) -> csr_array:
    """A row per place, with 1 for each of its cells, of `n`."""
    siennes = [cellules.get(lieu, np.zeros(0, dtype=np.int64)) for lieu in lieux]
    debuts = np.cumsum([0, *(len(x) for x in siennes)])
    colonnes = np.concatenate([*siennes, np.zeros(0, dtype=np.int64)])
    return csr_array((np.ones(len(colonnes)), colonnes, debuts), shape=(len(siennes), n))


def _interleave(blocs: list[csr_array], hauts: Reels) -> tuple[csr_array, Reels]:
    """Rows of several blocks, the first of each, then the second…, but those that nothing bounds."""
    ordre = np.arange(hauts.size).reshape(hauts.shape).T.ravel()
    ordre = ordre[np.isfinite(hauts.ravel()[ordre])]
    return vstack(blocs, format="csr")[ordre], hauts.ravel()[ordre]


def _solve_twice(programme: Programme, buts: csr_array, visees: list[ObjectifPlan]) -> tuple[Entiers, Entiers]:
    """Solved twice: the fewest households missed, then, missing no more, the fewest attributions reoriented."""
    n, n_buts = len(programme.couts), len(visees)
    bornes = [
        (rang, signe, bas, haut)
        for rang, o in enumerate(visees)
        for cible, signe, bas, haut in (
            (o.plancher, 1.0, o.bas - o.k, INFINI),
            (o.plafond, -1.0, -INFINI, o.haut - o.k),
        )
        if cible is not None
    ]
    rangs, signes, bas, haut = (np.array(x) for x in zip(*bornes, strict=True))
    manque = csr_array((signes, (np.arange(len(rangs)), rangs)), shape=(len(rangs), n_buts))
    seuls = np.concatenate([np.zeros(n), np.ones(n_buts)])
    souple = replace(
        programme,
        couts=np.concatenate([programme.couts, np.zeros(n_buts)]),
        plafonds=np.concatenate([programme.plafonds, [o.n for o in visees]]),
        lignes=hstack([programme.lignes, csr_array((len(programme.bas), n_buts))], "csr"),
    ).constrain(hstack([buts[rangs], manque]), bas, haut)
    total = int(replace(souple, couts=seuls).solve()[n:].sum())
    x = souple.constrain(csr_array(seuls[None]), -INFINI, total).solve()
    return x[:n], x[n:]


def _render(cadre: _CadreDuPlan, visees: list[ObjectifPlan], x: Entiers, manques: Entiers) -> Plan:
    plus, moins, loges, communs = cadre.split(x)
    mouvement = plus - moins
    raisons = _Raisons(cadre, mouvement, loges, communs)
    atteints = [o.k + int((loges if o.indicateur == "aci" else mouvement)[o.lignes].sum()) for o in visees]
    colonnes: dict[str, Any] = {
        **{
            c: [getattr(o, c) for o in visees]
            for c in ("indicateur", "niveau", "commune", "bailleur", "fragilite", "n")
        },
        "numerateur": [o.k for o in visees],
        "numerateur_vise": atteints,
        "bas": [o.bas for o in visees],
        "haut": [o.haut for o in visees],
        "plancher": [None if o.plancher is None else float(o.plancher) for o in visees],
        "plafond": [None if o.plafond is None else float(o.plafond) for o in visees],
        "manque": manques,
        "raison": [raisons.de(o) if manque else "" for o, manque in zip(visees, manques, strict=True)],
        "n_un_point": [o.n_un_point for o in visees],
    }
    return Plan(
        cadre.equilibre.assign(a_reorienter=plus + moins, sens=np.sign(mouvement)),
        cadre.aci.assign(a_reorienter=loges, sens=np.sign(loges), n_communs=communs),
        pd.DataFrame(colonnes),
        int(plus.sum() + moins.sum() + loges.sum() - communs.sum()),
    )


class _Raisons:
    """What keeps a target from being met: applicants, dwellings freed, or the attributions expected themselves."""

    def __init__(self, cadre: _CadreDuPlan, mouvement: Entiers, loges: Entiers, communs: Entiers) -> None:
        self._cadre = cadre
        self._demandes = np.maximum(mouvement, 0), np.maximum(-mouvement, 0), loges
        dans = (cadre.dans, cadre.dans, cadre.dans_aci, cadre.dans_aci)
        comptes = np.stack([d @ x for d, x in zip(dans, (*self._demandes, communs), strict=True)])
        self._pleines = _FACTEURS @ comptes >= cadre.capacites  # borne × place

    def de(self, o: ObjectifPlan) -> str:
        """`mouvement` (M, D, L) that it lacks: is every applicant, of its communes or of the scope, taken?"""
        est_aci = o.indicateur == "aci"
        rang = 2 if est_aci else 0 if o.k < o.bas else 1
        pleines = dict(zip(self._cadre.lieux, self._pleines[_FACTEURS[:, rang] != 0].any(axis=0), strict=True))
        frame = self._cadre.aci if est_aci else self._cadre.equilibre
        siennes = frame["commune"].iloc[o.lignes].map(pleines).to_numpy(dtype=bool)
        if siennes.all():
            return "eligibles"
        if pleines.get(ENSEMBLE, False):
            return "eligibles_ensemble"
        k, n = (frame[c].to_numpy(dtype=np.int64)[o.lignes] for c in ("numerateur", "n_connus"))
        reste = (k if rang == 1 else n - k) - self._demandes[rang][o.lignes]
        return "vacances" if (~siennes & (reste > 0)).any() else "attributions"
