"""The targets of a plan: on whom each one bears, and what it asks, in whole households."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
Bornes = tuple[Fraction | None, Fraction | None]


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
        if (self.equilibre.indicateur, self.aci.indicateur) != ("equilibre", "aci"):
            raise ValueError("a plan has the targets of equilibre, then those of aci")
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
    plancher: Fraction | None
    plafond: Fraction | None

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
    def bornes_exactes(self) -> tuple[float | None, float | None]:
        """The same bounds on the movement alone, before they are rounded to whole households."""
        bas = None if self.plancher is None else float(self.plancher * self.n - self.k)
        return bas, None if self.plafond is None else float(self.plafond * self.n - self.k)

    @property
    def n_un_point(self) -> int:
        """How many households a target one point softer would ask less (at most)."""
        moins = 0 if self.plancher is None else self.bas - ceil(max(self.plancher - POINT, Fraction(0)) * self.n)
        plus = 0 if self.plafond is None else floor(min(self.plafond + POINT, Fraction(1)) * self.n) - self.haut
        return max(moins, plus, 0)


def objectifs(equilibre: pd.DataFrame, aci: pd.DataFrame, scenario: ScenarioPlan) -> list[ObjectifPlan]:
    """The whole by class, each commune by class; the whole, each commune, bailleur and their cross for the ACI.

    A place where nothing is expected has no target. The cells say in `n_observes` the attributions of twelve months
    by which a place is large enough or not; without it, `n_connus` are those. Cells are numbered from 0, as in the
    frames of `plan.make_plan`; the list has the same order whatever the shares.
    """
    return Lieux(equilibre, aci).objectifs(scenario)


class Lieux:
    """The places of a plan, found and counted once: `objectifs` of the same cells, whatever the shares."""

    def __init__(self, equilibre: pd.DataFrame, aci: pd.DataFrame) -> None:
        self._equilibre, self._aci = _Compte(equilibre), _Compte(aci)

    def objectifs(self, scenario: ScenarioPlan) -> list[ObjectifPlan]:
        tous = [*_equilibre(self._equilibre, scenario), *_aci(self._aci, scenario)]
        return [o for o in tous if o.n]


@dataclass(frozen=True, eq=False)
class _Lieu:
    """Cells of one combination of codes: `n` and `k` of the period, `observes`, the attributions of twelve months."""

    codes: tuple[str, ...]
    lignes: Lignes
    n: int
    k: int
    observes: int


class _Compte:
    """Cells as arrays, and the place of each combination of codes."""

    def __init__(self, cellules: pd.DataFrame) -> None:
        self.cellules = cellules
        self._n, self._k = (cellules[c].to_numpy(dtype=np.int64) for c in ("n_connus", "numerateur"))
        observes = cellules["n_observes" if "n_observes" in cellules else "n_connus"]
        self._observes = observes.to_numpy(dtype=np.int64)
        self._connus: dict[tuple[str, ...], list[_Lieu]] = {}
        self.ensemble = self.lieu((), np.arange(len(cellules), dtype=np.int64))

    def par(self, *cles: str) -> list[_Lieu]:
        if cles not in self._connus:
            self._connus[cles] = [
                self.lieu(tuple(map(str, codes if isinstance(codes, tuple) else (codes,))), lignes.astype(np.int64))
                for codes, lignes in self.cellules.groupby(list(cles)).indices.items()
            ]
        return self._connus[cles]

    def lieu(self, codes: tuple[str, ...], lignes: Lignes) -> _Lieu:
        n, k, observes = (int(comptes[lignes].sum()) for comptes in (self._n, self._k, self._observes))
        return _Lieu(codes, lignes, n, k, observes)


def _objectif(indicateur: str, niveau: str, ou: tuple[str, str, str], lieu: _Lieu, bornes: Bornes) -> ObjectifPlan:
    plancher, plafond = bornes
    return ObjectifPlan(
        indicateur,
        niveau,
        *ou,
        lieu.lignes,
        lieu.n,
        lieu.k,
        # A band that passes 0 or 1 asks nothing on that side.
        None if plancher is None else max(plancher, Fraction(0)),
        None if plafond is None else min(plafond, Fraction(1)),
    )


def _equilibre(compte: _Compte, scenario: ScenarioPlan) -> Iterator[ObjectifPlan]:
    classes = {lieu.codes[0]: lieu for lieu in compte.par("fragilite")}
    for fragilite in FRAGILITES:
        if fragilite in classes:
            bornes = scenario.equilibre.bornes(fragilite)
            yield _objectif("equilibre", ENSEMBLE, ("", "", fragilite), classes[fragilite], bornes)
    for lieu in compte.par("commune", "fragilite"):
        commune, fragilite = lieu.codes
        if fragilite in FRAGILITES and lieu.observes >= scenario.effectif_minimal:
            bornes = scenario.equilibre.bornes(fragilite)
            yield _objectif("equilibre", "commune", (commune, "", fragilite), lieu, bornes)


def _aci(compte: _Compte, scenario: ScenarioPlan) -> Iterator[ObjectifPlan]:
    leviers = scenario.aci.cibles
    yield _objectif("aci", ENSEMBLE, ("", "", ""), compte.ensemble, (scenario.aci.cible, None))
    for niveau, cles in (("commune", ("commune",)), ("bailleur", ("bailleur",)), (CROISEMENT, ("commune", "bailleur"))):
        for lieu in compte.par(*cles):
            ou = dict(zip(cles, lieu.codes, strict=True))
            # A place that the levers name has its own target, low or high; a cross takes the softer of its two.
            propres = [leviers[x] for x in ou.items() if x in leviers]
            est_nommee = bool(propres) and niveau != CROISEMENT
            if est_nommee or lieu.observes >= scenario.effectif_minimal:
                place = (ou.get("commune", ""), ou.get("bailleur", ""), "")
                cible = min(propres, default=scenario.aci.cible)
                yield _objectif("aci", niveau, place, lieu, (cible, None))
