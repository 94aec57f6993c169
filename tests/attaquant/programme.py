"""What can be worked out of what is shown: the least and the most that each count can be (two linear programs each).

The unknowns are cells that nobody sees; what is shown bounds sums of them. Counts are whole: the bounds are rounded
inward.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from mel_core.secret.bail import SALLE
from mel_core.secret.montrer import RegleDiffusion, regle_du
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.valeurs import Compte
from tests.attaquant.solveur import open_highs, solve_highs

_PRES = 1e-6
PETITS = range(1, 11)
AU_MOINS, LARGES, PART_LARGE = 3, 5, 0.95  # values left to each small count, to most of them, and to how many
REGLE = regle_du(aujourd_hui())


@dataclass(frozen=True)
class Ligne:
    """`bas` ≤ the sum of weight × cell ≤ `haut`."""

    poids: Mapping[int, float]
    bas: float = -math.inf
    haut: float = math.inf


def compte(cellules: Iterable[int], bas: float, haut: float) -> Ligne:
    return Ligne(dict.fromkeys(cellules, 1.0), bas, haut)


def dit(cellules: Iterable[int], montre: int | None, regle: RegleDiffusion) -> Ligne:
    """A count as the rule shows it: rounded, or « 12 ou moins »."""
    if montre is None:
        return compte(cellules, 0, regle.tus)
    return compte(cellules, max(regle.tus + 1, montre - regle.base // 2), montre + (regle.base - 1) // 2)


def part(numerateur: Iterable[int], connus: Iterable[int], bas: float, haut: float) -> list[Ligne]:
    """A share between two bounds: `bas` × known ≤ numerator ≤ `haut` × known."""
    num, tous = set(numerateur), set(connus)

    def poids(borne: float) -> dict[int, float]:
        return {c: (c in num) - borne for c in tous}

    return [Ligne(poids(bas), bas=0), Ligne(poids(haut), haut=0)]


def fusionner(lignes: Iterable[Ligne]) -> list[Ligne]:
    """The same bounds, said once: of the same sum, the tightest."""
    bornes: dict[tuple[tuple[int, float], ...], tuple[float, float]] = {}
    for ligne in lignes:
        if not ligne.poids:
            continue
        cle = tuple(sorted((int(i), float(p)) for i, p in ligne.poids.items()))
        bas, haut = bornes.get(cle, (-math.inf, math.inf))
        bornes[cle] = max(bas, ligne.bas), min(haut, ligne.haut)
    return [Ligne(dict(cle), bas, haut) for cle, (bas, haut) in bornes.items()]


def intervalles(n: int, lignes: Sequence[Ligne], cibles: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """For each sum of cells of `cibles`, the least and the most that whole numbers of households allow."""
    return list(chercher(n, lignes, cibles))


def chercher(
    n: int,
    lignes: Sequence[Ligne],
    cibles: Sequence[Sequence[int]],
    vrais: np.ndarray | None = None,
    assez: float = math.inf,
) -> Iterator[tuple[int, int]]:
    """The same, one after the other. `vrais`: the truth, which answers every line: what is sought is how far from it
    one may go, from the cells around a sum on (`_Recherche`), instead of where to start. `assez`: where so many values
    are found to be possible, no more are sought; what is found for a sum moves others, of which it is found too."""
    rangs = np.repeat(np.arange(len(lignes)), [len(ligne.poids) for ligne in lignes])
    colonnes = np.concatenate([np.fromiter(ligne.poids, dtype=int) for ligne in lignes])
    valeurs = np.concatenate([np.fromiter(ligne.poids.values(), dtype=float) for ligne in lignes])
    matrice = sp.csr_matrix((valeurs, (rangs, colonnes)), shape=(len(lignes), n))
    bas, haut = np.array([x.bas for x in lignes]), np.array([x.haut for x in lignes])
    depart = np.zeros(n) if vrais is None else vrais.astype(float)
    dits = matrice @ depart
    if vrais is not None:
        assert ((bas - dits < _PRES) & (dits - haut < _PRES)).all(), "what is shown contradicts itself"
        bas, haut = np.minimum(bas, dits), np.maximum(haut, dits)
    recherche = _Recherche(matrice, bas - dits, haut - dits, depart)
    parts = np.repeat(np.arange(len(cibles)), [len(cible) for cible in cibles])
    sommes = sp.csr_matrix((np.ones(len(parts)), (parts, np.concatenate(cibles))), shape=(len(cibles), n))
    vus = np.array([[np.inf], [-np.inf]]) if vrais is None else sommes @ depart
    extremes = np.broadcast_to(vus, (2, len(cibles))).copy()
    for i, cible in enumerate(map(np.array, cibles)):
        proches = np.arange(n) if vrais is None else recherche.around(cible)
        for sens in (1, -1):
            if _restent(*extremes[:, i]) < assez:
                trouve = sommes @ (depart + recherche.go(cible, proches, sens, assez - 1))
                np.minimum(extremes[0], trouve, out=extremes[0])
                np.maximum(extremes[1], trouve, out=extremes[1])
        yield math.ceil(extremes[0, i] - _PRES), math.floor(extremes[1, i] + _PRES)


def _restent(bas: float, haut: float) -> float:
    """How many whole numbers are between."""
    return float(np.floor(haut + _PRES) - np.ceil(bas - _PRES) + 1)


_LARGE = 300  # cells of a line: of a wider one, the others are not near
_PAR_PAS = 300  # cells more that may move, at the first step


class _Recherche:
    """How far the sums of some cells may go from `depart`, each line by `bas` to `haut` from what it is there.

    Only cells near the sum may move at first. What each line is worth there then tells which others would take it
    further: they may move too, and so on until none would. The last step is that of all the cells, found in programs a
    hundred times smaller (column generation).
    """

    def __init__(self, matrice: sp.csr_matrix, bas: np.ndarray, haut: np.ndarray, depart: np.ndarray) -> None:
        self.matrice, self.bas, self.haut, self.depart = matrice, bas, haut, depart
        self.par_colonne, self.largeurs = matrice.tocsc(), np.diff(matrice.indptr)
        self.par_cellule = matrice.T.tocsr()

    def around(self, cible: np.ndarray) -> np.ndarray:
        """The cells of the lines that a sum is part of."""
        touchees = np.unique(self.par_colonne[:, cible].indices)
        return np.union1d(cible, self.matrice[touchees[self.largeurs[touchees] <= _LARGE]].indices)

    def go(self, cible: np.ndarray, proches: np.ndarray, sens: int, loin: float) -> np.ndarray:
        """By how many each cell moves where they are the most (`sens` 1) or the fewest (-1), `loin` from the start at
        the most, which is found long before where it ends."""
        pas = _PAR_PAS
        while True:
            ecarts, prix = self._move(cible, proches, sens, loin)
            # A cell from which a line would be worth more, or less: it may hold more, or fewer where it holds somebody.
            gains = self.par_cellule @ prix
            gains[proches] = 0
            gains[(gains < 0) & (self.depart == 0)] = 0
            mieux = np.argsort(-np.abs(gains))[: min(pas, int((np.abs(gains) > _PRES).sum()))]
            if sens * ecarts[cible].sum() > loin - _PRES or not len(mieux):
                return ecarts
            proches, pas = np.union1d(proches, mieux), 2 * pas

    def _move(self, cible: np.ndarray, proches: np.ndarray, sens: int, loin: float) -> tuple[np.ndarray, np.ndarray]:
        """The same when `proches` alone may move, and what each line is worth there."""
        siennes = self.par_colonne[:, proches].tocsr()
        touchees = np.flatnonzero(np.diff(siennes.indptr))
        # As many more than at the start, or as many fewer as there were.
        (servies,) = np.nonzero(self.depart[proches])
        poids = sens * np.isin(proches, cible).astype(float)
        poids = np.concatenate([poids, -poids[servies]])
        lignes = sp.vstack([sp.hstack([siennes[touchees], -siennes[touchees][:, servies]]), sp.csr_matrix(poids)])
        plafonds = np.concatenate([np.full(len(proches), np.inf), self.depart[proches][servies]])
        bas, haut = np.append(self.bas[touchees], -np.inf), np.append(self.haut[touchees], loin)
        programme = open_highs(-poids, plafonds, lignes.tocsr(), bas, haut)
        programme.setOptionValue("presolve", "off")
        programme.setOptionValue("simplex_strategy", 4)  # primal: the start answers every line
        assert solve_highs(programme), "what is shown contradicts itself"
        solution, prix, ecarts = programme.getSolution(), np.zeros(len(self.bas)), np.zeros(len(self.depart))
        prix[touchees] = np.array(solution.row_dual)[:-1]
        bouges = np.array(solution.col_value)
        ecarts[proches] = bouges[: len(proches)]
        ecarts[proches[servies]] -= bouges[len(proches) :]
        return ecarts, prix


@dataclass
class Entendus:
    """`n`: the truth of each unknown. What is heard of sums of them, and the small sums that are not told. `dit_la`:
    whether a count that is said of a few says that there is somebody, which the room is not always told."""

    n: np.ndarray
    dit_la: bool = True
    lignes: list[Ligne] = field(default_factory=list)
    cibles: dict[tuple[int, ...], str] = field(default_factory=dict)

    def hear(
        self, ou: np.ndarray, montre: Compte | None, vrai: object, quoi: str, regle: RegleDiffusion = REGLE
    ) -> None:
        """A count of the unknowns where `ou` holds, as the room reads it; None where it has no line."""
        rangs = np.flatnonzero(ou).tolist()
        assert self.n[rangs].sum() == vrai, (quoi, self.n[rangs].sum(), vrai)
        self.aim(ou, quoi)
        if montre is not None and rangs:
            # Kept back beside its total, it is not one of a few: those are said to be.
            tu = compte(rangs, regle.tus + 1, np.inf)
            self.lignes.append(dit(rangs, montre.dit, regle) if montre.est_connu else tu)
            if self.dit_la:
                self.lignes.append(compte(rangs, min(1, self.n[rangs].sum()), np.inf))

    def hear_vrai(self, ou: np.ndarray, quoi: str) -> None:
        """A count that is told by the rule."""
        n = int(self.n[ou].sum())
        self.hear(ou, SALLE.compte(n), n, quoi)

    def hear_part(
        self,
        numerateur: np.ndarray,
        connus: np.ndarray,
        dite: float,
        quoi: str,
        *,
        est_dite_si_elle_peut: bool = False,
        des: int = REGLE.part_des,
        regle: RegleDiffusion = REGLE,
    ) -> None:
        """A share, or that it is not said: of enough known, and of a numerator that is not few, its complement is."""
        avec, tous, sans = (np.flatnonzero(x).tolist() for x in (numerateur, connus, connus & ~numerateur))
        self.aim(connus & ~numerateur, quoi)
        if pd.notna(dite):
            self.lignes += part(avec, tous, dite - 0.005, dite + 0.005)
            self.lignes.append(compte(tous, des, np.inf))
            self.lignes += [compte(x, regle.tus + 1, np.inf) for x in (avec, sans)]
        elif est_dite_si_elle_peut and self.n[tous].sum() >= des + 2 and self.n[avec].sum() > regle.tus:
            self.lignes.append(compte(sans, 0, regle.tus))

    def hear_plus(self, un: np.ndarray, autre: np.ndarray) -> None:
        """That the one is no less than the other."""
        poids = dict.fromkeys(np.flatnonzero(un & ~autre).tolist(), 1.0)
        self.hear_poids(poids | dict.fromkeys(np.flatnonzero(autre & ~un).tolist(), -1.0), 0)

    def hear_poids(self, poids: Mapping[int, float], bas: float = -math.inf, haut: float = math.inf) -> None:
        self.lignes.append(Ligne(poids, bas, haut))

    def aim(self, ou: np.ndarray, quoi: str) -> None:
        rangs = np.flatnonzero(ou).tolist()
        if self.n[rangs].sum() in PETITS:
            self.cibles.setdefault(tuple(rangs), quoi)

    def know(self, ou: np.ndarray) -> None:
        """Of what is its own, an attacker knows each count, and is asked nothing."""
        siens = set(np.flatnonzero(ou).tolist())
        self.lignes += [compte([i], self.n[i], self.n[i]) for i in siens]
        self.cibles = {cible: quoi for cible, quoi in self.cibles.items() if not siens >= set(cible)}

    def attack(self, nom: str, options: argparse.Namespace) -> bool:
        ensemble = compte(range(len(self.n)), 0, int(self.n.sum()))  # what no line holds is still bounded
        return attaquer(nom, self.n, fusionner([*self.lignes, ensemble]), self.cibles, options)


def cote_a_cote(mondes: Sequence[Entendus]) -> Entendus:
    """Worlds side by side: what is told of one says nothing of another."""
    debut, tout = 0, Entendus(np.concatenate([e.n for e in mondes]))
    for e in mondes:
        tout.lignes += [Ligne({i + debut: p for i, p in x.poids.items()}, x.bas, x.haut) for x in e.lignes]
        tout.cibles |= {tuple(i + debut for i in cible): nom for cible, nom in e.cibles.items()}
        debut += len(e.n)
    return tout


def add_options(lecteur: argparse.ArgumentParser) -> None:
    """How much is attacked, for `attaquer`."""
    lecteur.add_argument("--au-plus", type=int, default=0, help="comptes attaqués, tirés au hasard ; 0 : tous")
    lecteur.add_argument("--minutes", type=float, default=0, help="au plus par monde ; 0 : sans limite")
    lecteur.add_argument("--graine", type=int, default=0)


def attaquer(
    nom: str,
    vrais: np.ndarray | Sequence[int],
    lignes: Sequence[Ligne],
    cibles: Mapping[tuple[int, ...], str],
    options: argparse.Namespace,
) -> bool:
    """Say how many values are left to each small count (of five or more, at least how many), those that are left fewer
    than five one by one; whether each keeps three, and 95 % of them five."""
    depart, vrais = monotonic(), np.asarray(vrais)
    ordre = sorted(cibles)
    tirees = random.Random(options.graine).sample(ordre, min(options.au_plus or len(ordre), len(ordre)))
    restent: Counter[int] = Counter()
    trouves = chercher(len(vrais), lignes, tirees, vrais, LARGES) if tirees else iter(())
    for cible, (bas, haut) in zip(tirees, trouves, strict=False):
        vrai = int(vrais[list(cible)].sum())
        assert bas <= vrai <= haut, (cibles[cible], bas, haut, vrai)
        restent[haut - bas + 1] += 1
        if haut - bas + 1 < LARGES:
            print(f"  {cibles[cible]} : {bas} à {haut}, vrai {vrai}", flush=True)
        if options.minutes and monotonic() - depart > 60 * options.minutes:
            break
    n, larges = restent.total(), sum(k for v, k in restent.items() if v >= LARGES)
    bien = not n or (min(restent) >= AU_MOINS and larges >= PART_LARGE * n)
    print(
        f"{nom} : {len(vrais)} cellules, {len(lignes)} lignes entendues, {n} des {len(cibles)} comptes de 1 à 10 "
        f"(graine {options.graine}) ; valeurs possibles : au moins {min(restent, default=0)}, cinq ou plus pour "
        f"{larges} ; {'tenu' if bien else 'RETROUVÉ'} ; {monotonic() - depart:.0f} s",
        flush=True,
    )
    return bien


def par_ligne(lues: pd.DataFrame) -> list[dict[str, Any]]:
    """By column, a count that is not said still what it is (`to_dict` makes an unknown of it)."""
    return [dict(zip(lues, x, strict=True)) for x in lues.itertuples(index=False, name=None)]


def voisines(lignes: pd.DataFrame, cles: Sequence[str], traits: Sequence[str]) -> pd.DataFrame:
    """Where somebody may be for all that is told: of each combination of `cles` that is served, as most are there, but
    for one of `traits`, which takes any value that is seen."""
    sortes = lignes.groupby(list(lignes), as_index=False, dropna=False).size()
    la_plus = sortes.sort_values("size", ascending=False, kind="stable").drop_duplicates(list(cles))
    possibles = [la_plus.drop(columns=t).merge(lignes[[t]].drop_duplicates(), how="cross") for t in traits]
    return pd.concat(possibles)[list(lignes)].drop_duplicates(ignore_index=True)
