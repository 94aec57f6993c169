"""Which objective each cell is judged by: the most precise one in force (contract §1, *Séances and objectives*)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs import mesures
from mel_core.indicateurs.comptage import SQL
from mel_core.indicateurs.definitions import Indicateur, Sens
from mel_core.indicateurs.mesures import Objectif
from mel_core.objectifs.parametres import LIEUX_DE_CIBLE
from mel_core.socle.periodes import Periode

_MOIS_D_UN_NOMBRE = 12  # a number of attributions is that of a year
Juger = Callable[[pd.DataFrame, Objectif], pd.DataFrame]


def find_all(lecteur: Lecteur, nom: str, periode: Periode) -> list[Objectif]:
    """The objectives of indicator `nom` in force on the last day of `periode`, the least precise first: the whole,
    réservataire, commune, bailleur, commune and bailleur."""
    lus = [
        Objectif(
            Fraction(x.valeur),
            Fraction(x.bande),
            x.source,
            tuple((c, getattr(x, c)) for c in LIEUX_DE_CIBLE if pd.notna(getattr(x, c))),
            Sens(x.sens) if pd.notna(x.sens) else None,
            bool(x.en_nombre),
        )
        for x in lecteur.recall(SQL["cibles"], indicateur=nom, jour=periode.fin).itertuples()
    ]
    return sorted(lus, key=_precision)


def _precision(objectif: Objectif) -> tuple[bool, bool, bool, bool]:
    dits = dict(objectif.lieu)
    return "commune" in dits and "bailleur" in dits, "bailleur" in dits, "commune" in dits, "reservataire" in dits


def judge(
    cellules: pd.DataFrame,
    indicateur: Indicateur,
    objectifs: Sequence[Objectif],
    periode: Periode,
    par: Sequence[str],
    filtres: Mapping[str, str | None],
    juger: Juger,
) -> pd.DataFrame:
    """The same rows, each judged by `juger` against its own objective; those that have none are left without."""
    choix = np.full(len(cellules), -1)
    for rang, objectif in enumerate(objectifs):
        if _vaut(objectif, indicateur, periode, par, filtres):
            choix[_est_sienne(cellules, objectif, par, filtres)] = rang
    rangs = sorted(set(choix.tolist()))

    def judge_par(rang: int, siennes: pd.DataFrame) -> pd.DataFrame:
        return mesures.sans_cible(siennes) if rang < 0 else juger(siennes, objectifs[rang])

    if len(rangs) < 2:  # nearly always: the objective of the whole
        return judge_par(rangs[0] if rangs else -1, cellules)
    return pd.concat([judge_par(rang, cellules[choix == rang]) for rang in rangs]).sort_index()


def _vaut(
    objectif: Objectif,
    indicateur: Indicateur,
    periode: Periode,
    par: Sequence[str],
    filtres: Mapping[str, str | None],
) -> bool:
    """Whether cells cut so can be judged by it at all. A number is that of its own place, whole, over a year."""
    siennes = {coupe for coupe, _ in objectif.lieu}
    if objectif.en_nombre:
        dites = {*par, *(coupe for coupe, code in filtres.items() if code is not None)}
        if "commune" in dites:  # which is whole in its ICI
            dites -= {"ici", "territoire"}
        return periode.n_mois == _MOIS_D_UN_NOMBRE and dites == siennes
    return set(par) <= indicateur.coupes_avec_cible | siennes


def _est_sienne(
    cellules: pd.DataFrame, objectif: Objectif, par: Sequence[str], filtres: Mapping[str, str | None]
) -> np.ndarray:
    est_sienne = np.ones(len(cellules), dtype=bool)
    for coupe, code in objectif.lieu:
        est_sienne &= (cellules[coupe] == code).to_numpy() if coupe in par else filtres.get(coupe) == code
    return est_sienne
