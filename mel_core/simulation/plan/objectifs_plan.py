"""The targets of a plan: on whom each one bears, and what it asks, in whole households; the plan that answers them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.simulation.reorientation.grille import CibleEssayee
from mel_core.socle.erreurs import AppelIncorrect

ENSEMBLE, CROISEMENT = "ensemble", "croisement"
POINT = Fraction(1, 100)

Lignes = npt.NDArray[np.int64]
# How each indicator is cut to have targets, by level.
_NIVEAUX: dict[str, dict[str, list[str]]] = {
    "equilibre": {ENSEMBLE: ["fragilite"], "commune": ["commune", "fragilite"]},
    "aci": {ENSEMBLE: [], "commune": ["commune"], "bailleur": ["bailleur"], CROISEMENT: ["commune", "bailleur"]},
}


@dataclass(frozen=True)
class ScenarioPlan:
    """All the targets at once: those of the equilibre and of the ACI.

    `effectif_minimal`: a place (commune × class, commune, bailleur, commune × bailleur) with fewer attributions over
    twelve months, whatever the horizon, has no target of its own: it still counts in those of the whole. Raises
    `AppelIncorrect` for a number under 1.
    """

    equilibre: CibleEssayee
    aci: CibleEssayee
    effectif_minimal: int = EFFECTIF_MINIMAL  # under it no place is judged on its own

    def __post_init__(self) -> None:
        if self.effectif_minimal < 1:
            raise AppelIncorrect(f"« effectif_minimal » vaut {self.effectif_minimal} : donner 1 ou plus.")


@dataclass(frozen=True, eq=False)
class ObjectifPlan:
    """One target: the cells `lignes` must hold from `bas` to `haut` households, out of `n` of whom `k` today.

    `plancher` and `plafond` are the shares that it comes from. Empty codes: not told apart.
    """

    indicateur: str
    niveau: str
    commune: str
    bailleur: str
    fragilite: str
    lignes: Lignes
    n: int
    k: int
    plancher: Fraction | None = None
    plafond: Fraction | None = None

    def vers(self, scenario: ScenarioPlan) -> ObjectifPlan:
        """The same place, at the shares that the scenario aims at: a cross takes the softer of its two."""
        if self.indicateur == "equilibre":
            plancher, plafond = scenario.equilibre.bornes(self.fragilite)
        else:
            lieux, leviers = (("commune", self.commune), ("bailleur", self.bailleur)), scenario.aci.cibles
            plancher, plafond = min([leviers[x] for x in lieux if x in leviers], default=scenario.aci.cible), None
        return replace(
            self,
            # A band that passes 0 or 1 asks nothing on that side.
            plancher=None if plancher is None else max(plancher, Fraction(0)),
            plafond=None if plafond is None else min(plafond, Fraction(1)),
        )

    @property
    def bas(self) -> int:
        if self.plancher is None:
            return 0
        bas = ceil(self.plancher * self.n)
        # A narrow band may hold no whole number: then the two nearest ones will do (the contract's gap does the same).
        return bas if self.plafond is None else min(bas, floor(self.plafond * self.n))

    @property
    def haut(self) -> int:
        if self.plafond is None:
            return self.n
        haut = floor(self.plafond * self.n)
        return haut if self.plancher is None else max(haut, ceil(self.plancher * self.n))

    @property
    def n_un_point(self) -> int:
        """How many households a target one point softer would ask less (at most)."""
        moins = 0 if self.plancher is None else self.bas - ceil(max(self.plancher - POINT, Fraction(0)) * self.n)
        plus = 0 if self.plafond is None else floor(min(self.plafond + POINT, Fraction(1)) * self.n) - self.haut
        return max(moins, plus, 0)


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


def objectifs(equilibre: pd.DataFrame, aci: pd.DataFrame, scenario: ScenarioPlan) -> list[ObjectifPlan]:
    """The whole by class, each commune by class; the whole, each commune, bailleur and their cross for the ACI.

    A place where nothing is expected has no target. The cells say in `n_observes` the attributions of twelve months
    by which a place is large enough or not; without it, `n_connus` are those. Cells are numbered from 0, as in the
    frames of `plan.make_plan`; the list has the same order whatever the shares.
    """
    trouves = []
    for indicateur, cellules in (("equilibre", equilibre), ("aci", aci)):
        n, k = (cellules[c].to_numpy(dtype=np.int64) for c in ("n_connus", "numerateur"))
        observes = cellules["n_observes"].to_numpy(dtype=np.int64) if "n_observes" in cellules else n
        for niveau, cles in _NIVEAUX[indicateur].items():
            lieux = cellules.groupby(cles).indices if cles else {(): np.arange(len(cellules))}
            for codes, lues in lieux.items():
                lignes = np.asarray(lues, dtype=np.int64)
                ou = dict(zip(cles, map(str, codes if isinstance(codes, tuple) else (codes,)), strict=True))
                commune, bailleur, fragilite = (ou.get(cle, "") for cle in ("commune", "bailleur", "fragilite"))
                siens, observes_la = (int(x[lignes].sum()) for x in (n, observes))
                lieu = ObjectifPlan(
                    indicateur, niveau, commune, bailleur, fragilite, lignes, siens, int(k[lignes].sum())
                )
                est_grand = niveau == ENSEMBLE or observes_la >= scenario.effectif_minimal
                est_classe = lieu.fragilite in FRAGILITES or indicateur == "aci"
                # A place that the levers name has its own target, low or high.
                est_nomme = (niveau, ou.get(niveau, "")) in scenario.aci.cibles
                if lieu.n and est_classe and (est_grand or (est_nomme and indicateur == "aci")):
                    trouves.append(lieu.vers(scenario))
    return trouves
