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
    to reorient. `n_vacances`: dwellings freed in the cells asked, where it is known; of the `n_lieux` cells asked,
    `n_inconnus` do not say, `n_serres` free fewer than they are asked, which another split may mend. `n_eligibles`:
    applicants of the profiles asked who want a commune of the scope, each one once; `eligibles`: by commune asked,
    those who want it (a demande counts in each).
    """

    limite: Limite
    motif: Motif | None
    n_demandes: int
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
    codes, sorted. `libres`: see `faisabilite.release`.
    `eligibles`: by direction asked, the applicants of its profile by commune; `ensemble`: over the scope, each once.
    `n_loges`: ACI households whom today's practice houses within the horizon, `n_observes` those whom it housed in
    twelve months; `n_menages`: all who wait and will come by then. Of another indicator, 0 and None.
    """

    indicateur: str
    lieux: Mapping[str, tuple[npt.NDArray[np.intp], tuple[str, ...]]]
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
        niveaux = [c for c in ("commune", "bailleur", "fragilite") if c in cellules]
        reperes = {c: pd.factorize(cellules[c], sort=True) for c in niveaux}
        lieux = {c: (rangs, tuple(map(str, codes))) for c, (rangs, codes) in reperes.items()}
        communes = lieux["commune"][1]
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
            lieux | {ENSEMBLE: (np.zeros(len(cellules), dtype=np.intp), ("",))},
            release(cellules, vacances, horizon),
            {
                sens: par_commune[profil].reindex(list(communes)).fillna(0).to_numpy(dtype=np.int64)
                for sens, profil in profils.items()
            },
            {sens: int(ensemble[profil].sum()) for sens, profil in profils.items()},
            *stock,
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
        par_sens = {
            sens: np.bincount(rangs, np.clip(sens * mouvements, 0, None), len(communes)).astype(np.int64)
            for sens in PROFILS[self.indicateur]
        }
        eligibles = {
            communes[i]: sum(int(self.eligibles[s][i]) for s, n in par_sens.items() if n[i])
            for i in np.flatnonzero(sum(par_sens.values()))
        }
        limites = [
            *self._limites_de_vacances(demandes),
            *(x for sens, n in par_sens.items() if n.any() for x in self._limites_de_demande(sens, n)),
            *self._limites_de_stock(int(mouvements.sum())),
        ]
        est_vide = not any(self.eligibles[s][n > 0].any() for s, n in par_sens.items())
        return Jugement(
            max(limites, key=gravite, default=Limite()),
            Motif.AUCUN_ELIGIBLE if len(vues) and est_vide else None,
            int(demandes.sum()),
            int(
                en_logements(vues[~np.isnan(vues)].sum(keepdims=True))[0]
            ),  # rounded once: cell by cell, it would exceed
            len(vues),
            int(np.isnan(vues).sum()),
            int((demandes > np.nan_to_num(en_logements(self.libres), nan=np.inf)).sum()),
            sum(self.ensemble[s] for s, n in par_sens.items() if n.any()),
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
        profil, disponibles, communes = PROFILS[self.indicateur][sens], self.eligibles[sens], self.lieux["commune"][1]
        for i in np.flatnonzero((n > 0) & (n > float(SEUIL_TENDU) * disponibles)):
            yield Limite(
                verdict_de(int(n[i]), int(disponibles[i])),
                Raison.ELIGIBLES,
                communes[i],
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
