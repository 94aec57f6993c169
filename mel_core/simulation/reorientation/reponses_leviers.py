"""The complete answers of `equilibre` and `aci`: what to reorient, who asked for it, whether it can be done."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd

from mel_core.simulation.engagement.attentes import SEMESTRES_PAR_AN, Attentes, expect
from mel_core.simulation.reorientation.calcul_reorientation import motif_inchange, reorient
from mel_core.simulation.reorientation.cibles import Motif, Scenario
from mel_core.simulation.reorientation.faisabilite import ENSEMBLE, Limite, judge, locate
from mel_core.simulation.reorientation.restes import share_out_par_groupe

EFFECTIF_MINIMAL = 30  # contract §4
_Z2_95 = Fraction("1.959963984540054") ** 2


@dataclass(frozen=True, eq=False)
class Reponse:
    """What a scenario asks.

    `cellules`: one row per cell, with what is expected at today's practice (`n_connus`, `numerateur`), what is asked
    (`a_reorienter`, `sens`, `ecart_propre`) and what there is to do it (see `faisabilite.locate`). `limite`: the
    verdict and what binds. `motif`: why nothing changes, or why what is asked concludes nothing; None otherwise.
    """

    cellules: pd.DataFrame
    limite: Limite
    motif: Motif | None


@dataclass(frozen=True)
class Ecoulement:
    """How the ACI stock runs down: whole households, semesters until nobody of it is left (None: never).

    `semestres_sans_entrees` forgets those who will come meanwhile: the least that it could take.
    """

    n_loges: int
    n_stock: int
    n_restants: int
    semestres: int | None
    semestres_sans_entrees: int | None


def answer(
    cellules: pd.DataFrame, scenario: Scenario, attentes: Attentes, eligibles: pd.DataFrame, vacances: pd.DataFrame
) -> Reponse:
    """The answer of a scenario on the cells of twelve months (frames: see `reorient`, `expect`, `locate`)."""
    attendues = expect(cellules, attentes)
    reorientees = reorient(attendues, scenario)
    situees = locate(reorientees, scenario.indicateur, eligibles, vacances, attentes.horizon)
    motif = _motif(cellules, situees, scenario)
    return Reponse(situees, judge(situees, scenario.indicateur, eligibles), motif)


def detail(reorientees: pd.DataFrame, fines: pd.DataFrame, cle: str) -> pd.DataFrame:
    """What each cell of `reorient` expects and is asked, shared among its finer cells (its quartiers).

    `fines`: one row per cell × `cle`, with the `n_connus` and `numerateur` of twelve months, which add up to those that
    the cell was expected from. What the cell expects is shared in proportion to them, on each side of the indicator;
    what it is asked, to what each then has to give (ceiling: `numerateur`; floor: `n_connus` − `numerateur`). Both by
    largest remainder, lower codes first: every sum by commune, bailleur and class is that of `reorientees`. Returns
    `fines` sorted by its keys, with `n_connus` and `numerateur` expected, `a_reorienter` and `sens`.
    """
    cles = [c for c in ("commune", "bailleur", "fragilite") if c in fines and c in reorientees]
    lignes = fines.sort_values([*cles, cle], ignore_index=True)
    rangs = reorientees[cles].assign(rang=np.arange(len(reorientees)))
    lignes = lignes[lignes.columns.difference(["n"], sort=False)].merge(rangs, on=cles, how="inner")
    groupes = lignes.pop("rang").to_numpy(dtype=np.intp)
    k, n = (lignes[c].to_numpy(dtype=np.int64) for c in ("numerateur", "n_connus"))
    k_cellule, n_cellule, demandes = (
        reorientees[c].to_numpy(dtype=np.int64) for c in ("numerateur", "n_connus", "a_reorienter")
    )
    sens = reorientees["sens"].to_numpy(dtype=np.int64)[groupes]
    k_attendu = share_out_par_groupe(k_cellule, k, groupes)
    autres = share_out_par_groupe(n_cellule - k_cellule, n - k, groupes)
    parts = share_out_par_groupe(demandes, np.where(sens > 0, autres, k_attendu), groupes)
    return lignes.assign(
        numerateur=k_attendu, n_connus=k_attendu + autres, a_reorienter=parts, sens=np.where(parts > 0, sens, 0)
    )


def run_down(
    reponse: Reponse, attentes: Attentes, eligibles: pd.DataFrame, n_loges_an: int
) -> tuple[Ecoulement, Ecoulement]:
    """The ACI stock at today's practice, then with what the scenario asks.

    `eligibles` has, for the whole scope, `n_aci` (ACI households waiting for a first access) and `n_aci_avant` (twelve
    months before); `n_loges_an` is how many were housed meanwhile. What came, less what left otherwise than by a lease,
    is what makes up the difference, and is taken to go on: at today's practice the stock keeps its trend.
    """
    ensemble = eligibles[eligibles["commune"] == ENSEMBLE]
    stock = int(ensemble["n_aci"].sum())
    entrees_an = max(0, stock - int(ensemble["n_aci_avant"].sum()) + n_loges_an)
    constat = int(reponse.cellules["numerateur"].sum())
    vise = constat + int((reponse.cellules["a_reorienter"] * reponse.cellules["sens"]).sum())
    avant, apres = (_ecoulement(n, stock, entrees_an, attentes.horizon) for n in (constat, vise))
    return avant, apres


def _ecoulement(n_loges: int, stock: int, entrees_an: int, horizon: int) -> Ecoulement:
    par_semestre = Fraction(n_loges, horizon)
    net = par_semestre - Fraction(entrees_an, SEMESTRES_PAR_AN)
    return Ecoulement(
        n_loges,
        stock,
        max(0, stock - n_loges + ceil(Fraction(entrees_an * horizon, SEMESTRES_PAR_AN))),
        _semestres(stock, net),
        _semestres(stock, par_semestre),
    )


def _semestres(stock: int, par_semestre: Fraction) -> int | None:
    if stock == 0:
        return 0
    return ceil(stock / par_semestre) if par_semestre > 0 else None


def _motif(observees: pd.DataFrame, situees: pd.DataFrame, scenario: Scenario) -> Motif | None:
    inchange = motif_inchange(situees, scenario, observees)
    if inchange is not None:
        return inchange
    demandees = situees[situees["a_reorienter"] > 0]
    if (demandees["n_vacances"] == 0).fillna(False).all():
        return Motif.AUCUNE_VACANCE
    if (demandees["n_eligibles"] == 0).all():
        return Motif.AUCUN_ELIGIBLE
    return Motif.EFFECTIF_FAIBLE if _est_faible(observees, demandees, scenario) else None


def _est_faible(observees: pd.DataFrame, demandees: pd.DataFrame, scenario: Scenario) -> bool:
    """Every class that is asked something is too small to say on which side of its target it is.

    The target is in Wilson's interval if and only if (k − c·n)² ≤ z²·c·(1 − c)·n.
    """
    if scenario.indicateur == "aci":
        classes = {"aci": observees}
    else:
        classes = {c: observees[observees["fragilite"] == c] for c in demandees["fragilite"].unique()}
    for classe, lignes in classes.items():
        k, n = int(lignes["numerateur"].sum()), int(lignes["n_connus"].sum())
        bornes = [b for b in scenario.bornes(classe) if b is not None]
        if n >= EFFECTIF_MINIMAL or not any((k - c * n) ** 2 <= _Z2_95 * c * (1 - c) * n for c in bornes):
            return False
    return True
