"""Floors met place by place, or by the whole: nothing is asked of a place that is above its own."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from mel_core.objectifs.ecarts import PLANCHER, Effectifs, exces
from mel_core.simulation.reorientation.cibles import NIVEAUX, CibleEssayee
from mel_core.simulation.reorientation.restes import Entiers, share_out

Lignes = npt.NDArray[np.intp]
Lieu = tuple[str, str]  # level, code
_AUTRE = dict(zip(NIVEAUX, reversed(NIVEAUX), strict=True))


def lieux_vises(scenario: CibleEssayee, niveaux: Mapping[Lieu, Lignes]) -> list[tuple[Lieu, Fraction]]:
    """The places that have a floor in this scenario, communes first: all those of the level that it reads, with the
    share that it aims at unless they have their own, and those that it names."""
    vises: list[tuple[Lieu, Fraction]] = []
    for niveau in NIVEAUX:
        lus = [x for x in niveaux if x[0] == niveau] if niveau == scenario.niveau else []
        nommes = [x for x in scenario.cibles if x in niveaux and x[0] == niveau and x not in lus]
        vises += [(lieu, scenario.cibles.get(lieu, scenario.cible)) for lieu in (*lus, *nommes)]  # type: ignore[misc]
    return vises


def meet(k: Effectifs, n: Effectifs, niveaux: Mapping[Lieu, Lignes], scenario: CibleEssayee) -> npt.NDArray[np.int64]:
    """Households in more (≥ 0) in each cell: see `reorient`. `k`, `n`: `numerateur` and `n_connus`, by cell."""
    mouvement = np.zeros(len(k), dtype=np.int64)
    dessous = {niveau: _est_dessous(niveau, k, n, niveaux, scenario.cible, scenario.cibles) for niveau in NIVEAUX}
    for (niveau, code), cible in lieux_vises(scenario, niveaux):
        lignes = niveaux[niveau, code]
        vus, connus = k[lignes] + mouvement[lignes], n[lignes]
        signes = exces(vus, connus, cible, PLANCHER)
        poids, manque = np.maximum(signes, 0), signes.sum()
        if manque > 0:
            preferes = poids * dessous[_AUTRE[niveau]][lignes]
            retenus = preferes if preferes.sum() >= manque else poids
            mouvement[lignes] += share_out(-(-manque // cible.denominator), retenus, connus - vus)
    if not scenario.niveau:
        chez_dessous = _est_dessous("bailleur", k, n, niveaux, scenario.cible, {})  # of what the whole aims at
        mouvement += _meet_ensemble(k + mouvement, n, niveaux, scenario.cible, chez_dessous)
    return mouvement


def _meet_ensemble(
    k: Effectifs, n: Effectifs, niveaux: Mapping[Lieu, Lignes], cible: Fraction, chez_dessous: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """What the whole lacks, shared between the communes that are below it in proportion to what each one lacks, and
    never more; in each, between its cells below. Those of bailleurs that are above give nothing, unless the others
    cannot make it up."""
    mouvement = np.zeros(len(k), dtype=np.int64)
    signes = exces(k, n, cible, PLANCHER)
    manque = signes.sum()
    if manque <= 0:
        return mouvement
    communes = [lignes for (niveau, _), lignes in niveaux.items() if niveau == "commune"]
    poids = np.maximum(signes, 0)
    for retenus in (poids * chez_dessous, poids):
        manques = _entiers([max(0, min(signes[x].sum(), retenus[x].sum())) for x in communes], k)
        if manques.sum() >= manque:
            break
    capacites = -(-manques // cible.denominator)
    for lignes, demande in zip(communes, share_out(-(-manque // cible.denominator), manques, capacites), strict=True):
        if demande:
            mouvement[lignes] += share_out(int(demande), retenus[lignes], (n - k)[lignes])
    return mouvement


def _est_dessous(
    niveau: str,
    k: Effectifs,
    n: Effectifs,
    niveaux: Mapping[Lieu, Lignes],
    cible: Fraction,
    cibles: Mapping[str | Lieu, Fraction],
) -> npt.NDArray[np.bool_]:
    """By cell: whether its place of this level is below its floor: `cible`, or its own of `cibles`."""
    est_dessous = np.zeros(len(k), dtype=bool)
    for lieu, lignes in niveaux.items():
        if lieu[0] == niveau:
            est_dessous[lignes] = exces(k[lignes], n[lignes], cibles.get(lieu, cible), PLANCHER).sum() > 0
    return est_dessous


def _entiers(valeurs: list[Any], comme: Effectifs) -> Entiers:
    """Whole numbers as wide as those of `comme`."""
    return np.array([int(v) for v in valeurs], dtype=comme.dtype)
