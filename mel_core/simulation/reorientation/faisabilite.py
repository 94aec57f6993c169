"""Can what a scenario asks be done: are there enough vacancies, and enough applicants who asked for that commune?

What there is to do it is made ready once: a step of a slider is then a few sums of small arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.simulation.reorientation.grille import SEMESTRES_PAR_AN, Motif
from mel_core.socle.appellations import Appele

SEUIL_TENDU = Fraction(1, 2)  # above this share of the eligible applicants, every second one would have to be housed
ENSEMBLE = "ensemble"
CLES = ("commune", "bailleur", "fragilite")
Entiers = npt.NDArray[np.int64]
Reels = npt.NDArray[np.float64]

# Whom a reorientation houses, by its direction: the column of the demand that counts them.
PROFILS = {
    "equilibre": {1: "n_modestes", -1: "n_non_modestes"},
    "aci": {1: "n_aci", -1: "n_non_aci"},
}


class Faisabilite(Appele):
    """Whether what is asked can be done, the least serious first."""

    FAISABLE = "faisable", "faisable"
    TENDU = "tendu", "tendu"
    INFAISABLE = "infaisable", "infaisable tel quel"


class Raison(StrEnum):
    """What binds: dwellings freed, or applicants (of a commune, or of the whole scope, each counted once).

    `PLUSIEURS_COMMUNES`: enough in each commune and in all, but nothing proves that they are not the same households.
    `STOCK`: with those whom today's practice houses already, more than wait and will come.
    """

    VACANCES = "vacances"
    ELIGIBLES = "eligibles"
    ELIGIBLES_ENSEMBLE = "eligibles_ensemble"
    PLUSIEURS_COMMUNES = "plusieurs_communes"
    STOCK = "stock"


@dataclass(frozen=True)
class Limite:
    """The verdict and the place that binds most: what is asked of it, what it has. Empty codes: not told apart."""

    verdict: Faisabilite = Faisabilite.FAISABLE
    raison: Raison | None = None
    commune: str = ""
    bailleur: str = ""
    fragilite: str = ""
    profil: str = ""
    n_demandes: int = 0
    n_disponibles: int = 0

    @property
    def gravite(self) -> tuple[int, int, Fraction, tuple[str, str, str]]:
        """Sorts limits, the one that binds most last: verdict, what is exceeded, share taken, then codes."""
        rang = list(Faisabilite).index(self.verdict)
        taux = Fraction(self.n_demandes, max(self.n_disponibles, 1))
        return rang, max(0, self.n_demandes - self.n_disponibles), taux, (self.commune, self.bailleur, self.fragilite)


@dataclass(frozen=True)
class Jugement:
    """Can it be done, and with what.

    `limite`: the verdict and what binds. `motif`: why nothing can change, when nothing can. `n_vacances`: dwellings
    freed in the cells asked, where it is known; of the `n_lieux` cells asked, `n_inconnus` do not say, `n_serres` free
    fewer than they are asked, which another split may mend. `n_eligibles`: applicants of the profiles asked who want a
    commune of the scope, each one once; `eligibles`: by commune asked, those who want it (a demande counts in each).
    """

    limite: Limite
    motif: Motif | None
    n_vacances: int
    n_lieux: int
    n_inconnus: int
    n_serres: int
    n_eligibles: int
    eligibles: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Moyens:
    """Dwellings freed and applicants, beside the cells of `reorient` and in their order.

    `lieux`: by level at which one decides (the whole, a class, a commune, a bailleur), the place of each cell among
    codes, sorted. `libres_an`: see `release`; `libres`, the same within the horizon.
    `eligibles`: by direction asked, the applicants of its profile by commune; `ensemble`: over the scope, each once.
    `n_loges`: ACI households whom today's practice houses within the horizon, `n_observes` those whom it housed in
    twelve months; `n_menages`: all who wait and will come by then. Of another indicator, 0 and None.
    """

    indicateur: str
    lieux: Mapping[str, tuple[npt.NDArray[np.intp], tuple[str, ...]]]
    libres_an: Reels
    libres: Reels
    eligibles: Mapping[int, Entiers]
    ensemble: Mapping[int, int]
    n_loges: int = 0
    n_observes: int = 0
    n_menages: int | None = None

    @classmethod
    def de(
        cls,
        cellules: pd.DataFrame,
        indicateur: str,
        eligibles: pd.DataFrame,
        vacances: pd.DataFrame,
        horizon: int = SEMESTRES_PAR_AN,
        n_loges_an: int | None = None,
    ) -> Moyens:
        """`eligibles`: one row per commune (`ensemble`: the whole scope, each applicant once) with the counts of
        `PROFILS`. `vacances`: one row per cell, `n_vacances_an`, dwellings freed a year (≥ 0, not whole; a missing cell
        or an empty one is unknown: it binds nothing). `n_loges_an`: see `entrees`; None: those of `cellules`, which are
        then of twelve months."""
        reperes = {c: pd.factorize(cellules[c], sort=True) for c in CLES if c in cellules}
        lieux = {c: (rangs, tuple(map(str, codes))) for c, (rangs, codes) in reperes.items()}
        par_commune = eligibles.set_index("commune")
        ensemble = eligibles[eligibles["commune"] == ENSEMBLE]
        libres_an = release(cellules, vacances)
        stock: tuple[int, int, int | None] = (0, 0, None)
        if indicateur == "aci":
            loges = int(cellules["numerateur"].sum())
            observes = loges if n_loges_an is None else n_loges_an
            stock = loges, observes, int(ensemble["n_aci"].sum()) + entrees(eligibles, observes, horizon)
        return cls(
            indicateur,
            lieux | {ENSEMBLE: (np.zeros(len(cellules), dtype=np.intp), ("",))},
            libres_an,
            libres_an * horizon / SEMESTRES_PAR_AN,
            {
                sens: par_commune[profil].reindex(list(lieux["commune"][1])).fillna(0).to_numpy(dtype=np.int64)
                for sens, profil in PROFILS[indicateur].items()
            },
            {sens: int(ensemble[profil].sum()) for sens, profil in PROFILS[indicateur].items()},
            *stock,
        )

    def locate(self, reorientees: pd.DataFrame) -> pd.DataFrame:
        """Beside each cell of `reorient`, what it has to do what is asked: `n_vacances_an` (as given: what adds up
        before it is rounded), `n_vacances` (dwellings freed within the horizon, rounded up; empty when unknown),
        `n_eligibles` (applicants of the profile asked who want the commune, whatever the bailleur; empty when nothing
        is asked), `n_demandes_commune` (what all the cells of the commune ask of them). Whether it can be done is not
        said of a cell: see `judge`.
        """
        sens, demandes = (reorientees[c].to_numpy(dtype=np.int64) for c in ("sens", "a_reorienter"))
        rangs, communes = self.lieux["commune"]
        n_eligibles, n_demandes = np.zeros_like(demandes), np.zeros_like(demandes)
        for cote, siens in self.eligibles.items():
            est_la = sens == cote
            n_eligibles[est_la] = siens[rangs[est_la]]
            n_demandes[est_la] = np.bincount(rangs, demandes * est_la, len(communes)).astype(np.int64)[rangs[est_la]]
        libres = en_logements(self.libres)
        return reorientees.assign(
            n_vacances_an=self.libres_an,
            n_vacances=pd.arrays.IntegerArray(np.nan_to_num(libres).astype(np.int64), np.isnan(libres)),
            n_eligibles=pd.arrays.IntegerArray(n_eligibles, demandes == 0),
            n_demandes_commune=n_demandes,
        )

    def judge(self, mouvements: Entiers) -> Jugement:
        """Whether it can be done: the worst of the places where one decides, and what binds most.

        `mouvements`: `a_reorienter` × `sens`, in the order of the cells. Infeasible: the whole, a class, a commune or a
        bailleur asks for more than the dwellings that it frees (a cell that does is no verdict: see `Jugement`), a
        commune (or the scope) for more than its eligible applicants. Tight: more than
        `SEUIL_TENDU` of them, or households who may be the same in several communes (see `demande.est_certaine`): it
        is never feasible when it is not. ACI households: infeasible when they are more, with those housed already, than
        wait and will come. What binds most is what is exceeded by the most attributions, or, when
        nothing is, what takes the largest share of its eligible applicants.
        """
        demandes = np.abs(mouvements)
        rangs, communes = self.lieux["commune"]
        vues = self.libres[demandes > 0]
        par_sens: dict[int, Entiers] = {}
        for sens in self.eligibles:
            n = np.bincount(rangs, np.clip(sens * mouvements, 0, None), len(communes)).astype(np.int64)
            if n.any():
                par_sens[sens] = n
        limites = [
            *self._limites_de_vacances(demandes),
            *(x for sens, n in par_sens.items() for x in self._limites_de_demande(sens, n)),
            *self._limites_de_stock(int(mouvements.sum())),
        ]
        eligibles = {
            communes[i]: sum(int(self.eligibles[s][i]) for s, n in par_sens.items() if n[i])
            for i in np.flatnonzero(sum(par_sens.values(), start=np.zeros(len(communes), dtype=np.int64)))
        }
        return Jugement(
            max(limites, key=lambda limite: limite.gravite, default=Limite()),
            Motif.AUCUN_ELIGIBLE if len(vues) and not any(eligibles.values()) else None,
            int(en_logements(vues[~np.isnan(vues)].sum())),  # rounded once: cell by cell, it would exceed
            len(vues),
            int(np.isnan(vues).sum()),
            int((demandes > np.nan_to_num(en_logements(self.libres), nan=np.inf)).sum()),
            sum(self.ensemble[s] for s in par_sens),
            eligibles,
        )

    def _limites_de_vacances(self, demandes: Entiers) -> Iterator[Limite]:
        """The places that exceed the dwellings that they free; one with a cell that does not say binds nothing."""
        for niveau, (rangs, codes) in self.lieux.items():
            demandees, libres = (np.bincount(rangs, x, len(codes)).astype(np.float64) for x in (demandes, self.libres))
            libres = en_logements(libres)
            for i in np.flatnonzero(demandees > np.nan_to_num(libres, nan=np.inf)):
                ou = {} if niveau == ENSEMBLE else {niveau: codes[i]}
                n, disponibles = int(demandees[i]), int(libres[i])
                yield Limite(Faisabilite.INFAISABLE, Raison.VACANCES, **ou, n_demandes=n, n_disponibles=disponibles)

    def _limites_de_stock(self, mouvement: int) -> Iterator[Limite]:
        """Nobody houses households who do not exist. What was observed was done: there is nothing to judge of it."""
        total, profil = self.n_loges + mouvement, PROFILS[self.indicateur][1]
        if self.n_menages is not None and total > self.n_menages and (mouvement or self.n_loges != self.n_observes):
            yield Limite(
                Faisabilite.INFAISABLE, Raison.STOCK, profil=profil, n_demandes=total, n_disponibles=self.n_menages
            )

    def _limites_de_demande(self, sens: int, n: Entiers) -> Iterator[Limite]:
        """Those of one direction; `n`: what it asks of each commune."""
        profil, disponibles = PROFILS[self.indicateur][sens], self.eligibles[sens]
        total, ensemble = int(n.sum()), self.ensemble[sens]
        yield from limites_de_demande(n, disponibles, self.lieux["commune"][1], Raison.ELIGIBLES, profil)
        yield from limites_de_demande(np.array([total]), np.array([ensemble]), ("",), Raison.ELIGIBLES_ENSEMBLE, profil)
        concernees = np.flatnonzero(n)
        ordre = concernees[np.argsort(disponibles[concernees], kind="stable")]
        if (np.cumsum(n[ordre]) > disponibles[ordre]).any():
            yield Limite(
                Faisabilite.TENDU,
                Raison.PLUSIEURS_COMMUNES,
                profil=profil,
                n_demandes=total,
                n_disponibles=ensemble,
            )


def limites_de_demande(
    demandes: Entiers, disponibles: Entiers, communes: Sequence[str], raison: Raison, profil: str
) -> Iterator[Limite]:
    """Where more than `SEUIL_TENDU` of the applicants of a profile are asked for, or more than there are."""
    for i in np.flatnonzero(demandes > float(SEUIL_TENDU) * disponibles).tolist():
        n, n_disponibles = int(demandes[i]), int(disponibles[i])
        verdict = Faisabilite.INFAISABLE if n > n_disponibles else Faisabilite.TENDU
        yield Limite(verdict, raison, communes[i], profil=profil, n_demandes=n, n_disponibles=n_disponibles)


def est_jugeable(eligibles: pd.DataFrame) -> bool:
    """Whether who waits is known at all: not one applicant of any profile in the scope is demandes never loaded."""
    ensemble = eligibles[eligibles["commune"] == ENSEMBLE]
    return bool(ensemble.drop(columns="commune").to_numpy().any())


def entrees(eligibles: pd.DataFrame, n_loges_an: int, horizon: int) -> int:
    """ACI households who will come within `horizon`, if those of the last twelve months go on.

    `eligibles` has, for the whole scope, `n_aci` (waiting for a first access) and `n_aci_avant` (twelve months before);
    `n_loges_an` is how many were housed meanwhile. What came, less what left otherwise than by a lease, is what makes
    up the difference.
    """
    ensemble = eligibles[eligibles["commune"] == ENSEMBLE]
    par_an = max(0, int(ensemble["n_aci"].sum()) - int(ensemble["n_aci_avant"].sum()) + n_loges_an)
    return ceil(Fraction(par_an * horizon, SEMESTRES_PAR_AN))


def release(cellules: pd.DataFrame, vacances: pd.DataFrame) -> Reels:
    """Dwellings freed a year in each of the `cellules`: a rate, seldom whole; not a number when unknown."""
    cles = [c for c in CLES if c in cellules and c in vacances]
    return cellules[cles].merge(vacances, on=cles, how="left")["n_vacances_an"].to_numpy(dtype=np.float64)


def en_logements(libres: Reels) -> Reels:
    """Whole dwellings: what is begun counts, a hair of binary rounding does not."""
    return np.ceil(libres - 1e-9)


def sum_up_vacances(vacances: pd.DataFrame, cles: list[str]) -> pd.DataFrame:
    """One row per combination of `cles`: `n_vacances_an`, dwellings freed a year, empty (unknown) as soon as one of its
    parts is.
    """
    sommes = vacances.groupby(cles, as_index=False)["n_vacances_an"].agg(["sum", "size", "count"])
    connues = sommes["sum"].astype("float64").where(sommes["size"] == sommes["count"])
    return sommes[cles].assign(n_vacances_an=connues)
