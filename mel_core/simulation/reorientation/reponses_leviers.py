"""The complete answers of `equilibre` and `aci`: what to reorient, who asked for it, whether it can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.simulation.engagement.attentes import SEMESTRES_PAR_AN, Attentes, expect
from mel_core.simulation.reorientation.calcul_reorientation import motif_inchange
from mel_core.simulation.reorientation.cibles import INCONNU, CibleEssayee, Motif
from mel_core.simulation.reorientation.faisabilite import ENSEMBLE, Limite, entrees, locate
from mel_core.simulation.reorientation.grille import Grille
from mel_core.simulation.reorientation.moyens import Jugement, Moyens
from mel_core.simulation.reorientation.restes import share_out_par_groupe

_Z2_95 = Fraction("1.959963984540054") ** 2


@dataclass(frozen=True, eq=False)
class Exigence:
    """What a target asks of the cells: one answer, for the bilan, Simuler, the command line and the documents.

    `mouvements`: by cell, households of the profile in more (> 0) or in less. `n_connues`: the attributions that are
    judged. `sens`: by class of fragilité (`equilibre` only), how many in less and in more. `parts`: by class (a floor:
    one, the indicator), those of the profile and those that are known. `jugement`: with what, and
    whether it can be done; None for a rule of the law, which has no profile of applicants. `motif`: why nothing
    changes, or why what is asked concludes nothing; None otherwise.
    """

    cible: CibleEssayee
    mouvements: npt.NDArray[np.int64]
    n_connues: int
    sens: Mapping[str, tuple[int, int]]
    parts: Mapping[str, tuple[int, int]]
    jugement: Jugement | None
    motif: Motif | None

    @property
    def n_demandes(self) -> int:
        return int(abs(self.mouvements).sum())


@dataclass(frozen=True, eq=False)
class Reponse:
    """The same, cell by cell.

    `cellules`: one row per cell, with what is expected at today's practice (`n_connus`, `numerateur`), what is asked
    (`a_reorienter`, `sens`, `ecart_propre`) and what there is to do it (see `faisabilite.locate`).
    """

    cellules: pd.DataFrame
    exigence: Exigence

    @property
    def limite(self) -> Limite:
        return self.exigence.jugement.limite if self.exigence.jugement else Limite()

    @property
    def motif(self) -> Motif | None:
        return self.exigence.motif


@dataclass(frozen=True)
class Ecoulement:
    """How the ACI stock runs down: whole households, semesters until nobody of it is left (None: never).

    `n_restants` is None where more would be housed than wait and come: nobody can be.
    `semestres_sans_entrees` forgets those who will come meanwhile: the least that it could take.
    """

    n_loges: int
    n_stock: int
    n_restants: int | None
    semestres: int | None
    semestres_sans_entrees: int | None


def ask(
    cellules: pd.DataFrame,
    cible: CibleEssayee,
    grille: Grille,
    moyens: Moyens | None = None,
    observees: pd.DataFrame | None = None,
) -> Exigence:
    """What `cible` asks of the `cellules` that `grille` and `moyens` (None: nobody to be housed) were made of.

    `observees`: the cells of twelve months from which they were expected, when they are not the same.
    """
    mouvements = grille.mouvements(cible)
    jugement = moyens.judge(mouvements) if moyens else None
    sens, parts = {}, {cible.indicateur: _comptes(cellules)}
    if cible.indicateur == "equilibre":
        fragilites = cellules["fragilite"].to_numpy()
        for classe in (*FRAGILITES, INCONNU):
            siens = mouvements[fragilites == classe]
            sens[classe] = (int(-siens[siens < 0].sum()), int(siens[siens > 0].sum()))
        parts = {c: _comptes(cellules[fragilites == c]) for c in FRAGILITES}
    motif = motif_inchange(cellules.assign(a_reorienter=abs(mouvements)), cible, observees)
    if motif is None:
        motif = jugement.motif if jugement else None
    if motif is None and _est_faible(cellules if observees is None else observees, sens, cible):
        motif = Motif.EFFECTIF_FAIBLE
    return Exigence(cible, mouvements, int(cellules["n_connus"].sum()), sens, parts, jugement, motif)


def _comptes(cellules: pd.DataFrame) -> tuple[int, int]:
    return int(cellules["numerateur"].sum()), int(cellules["n_connus"].sum())


def answer(
    cellules: pd.DataFrame, scenario: CibleEssayee, attentes: Attentes, eligibles: pd.DataFrame, vacances: pd.DataFrame
) -> Reponse:
    """The answer of a scenario on the cells of twelve months (frames: see `reorient`, `expect`, `locate`)."""
    attendues = expect(cellules, attentes)
    grille = Grille.de(attendues)
    loges_an = int(cellules["numerateur"].sum())
    moyens = Moyens.de(attendues, scenario.indicateur, eligibles, vacances, attentes.horizon, loges_an)
    exigence = ask(attendues, scenario, grille, moyens, cellules)
    reorientees = attendues.assign(
        a_reorienter=abs(exigence.mouvements),
        sens=np.sign(exigence.mouvements),
        ecart_propre=grille.ecarts_propres(scenario),
    )
    return Reponse(locate(reorientees, scenario.indicateur, eligibles, vacances, attentes.horizon), exigence)


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

    `eligibles`, `n_loges_an`: see `entrees`, taken to go on: at today's practice the stock keeps its trend.
    """
    stock = int(eligibles.loc[eligibles["commune"] == ENSEMBLE, "n_aci"].sum())
    entrees_an = entrees(eligibles, n_loges_an, SEMESTRES_PAR_AN)
    constat = int(reponse.cellules["numerateur"].sum())
    vise = constat + int((reponse.cellules["a_reorienter"] * reponse.cellules["sens"]).sum())
    avant, apres = (_ecoulement(n, stock, entrees_an, attentes.horizon) for n in (constat, vise))
    return avant, apres


def _ecoulement(n_loges: int, stock: int, entrees_an: int, horizon: int) -> Ecoulement:
    par_semestre = Fraction(n_loges, horizon)
    net = par_semestre - Fraction(entrees_an, SEMESTRES_PAR_AN)
    restants = stock - n_loges + ceil(Fraction(entrees_an * horizon, SEMESTRES_PAR_AN))
    return Ecoulement(
        n_loges,
        stock,
        restants if restants >= 0 else None,
        _semestres(stock, net),
        _semestres(stock, par_semestre),
    )


def _semestres(stock: int, par_semestre: Fraction) -> int | None:
    if stock == 0:
        return 0
    return ceil(stock / par_semestre) if par_semestre > 0 else None


def _est_faible(observees: pd.DataFrame, sens: Mapping[str, tuple[int, int]], cible: CibleEssayee) -> bool:
    """Every class that is asked something is too small to say on which side of its target it is.

    The target is in Wilson's interval if and only if (k − c·n)² ≤ z²·c·(1 − c)·n.
    """
    classes = {cible.indicateur: observees}
    if cible.indicateur == "equilibre":
        classes = {c: observees[observees["fragilite"] == c] for c, (moins, plus) in sens.items() if moins or plus}
    for classe, lignes in classes.items():
        k, n = _comptes(lignes)
        bornes = [b for b in cible.bornes(classe) if b is not None]
        if n >= EFFECTIF_MINIMAL or not any((k - c * n) ** 2 <= _Z2_95 * c * (1 - c) * n for c in bornes):
            return False
    return True
