"""What there is to do what a target asks, made ready once: a step of a slider is then a few sums of small arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.simulation.engagement.attentes import SEMESTRES_PAR_AN
from mel_core.simulation.reorientation.cibles import Motif
from mel_core.simulation.reorientation.faisabilite import (
    ENSEMBLE,
    PROFILS,
    SEUIL_TENDU,
    Faisabilite,
    Limite,
    Raison,
    en_logements,
    entrees,
    gravite,
    release,
    verdict_de,
)

Entiers = npt.NDArray[np.int64]
Reels = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Jugement:
    """Can it be done, and with what.

    `limite`: the verdict and what binds. `motif`: why nothing can change, when nothing can. `n_demandes`: attributions
    to reorient. `n_vacances`: dwellings freed in the cells asked, where it is known; `n_inconnus` of the `n_lieux`
    cells asked do not say. `n_eligibles`: applicants of the profiles asked who want a commune of the scope, each one
    once; `eligibles`: by commune asked, those who want it (a demande counts in each).
    """

    limite: Limite
    motif: Motif | None
    n_demandes: int
    n_vacances: int
    n_lieux: int
    n_inconnus: int
    n_eligibles: int
    eligibles: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Moyens:
    """Dwellings freed and applicants, beside the cells of `reorient` and in their order.

    `rangs`: the commune of each cell among `communes` (codes, sorted). `libres`: see `faisabilite.release`.
    `eligibles`: by direction asked, the applicants of its profile by commune; `ensemble`: over the scope, each once.
    `n_loges`: ACI households whom today's practice houses within the horizon, `n_observes` those whom it housed in
    twelve months; `n_menages`: all who wait and will come by then. Of another indicator, 0 and None.
    """

    indicateur: str
    communes: tuple[str, ...]
    rangs: npt.NDArray[np.intp]
    bailleurs: tuple[str, ...]
    fragilites: tuple[str, ...]
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
        """From the frames of `faisabilite.locate`. `n_loges_an`: see `faisabilite.entrees`; None: those of `cellules`,
        which are then of twelve months."""
        rangs, communes = pd.factorize(cellules["commune"], sort=True)
        par_commune = eligibles.set_index("commune")
        ensemble = eligibles[eligibles["commune"] == ENSEMBLE]
        profils = PROFILS[indicateur]
        stock: tuple[int, int, int | None] = (0, 0, None)
        if indicateur == "aci":
            loges = int(cellules["numerateur"].sum())
            observes = loges if n_loges_an is None else n_loges_an
            stock = loges, observes, int(ensemble["n_aci"].sum()) + entrees(eligibles, observes, horizon)
        return cls(
            indicateur,
            tuple(map(str, communes)),
            rangs,
            tuple(cellules["bailleur"]),
            tuple(cellules["fragilite"]) if "fragilite" in cellules else ("",) * len(cellules),
            release(cellules, vacances, horizon),
            {
                sens: par_commune[profil].reindex(communes).fillna(0).to_numpy(dtype=np.int64)
                for sens, profil in profils.items()
            },
            {sens: int(ensemble[profil].sum()) for sens, profil in profils.items()},
            *stock,
        )

    def judge(self, mouvements: Entiers) -> Jugement:
        """Whether it can be done: the worst of its cells, communes and of the scope, and what binds most.

        `mouvements`: `a_reorienter` × `sens`, in the order of the cells. Infeasible: a cell asks for more than the
        dwellings that it frees, a commune (or the scope) for more than its eligible applicants. Tight: more than
        `SEUIL_TENDU` of them, or households who may be the same in several communes (see `demande.est_certaine`): it
        is never feasible when it is not. ACI households: infeasible when they are more, with those housed already, than
        wait and will come. What binds most is what is exceeded by the most attributions, or, when
        nothing is, what takes the largest share of its eligible applicants.
        """
        demandes = np.abs(mouvements)
        lieux = demandes > 0
        vues = self.libres[lieux]
        par_sens = {
            sens: np.bincount(self.rangs, np.clip(sens * mouvements, 0, None), len(self.communes)).astype(np.int64)
            for sens in PROFILS[self.indicateur]
        }
        eligibles = {
            self.communes[i]: sum(int(self.eligibles[s][i]) for s, n in par_sens.items() if n[i])
            for i in np.flatnonzero(sum(par_sens.values()))
        }
        limites = [
            *self._limites_de_vacances(demandes),
            *(x for sens, n in par_sens.items() if n.any() for x in self._limites_de_demande(sens, n)),
            *self._limites_de_stock(int(mouvements.sum())),
        ]
        motif = None
        if len(vues) and (vues == 0).all():
            motif = Motif.AUCUNE_VACANCE
        elif len(vues) and not any(self.eligibles[s][n > 0].any() for s, n in par_sens.items()):
            motif = Motif.AUCUN_ELIGIBLE
        return Jugement(
            max(limites, key=gravite, default=Limite()),
            motif,
            int(demandes.sum()),
            int(
                en_logements(vues[~np.isnan(vues)].sum(keepdims=True))[0]
            ),  # rounded once: cell by cell, it would exceed
            len(vues),
            int(np.isnan(vues).sum()),
            sum(self.ensemble[s] for s, n in par_sens.items() if n.any()),
            eligibles,
        )

    def _limites_de_vacances(self, demandes: Entiers) -> Iterator[Limite]:
        """The cells that exceed by the most the dwellings that they free: the others bind less."""
        vacances = en_logements(self.libres)
        depassements = demandes - np.nan_to_num(vacances, nan=np.inf)
        pire = depassements.max(initial=0)
        for i in np.flatnonzero(depassements == pire) if pire > 0 else ():
            yield Limite(
                Faisabilite.INFAISABLE,
                Raison.VACANCES,
                self.communes[self.rangs[i]],
                self.bailleurs[i],
                self.fragilites[i],
                n_demandes=int(demandes[i]),
                n_disponibles=int(vacances[i]),
            )

    def _limites_de_stock(self, mouvement: int) -> Iterator[Limite]:
        """Nobody houses households who do not exist. What was observed was done: there is nothing to judge of it."""
        total = self.n_loges + mouvement
        if self.n_menages is not None and total > self.n_menages and (mouvement or self.n_loges != self.n_observes):
            yield Limite(
                Faisabilite.INFAISABLE,
                Raison.STOCK,
                profil=PROFILS[self.indicateur][1],
                n_demandes=total,
                n_disponibles=self.n_menages,
            )

    def _limites_de_demande(self, sens: int, n: Entiers) -> Iterator[Limite]:
        """Those of one direction; `n`: what it asks of each commune."""
        profil, disponibles = PROFILS[self.indicateur][sens], self.eligibles[sens]
        for i in np.flatnonzero((n > 0) & (n > float(SEUIL_TENDU) * disponibles)):
            yield Limite(
                verdict_de(int(n[i]), int(disponibles[i])),
                Raison.ELIGIBLES,
                self.communes[i],
                profil=profil,
                n_demandes=int(n[i]),
                n_disponibles=int(disponibles[i]),
            )
        total, ensemble = int(n.sum()), self.ensemble[sens]
        verdict = verdict_de(total, ensemble)
        if verdict is not Faisabilite.FAISABLE:
            yield Limite(verdict, Raison.ELIGIBLES_ENSEMBLE, profil=profil, n_demandes=total, n_disponibles=ensemble)
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
