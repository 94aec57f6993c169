"""What a reader can work out of published figures: the interval left to each withheld count (security.md).

A published figure is the sum of some cells. What is known of a withheld sum is the least and the most that it can be
under all of them, two linear programs (HiGHS). Pure: numbers in, intervals out. The intervals are those of real
numbers: on whole ones they can only be narrower where the tables are more than two-way.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from mel_core import solveur
from mel_core.secret.regroupement import SEUIL

LARGEUR = SEUIL // 2  # a small count keeps at least that many other values
_TEMOINS = 12  # draws before targets are looked at one by one
_EPSILON = 1e-6

Cellules = Collection[int]


@dataclass(frozen=True)
class Intervalle:
    """What a reader knows of a withheld count `n`: it lies from `bas` to `haut`, whole and both possible."""

    n: int
    bas: int
    haut: int

    @property
    def est_retrouve(self) -> bool:
        return self.bas == self.haut

    @property
    def est_protege(self) -> bool:
        """A small count keeps `LARGEUR` other values, a larger one that was withheld for its sake at least one."""
        return self.haut - self.bas >= _largeur(self.n)


def _largeur(n: int) -> int:
    return LARGEUR if n < SEUIL else 1


class Publication:
    """Counts by cell, and what is shown of them.

    `effectifs`: households of each cell, whole, ≥ 0. `publies`: for each figure shown, the cells that it adds up.
    `presents`: sets of cells shown to hold somebody without saying how many (a masked box is not an empty one).
    `cibles`: the sums that are withheld, by name.
    """

    def __init__(
        self,
        effectifs: Sequence[int],
        publies: Sequence[Cellules],
        cibles: Mapping[Hashable, Cellules],
        presents: Sequence[Cellules] = (),
    ) -> None:
        vrais = np.asarray(effectifs, dtype="float64")
        self.noms = list(cibles)
        tout = sp.vstack([_matrice(x, len(vrais)) for x in (publies, presents, [cibles[c] for c in self.noms])]).tocsc()
        # Cells that are always together are one unknown.
        colonnes: dict[bytes, int] = {}
        ou = np.array(
            [
                colonnes.setdefault(tout.indices[tout.indptr[i] : tout.indptr[i + 1]].tobytes(), len(colonnes))
                for i in range(len(vrais))
            ],
            dtype="int64",
        )
        premieres = np.unique(ou, return_index=True)[1]
        self._vrais = np.bincount(ou, weights=vrais, minlength=len(colonnes))
        reduite = tout[:, premieres].tocsr()
        self._bornes = np.cumsum([len(publies), len(presents), len(self.noms)])
        self.effectifs = (reduite[self._bornes[1] :] @ self._vrais).round().astype(int)
        self._blocs = self._decouper(reduite)

    def _decouper(self, tout: sp.csr_matrix) -> list[_Bloc]:
        """Figures that share no cell, even from one to the next, are as many smaller programs."""
        graphe = sp.bmat([[None, tout], [tout.T, None]])
        composantes = connected_components(graphe, directed=False)[1]
        lignes, colonnes = composantes[: tout.shape[0]], composantes[tout.shape[0] :]
        blocs = []
        for bloc in np.unique(lignes[self._bornes[1] :]):
            rangs, vues = np.flatnonzero(lignes == bloc), np.flatnonzero(colonnes == bloc)
            publies, presents, cibles = np.split(rangs, np.searchsorted(rangs, self._bornes[:2]))
            publie, present, cible = (tout[r][:, vues] for r in (publies, presents, cibles))
            blocs.append(_Bloc(self._vrais[vues], publie, present, cible, publies, cibles - self._bornes[1]))
        return blocs

    def intervalles(self) -> dict[Hashable, Intervalle]:
        """The interval of every target."""
        return {self.noms[i]: b.intervalle(j)[0] for b in self._blocs for j, i in enumerate(b.cibles)}

    def mal_proteges(self) -> dict[Hashable, tuple[Intervalle, list[int]]]:
        """The targets that are not protected, each with the published figures (by rank) that give it away."""
        return {self.noms[b.cibles[j]]: trouve for b in self._blocs for j, trouve in b.mal_proteges().items()}


@dataclass(frozen=True)
class _Bloc:
    """One program: what is shown (sums equal to the true ones; sums of at least 1), what is withheld, their ranks."""

    vrais: np.ndarray
    publie: sp.csr_matrix
    present: sp.csr_matrix
    cible: sp.csr_matrix
    publies: np.ndarray
    cibles: np.ndarray

    def mal_proteges(self) -> dict[int, tuple[Intervalle, list[int]]]:
        """Every solution of a program is a table that the reader can't tell from the true one: a few drawn at random
        show most targets protected, and only the others are looked at one by one."""
        vrais = self.cible @ self.vrais
        bas, haut = vrais.copy(), vrais.copy()
        voulu = np.array([_largeur(n) for n in vrais]) - _EPSILON
        alea = np.random.default_rng(0)

        def reste() -> np.ndarray:
            return np.floor(haut + _EPSILON) - np.ceil(bas - _EPSILON) < voulu

        def voir(solution: np.ndarray) -> None:
            vus = self.cible @ solution
            np.minimum(bas, vus, out=bas)
            np.maximum(haut, vus, out=haut)

        for _ in range(_TEMOINS):
            if not reste().any():
                return {}
            poids = np.where(reste(), alea.choice([-1.0, 1.0], len(vrais)) * alea.random(len(vrais)), 0.0)
            voir(self._resoudre(poids @ self.cible)[0])
        trouves = {}
        for i in map(int, np.flatnonzero(reste())):
            if reste()[i]:
                intervalle, coupables, solutions = self.intervalle(i)
                for solution in solutions:
                    voir(solution)
                if not intervalle.est_protege:
                    trouves[i] = (intervalle, coupables)
        return trouves

    def intervalle(self, i: int) -> tuple[Intervalle, list[int], list[np.ndarray]]:
        """That of target `i`, the figures that bound it if it is not protected, the two tables that reach its ends."""
        cout = self.cible[[i]].toarray().ravel()
        moins, plus = self._resoudre(cout)[0], self._resoudre(-cout)[0]
        bas, haut = int(np.ceil(cout @ moins - _EPSILON)), int(np.floor(cout @ plus + _EPSILON))
        intervalle = Intervalle(int((self.cible[[i]] @ self.vrais)[0].round()), bas, haut)
        if intervalle.est_protege:
            return intervalle, [], [moins, plus]
        # Of several figures that tell as much, which are named must not depend on what was asked before.
        duales = sum(np.abs(self._resoudre(c, est_neuf=True)[1]) for c in (cout, -cout))
        coupables = [int(self.publies[j]) for j in np.flatnonzero(duales > _EPSILON)]
        return intervalle, coupables, [moins, plus]

    def _resoudre(self, cout: np.ndarray, *, est_neuf: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """The table where `cout` is least, and the dual of each figure shown.

        Begins where the last one ended, unless `est_neuf`.
        """
        highs = self._solveur
        if est_neuf:
            highs.clearSolver()
        # From a table, the primal simplex goes on to the next: only the objective changes.
        highs.setOptionValue("simplex_strategy", 1 if est_neuf else 4)
        highs.changeColsCost(len(cout), np.arange(len(cout), dtype=np.int32), cout)
        if not solveur.resoudre(highs):
            etat = highs.modelStatusToString(highs.getModelStatus())
            raise RuntimeError(f"the audit found no table for what is published: {etat}")
        solution = highs.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)[: len(self.publies)]

    @cached_property
    def _solveur(self) -> Any:
        lignes = sp.vstack([self.publie, self.present]).tocsr()
        sommes, n_presents = self.publie @ self.vrais, self.present.shape[0]
        return solveur.ouvrir(
            np.zeros(len(self.vrais)),
            # Where no figure bounds a sum, it stays finite.
            np.full(len(self.vrais), self.vrais.sum() + SEUIL),
            lignes,
            np.concatenate([sommes, np.ones(n_presents)]),
            np.concatenate([sommes, np.full(n_presents, np.inf)]),
        )


def _matrice(ensembles: Sequence[Cellules], largeur: int) -> sp.csr_matrix:
    """One row of 0 and 1 per set."""
    tailles = [len(e) for e in ensembles]
    colonnes = np.fromiter((c for e in ensembles for c in e), dtype="int64", count=sum(tailles))
    return sp.csr_matrix(
        (np.ones(len(colonnes)), colonnes, np.concatenate([[0], np.cumsum(tailles)]).astype("int64")),
        shape=(len(ensembles), largeur),
    )
