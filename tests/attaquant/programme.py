"""What can be worked out of what is shown: the least and the most that each count can be (two linear programs each).

The unknowns are cells that nobody sees; what is shown bounds sums of them. Counts are whole: the bounds are rounded
inward.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from mel_core.secret.montrer import RegleDiffusion
from mel_core.socle import solveur

_PRES = 1e-6


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
    return compte(cellules, max(regle.tus + 1, montre - regle.base // 2), montre + regle.base // 2)


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


def chercher(n: int, lignes: Sequence[Ligne], cibles: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """The same, one after the other."""
    rangs = np.repeat(np.arange(len(lignes)), [len(ligne.poids) for ligne in lignes])
    colonnes = np.concatenate([np.fromiter(ligne.poids, dtype=int) for ligne in lignes])
    valeurs = np.concatenate([np.fromiter(ligne.poids.values(), dtype=float) for ligne in lignes])
    matrice = sp.csr_matrix((valeurs, (rangs, colonnes)), shape=(len(lignes), n))
    bas, haut = np.array([x.bas for x in lignes]), np.array([x.haut for x in lignes])
    programme = solveur.open(np.zeros(n), np.full(n, np.inf), matrice, bas, haut)
    assert solveur.solve(programme), "what is shown contradicts itself"
    programme.setOptionValue("simplex_strategy", 4)  # primal: what changes from here on is what is sought alone
    for cible in cibles:
        extremes = []
        for sens in (1.0, -1.0):
            programme.changeColsCost(len(cible), np.array(cible, dtype=np.int32), np.full(len(cible), sens))
            if not solveur.solve(programme):
                programme.clearSolver()  # where it ended may mislead it: from nothing, then
                assert solveur.solve(programme), "what is shown contradicts itself"
            extremes.append(sens * programme.getInfo().objective_function_value)
        programme.changeColsCost(len(cible), np.array(cible, dtype=np.int32), np.zeros(len(cible)))
        yield math.ceil(extremes[0] - _PRES), math.floor(extremes[1] + _PRES)
