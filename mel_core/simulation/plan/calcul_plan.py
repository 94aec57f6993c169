"""All the targets at once: the fewest attributions to reorient, or which targets give way least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.simulation.plan.demande import BORNES, Borne
from mel_core.simulation.plan.objectifs_plan import POINT, Lieux, ObjectifPlan, ScenarioPlan, objectifs
from mel_core.simulation.plan.programme import Indices, Programme, SansSolution
from mel_core.simulation.reorientation.faisabilite import ENSEMBLE, sum_up_vacances
from mel_core.simulation.reorientation.partage import SEMESTRES_PAR_AN

_CELLULE = ["commune", "bailleur"]
# A quartier of each class only ever needs to move one way, but in the middle one.
_PEUT_MONTER, _PEUT_DESCENDRE = ("sans", "moyenne"), ("fragile", "moyenne")
# Between two plans as short as each other, the one that asks no cell for much more than the others: each gives by
# quarters. A region has too many cells for it.
_TRANCHES, _CELLULES_MAX = 4, 10_000
_COLONNES = [
    "indicateur",
    "niveau",
    "commune",
    "bailleur",
    "fragilite",
    "n",
    "numerateur",
    "numerateur_vise",
    "bas",
    "haut",
    "plancher",
    "plafond",
    "manque",
    "raison",
    "n_un_point",
]


@dataclass(frozen=True, eq=False)
class Plan:
    """What to do, and what is not held.

    `equilibre` and `aci`: the cells received, with `a_reorienter` (whole) and `sens` (+1, −1 or 0); `aci` adds
    `n_communs`, those of its reorientations that are one of the equilibre's too (a modest ACI household).
    `objectifs`: one row per target: indicateur, niveau, commune, bailleur, fragilite (empty: not told apart), `n`,
    `numerateur`, `numerateur_vise`, `bas` and `haut` (what it asks), `manque` (households short of it, 0 when it is
    held), `raison` (what binds, when it is not held), `n_un_point` (households that one point less would not ask).
    `n_reorientes`: attributions concerned, each counted once.
    """

    equilibre: pd.DataFrame
    aci: pd.DataFrame
    objectifs: pd.DataFrame
    n_reorientes: int

    @property
    def manque(self) -> int:
        return int(self.objectifs["manque"].sum())


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
    equilibre, aci = equilibre.reset_index(drop=True), aci.reset_index(drop=True)
    visees = objectifs(equilibre, aci, scenario)
    cadre = _Cadre(equilibre, aci, eligibles, vacances, horizon)
    try:
        solution, manques = _solve_ferme(cadre, visees)
    except SansSolution:
        solution, manques = _solve_souple(cadre, visees)
    return _render(cadre, visees, solution, manques)


def prix_du_point(
    equilibre: pd.DataFrame,
    aci: pd.DataFrame,
    scenario: ScenarioPlan,
    eligibles: pd.DataFrame,
    vacances: pd.DataFrame,
    horizon: int,
) -> dict[str, float | None]:
    """What one point more of each target costs, wherever it applies: attributions reoriented more, about.

    By target: `fragile` (one point lower), `sans` and `aci` (one point higher), `moyenne` (a band one point narrower on
    each side). Exact but for the whole numbers: the least reorientation is a slope, read on the program without them.
    None: the targets can't all hold then. Empty when they can't all hold as they are. Arguments: see `make_plan`.
    """
    equilibre, aci = equilibre.reset_index(drop=True), aci.reset_index(drop=True)
    montage = _Cadre(equilibre, aci, eligibles, vacances, horizon).raise_up(tranches=1)
    programme = montage.programme
    debut = programme.n_contraintes
    lieux = Lieux(equilibre, aci)
    for o in lieux.objectifs(scenario):
        programme.constrain(montage.mouvement(o))
    rangs = range(debut, programme.n_contraintes)
    essais = _un_point_de_plus(scenario)
    bornes = ([o.bornes_exactes for o in lieux.objectifs(s)] for s in (scenario, *essais.values()))
    trouves = programme.couts_relaches(montage.couts_nus(), rangs, bornes)
    depart = next(trouves)
    if depart is None:
        return {}
    return {nom: None if cout is None else max(0.0, cout - depart) for nom, cout in zip(essais, trouves, strict=True)}


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


@dataclass(frozen=True, eq=False)
class _Montage:
    """The program without its targets, and where its variables are."""

    programme: Programme
    raise_up: Indices  # tranche × cell of equilibre
    descendre: Indices
    loger: Indices  # tranche × cell of aci
    communs: Indices  # cell of aci

    def couts_nus(self) -> npt.NDArray[np.float64]:
        """One for an attribution, whatever its tranche."""
        couts = np.ones(self.programme.n_variables)
        couts[self.communs] = -1
        return couts

    def mouvement(self, objectif: ObjectifPlan) -> list[tuple[Indices, float]]:
        if objectif.indicateur == "aci":
            return [(_de(self.loger, objectif.lignes), 1.0)]
        return [(_de(self.raise_up, objectif.lignes), 1.0), (_de(self.descendre, objectif.lignes), -1.0)]


def _de(variables: Indices, cellules: Sequence[int] | Indices) -> Indices:
    """All the tranches of some cells."""
    return np.asarray(variables[:, cellules].ravel(), dtype=np.int64)


class _Cadre:
    """What bounds a plan, whatever its targets."""

    def __init__(
        self,
        equilibre: pd.DataFrame,
        aci: pd.DataFrame,
        eligibles: pd.DataFrame,
        vacances: pd.DataFrame,
        horizon: int,
    ) -> None:
        self.equilibre, self.aci = equilibre, aci
        libres = vacances.assign(libres=vacances["n_vacances_an"] * horizon / SEMESTRES_PAR_AN)
        cles = [*_CELLULE, "fragilite"]
        self.libres = _en_entiers(equilibre[cles].merge(libres, on=cles, how="left")["libres"])
        par_cellule = aci[_CELLULE].merge(sum_up_vacances(vacances, _CELLULE), on=_CELLULE, how="left")
        self.libres_aci = _en_entiers(par_cellule["n_vacances_an"] * horizon / SEMESTRES_PAR_AN)
        self.eligibles = eligibles.set_index("commune")
        self._capacites = {
            b.profil: dict(zip(eligibles["commune"], b.capacites(eligibles), strict=True)) for b in BORNES
        }

    def raise_up(self, tranches: int | None = None) -> _Montage:
        programme = Programme()
        if tranches is None:
            tranches = _TRANCHES if len(self.equilibre) <= _CELLULES_MAX else 1
        k, n = (self.equilibre[c].to_numpy(dtype=np.int64) for c in ("numerateur", "n_connus"))
        classe = self.equilibre["fragilite"]
        raise_up = np.minimum(n - k, self.libres) * classe.isin(_PEUT_MONTER).to_numpy()
        descendre = np.minimum(k, self.libres) * classe.isin(_PEUT_DESCENDRE).to_numpy()
        k_aci, n_aci = (self.aci[c].to_numpy(dtype=np.int64) for c in ("numerateur", "n_connus"))
        loger = np.minimum(n_aci - k_aci, self.libres_aci)
        # All the tranches together cost less than half an attribution: the total is the least, whatever they do.
        pas = 1 / (2 * tranches * float(raise_up.sum() + descendre.sum() + loger.sum()) + 1)
        raise_up, descendre, loger = (_par_tranches(programme, x, tranches, pas) for x in (raise_up, descendre, loger))
        communs = programme.add(n_aci - k_aci, -1)
        montage = _Montage(programme, raise_up, descendre, loger, communs)
        self._cellules(montage)
        self._demande(montage)
        return montage

    def _cellules(self, m: _Montage) -> None:
        """Each cell frees so many dwellings; what serves both targets is part of each."""
        for i in np.flatnonzero(np.isfinite(self.libres) & (self.equilibre["fragilite"] == "moyenne").to_numpy()):
            termes = [(_de(m.raise_up, [int(i)]), 1.0), (_de(m.descendre, [int(i)]), 1.0)]
            m.programme.constrain(termes, haut=float(self.libres[i]))
        lignes = self.equilibre.groupby(_CELLULE).indices
        for j, cellule in enumerate(self.aci[_CELLULE].itertuples(index=False, name=None)):
            ici = lignes.get(cellule, np.zeros(0, dtype=np.int64))
            communs, loger, raise_up = m.communs[[j]], _de(m.loger, [j]), _de(m.raise_up, ici)
            m.programme.constrain([(communs, 1.0), (loger, -1.0)], haut=0)
            m.programme.constrain([(communs, 1.0), (raise_up, -1.0)], haut=0)
            if np.isfinite(self.libres_aci[j]):
                termes = [(raise_up, 1.0), (_de(m.descendre, ici), 1.0), (loger, 1.0), (communs, -1.0)]
                m.programme.constrain(termes, haut=float(self.libres_aci[j]))

    def _demande(self, m: _Montage) -> None:
        """No more households than applicants: of each commune, and of the scope, each applicant once."""
        lignes, lignes_aci = (f.groupby("commune").indices for f in (self.equilibre, self.aci))
        vide = np.zeros(0, dtype=np.int64)
        for commune in sorted({*lignes, *lignes_aci}):
            ici, ici_aci = lignes.get(commune, vide), lignes_aci.get(commune, vide)
            places = (_de(m.raise_up, ici), _de(m.descendre, ici), _de(m.loger, ici_aci), m.communs[ici_aci])
            self._bound(m.programme, places, str(commune))
        if ENSEMBLE in self.eligibles.index:
            self._bound(m.programme, (m.raise_up.ravel(), m.descendre.ravel(), m.loger.ravel(), m.communs), ENSEMBLE)

    def _bound(self, programme: Programme, places: Sequence[Indices], commune: str) -> None:
        for borne in BORNES:
            # Without cells of one indicator, what bounds both is what bounds the other.
            termes = [(p, float(f)) for p, f in zip(places, borne.facteurs, strict=True) if f]
            if all(len(p) for p, f in termes if f > 0):
                programme.constrain(termes, haut=self.n_eligibles(commune, borne))

    def frame(self, indicateur: str) -> pd.DataFrame:
        return self.aci if indicateur == "aci" else self.equilibre

    def n_eligibles(self, commune: str, borne: Borne) -> int:
        return int(self._capacites[borne.profil].get(commune, 0))


def _par_tranches(programme: Programme, capacite: npt.NDArray[np.float64], tranches: int, pas: float) -> Indices:
    """Each cell in equal parts of what it can give, the later ones a little dearer: tranche × cell."""
    bornes = np.floor(np.outer(np.arange(tranches + 1) / tranches, capacite) + 1e-9)
    return np.stack([programme.add(bornes[t + 1] - bornes[t], 1 + (t + 1) * pas) for t in range(tranches)])


def _en_entiers(libres: pd.Series) -> npt.NDArray[np.float64]:
    """Dwellings begun count (see `faisabilite.locate`); unknown: as many as one likes."""
    valeurs = np.ceil(libres.to_numpy(dtype=np.float64) - 1e-9)
    return np.where(np.isnan(valeurs), np.inf, valeurs)


_Solution = tuple[_Montage, npt.NDArray[np.int64]]


def _solve_ferme(cadre: _Cadre, visees: list[ObjectifPlan]) -> tuple[_Solution, list[int]]:
    montage = cadre.raise_up()
    for o in visees:
        montage.programme.constrain(montage.mouvement(o), bas=o.bas - o.k, haut=o.haut - o.k)
    return (montage, montage.programme.solve()), [0] * len(visees)


def _solve_souple(cadre: _Cadre, visees: list[ObjectifPlan]) -> tuple[_Solution, list[int]]:
    """Twice: the fewest households missed, then, missing no more, the fewest attributions reoriented."""
    montage = cadre.raise_up()
    programme = montage.programme
    n_mouvements = programme.n_variables
    manques = programme.add([o.n for o in visees], 0)
    for o, manque in zip(visees, manques, strict=True):
        mouvement = montage.mouvement(o)
        if o.plancher is not None:
            programme.constrain([*mouvement, (manque[None], 1.0)], bas=o.bas - o.k)
        if o.plafond is not None:
            programme.constrain([*mouvement, (manque[None], -1.0)], haut=o.haut - o.k)
    seuls = np.zeros(programme.n_variables)
    seuls[n_mouvements:] = 1
    trouve = programme.solve(seuls)
    programme.constrain([(manques, 1.0)], haut=int(trouve[manques].sum()))
    solution = programme.solve()
    return (montage, solution), solution[manques].tolist()


def _render(cadre: _Cadre, visees: list[ObjectifPlan], trouve: _Solution, manques: list[int]) -> Plan:
    montage, x = trouve
    plus, moins, loges = (x[places].sum(axis=0) for places in (montage.raise_up, montage.descendre, montage.loger))
    communs = x[montage.communs]
    mouvement = plus - moins
    equilibre = cadre.equilibre.assign(a_reorienter=plus + moins, sens=np.sign(mouvement))
    aci = cadre.aci.assign(a_reorienter=loges, sens=np.sign(loges), n_communs=communs)
    raisons = _Raisons(cadre, mouvement, loges, communs)
    lignes: list[dict[str, Any]] = []
    for o, manque in zip(visees, manques, strict=True):
        pris = loges if o.indicateur == "aci" else mouvement
        lignes.append(
            {
                **{c: getattr(o, c) for c in ("indicateur", "niveau", "commune", "bailleur", "fragilite", "n")},
                "numerateur": o.k,
                "numerateur_vise": o.k + int(pris[o.lignes].sum()),
                "bas": o.bas,
                "haut": o.haut,
                "plancher": None if o.plancher is None else float(o.plancher),
                "plafond": None if o.plafond is None else float(o.plafond),
                "manque": manque,
                "raison": raisons.de(o) if manque else "",
                "n_un_point": o.n_un_point,
            }
        )
    total = int(plus.sum() + moins.sum() + loges.sum() - communs.sum())
    return Plan(equilibre, aci, pd.DataFrame(lignes, columns=_COLONNES), total)


class _Raisons:
    """What keeps a target from being met: applicants, dwellings freed, or the attributions expected themselves."""

    def __init__(self, cadre: _Cadre, mouvement: Indices, loges: Indices, communs: Indices) -> None:
        self._cadre = cadre
        demandes = {
            ("equilibre", 1): np.maximum(mouvement, 0),
            ("equilibre", -1): np.maximum(-mouvement, 0),
            ("aci", 1): loges,
        }
        self._demandes = demandes
        par_commune = {
            cle: pd.Series(x).groupby(cadre.frame(cle[0])["commune"].to_numpy()).sum() for cle, x in demandes.items()
        }
        partages = pd.Series(communs).groupby(cadre.aci["commune"].to_numpy()).sum()
        comptes = pd.DataFrame([*par_commune.values(), partages]).T.fillna(0).astype("int64")
        self._pleines: dict[tuple[str, int], npt.NDArray[np.bool_]] = {}
        self._est_epuise: dict[tuple[str, int], bool] = {}
        for rang, cle in enumerate(demandes):
            bornes = [b for b in BORNES if b.facteurs[rang]]
            pleines = {
                c: self._est_pleine(str(c), ligne, bornes)
                for c, ligne in zip(comptes.index, comptes.to_numpy(), strict=True)
            }
            self._pleines[cle] = cadre.frame(cle[0])["commune"].map(pleines).to_numpy(dtype=bool)
            est_compte = ENSEMBLE in cadre.eligibles.index
            self._est_epuise[cle] = est_compte and self._est_pleine(ENSEMBLE, comptes.sum().to_numpy(), bornes)

    def _est_pleine(self, commune: str, demandes: Indices, bornes: Sequence[Borne]) -> bool:
        return any(demandes @ np.array(b.facteurs) >= self._cadre.n_eligibles(commune, b) for b in bornes)

    def de(self, o: ObjectifPlan) -> str:
        cle = (o.indicateur, 1 if o.k < o.bas else -1)
        pleines = self._pleines[cle][o.lignes]
        if pleines.all():
            return "eligibles"
        if self._est_epuise[cle]:
            return "eligibles_ensemble"
        frame = self._cadre.frame(o.indicateur)
        k, n = (frame[c].to_numpy(dtype=np.int64)[o.lignes] for c in ("numerateur", "n_connus"))
        reste = (n - k if cle[1] > 0 else k) - self._demandes[cle][o.lignes]
        return "vacances" if (~pleines & (reste > 0)).any() else "attributions"
