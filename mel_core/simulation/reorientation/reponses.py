"""The complete answers of `equilibre` and `aci`: what to reorient, who asked for it, whether it can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.simulation.reorientation.faisabilite import CLES, ENSEMBLE, Entiers, Jugement, Limite, Moyens, entrees
from mel_core.simulation.reorientation.grille import (
    INCONNU,
    SEMESTRES_PAR_AN,
    Attentes,
    CibleEssayee,
    Grille,
    Motif,
    forecast,
    share_out_par_groupe,
)

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
    mouvements: Entiers
    n_connues: int
    sens: Mapping[str, tuple[int, int]]
    parts: Mapping[str, tuple[int, int]]
    jugement: Jugement | None
    motif: Motif | None

    @property
    def n_demandes(self) -> int:
        return int(abs(self.mouvements).sum())

    @property
    def limite(self) -> Limite:
        return self.jugement.limite if self.jugement else Limite()


def reorient(cellules: pd.DataFrame, scenario: CibleEssayee) -> pd.DataFrame:
    """Share out, cell by cell, the attributions that each class of fragilité is away from the scenario's target.

    `cellules`: one row per commune × bailleur × fragilite (which only `equilibre` needs and looks at), with the whole
    numbers `n_connus` and `numerateur` ≤ `n_connus`; other columns are carried through.

    The gap of a class is the contract's, on its totals. It is shared among the cells on its wrong side, in proportion
    to their own exact excess (ceiling) or deficit (floor), by largest remainder; at equal remainders the larger excess
    comes first, then the lower codes. A cell never gives more than it has (ceiling: `numerateur`; floor: `n_connus` −
    `numerateur`). For `aci` and the rules of the law, the floors of communes are met first, then those of bailleurs,
    then the whole's, each one counting what the others have already asked; that of the whole asks of a commune no more
    than it lacks, nothing of one that is above, nor of a bailleur that is above as long as others can make it up.

    Returns the same rows in the same order, with `a_reorienter` (attributions, whole, ≥ 0: over the cells of a class
    they add up to its gap), `sens` (+1: as many more modest or ACI households; −1: fewer; 0: nothing asked) and
    `ecart_propre` (the contract's gap of the cell on its own: these do not add up, since cells on the right side of the
    target make up for others).
    """
    grille = Grille.de(cellules)
    mouvements, propres = grille.mouvements(scenario), grille.ecarts_propres(scenario)
    return cellules.assign(a_reorienter=abs(mouvements), sens=np.sign(mouvements), ecart_propre=propres)


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
    sens, parts = {}, {cible.indicateur: sum_up(cellules)}
    if cible.indicateur == "equilibre":
        fragilites = cellules["fragilite"].to_numpy()
        for classe in (*FRAGILITES, INCONNU):
            siens = mouvements[fragilites == classe]
            sens[classe] = (int(-siens[siens < 0].sum()), int(siens[siens > 0].sum()))
        parts = {c: sum_up(cellules[fragilites == c]) for c in FRAGILITES}
    motif = motif_inchange(cellules.assign(a_reorienter=abs(mouvements)), cible, observees)
    if motif is None:
        motif = jugement.motif if jugement else None
    if motif is None and _est_faible(cellules if observees is None else observees, sens, cible):
        motif = Motif.EFFECTIF_FAIBLE
    return Exigence(cible, mouvements, int(cellules["n_connus"].sum()), sens, parts, jugement, motif)


def answer(
    cellules: pd.DataFrame, scenario: CibleEssayee, attentes: Attentes, eligibles: pd.DataFrame, vacances: pd.DataFrame
) -> tuple[pd.DataFrame, Exigence]:
    """The answer of a scenario on the cells of twelve months (frames: see `reorient`, `forecast`, `Moyens.de`).

    With what it asks of all, one row per cell: what is expected at today's practice (`n_connus`, `numerateur`), what is
    asked (see `reorient`) and what there is to do it (see `Moyens.locate`).
    """
    attendues = forecast(cellules, attentes)
    loges_an = int(cellules["numerateur"].sum())
    moyens = Moyens.de(attendues, scenario.indicateur, eligibles, vacances, attentes.horizon, loges_an)
    exigence = ask(attendues, scenario, Grille.de(attendues), moyens, cellules)
    return moyens.locate(reorient(attendues, scenario)), exigence


def sum_up(cellules: pd.DataFrame) -> tuple[int, int]:
    """`numerateur` and `n_connus` of all the cells together."""
    return int(cellules["numerateur"].sum()), int(cellules["n_connus"].sum())


def par(reorientees: pd.DataFrame, cle: str | Sequence[str]) -> pd.DataFrame:
    """Add up the cells of `reorient` by one or several of their columns.

    One row per key, most reorientations first, then by key: `n_connus`, `numerateur`, `a_reorienter`, its two
    directions `n_en_plus` and `n_en_moins` (modest or ACI households), `numerateur_vise` once they are done, and the
    shares `part` and `part_visee` (0–1, empty when none is known).
    """
    cles = [cle] if isinstance(cle, str) else list(cle)
    mouvement = reorientees["a_reorienter"] * reorientees["sens"]
    comptes = reorientees[[*cles, "n_connus", "numerateur", "a_reorienter"]].assign(
        n_en_plus=mouvement.clip(lower=0), n_en_moins=(-mouvement).clip(lower=0)
    )
    sommes = comptes.groupby(cles, dropna=False).sum()
    connus = sommes["n_connus"].where(sommes["n_connus"] > 0)
    sommes["numerateur_vise"] = sommes["numerateur"] + sommes["n_en_plus"] - sommes["n_en_moins"]
    sommes["part"], sommes["part_visee"] = sommes["numerateur"] / connus, sommes["numerateur_vise"] / connus
    return sommes.iloc[np.argsort(-sommes["a_reorienter"].to_numpy(), kind="stable")].reset_index()


def detail(reorientees: pd.DataFrame, fines: pd.DataFrame, cle: str) -> pd.DataFrame:
    """What each cell of `reorient` expects and is asked, shared among its finer cells (its quartiers).

    `fines`: one row per cell × `cle`, with the `n_connus` and `numerateur` of twelve months, which add up to those that
    the cell was expected from. What the cell expects is shared in proportion to them, on each side of the indicator;
    what it is asked, to what each then has to give (ceiling: `numerateur`; floor: `n_connus` − `numerateur`). Both by
    largest remainder, lower codes first: every sum by commune, bailleur and class is that of `reorientees`. Returns
    `fines` sorted by its keys, with `n_connus` and `numerateur` expected, `a_reorienter` and `sens`.
    """
    cles = [c for c in CLES if c in fines and c in reorientees]
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


def run_down(n_loges: int, horizon: int, eligibles: pd.DataFrame, n_loges_an: int) -> dict[str, int | None]:
    """How the ACI stock runs down when `n_loges` are housed within `horizon`: whole households, semesters until nobody
    of it is left (None: never).

    `eligibles`, `n_loges_an`: see `entrees`, taken to go on. `n_restants` is None where more would be housed than wait
    and come: nobody can be. `semestres_sans_entrees` forgets those who will come meanwhile: the least that it could
    take.
    """
    stock = int(eligibles.loc[eligibles["commune"] == ENSEMBLE, "n_aci"].sum())
    entrees_an = entrees(eligibles, n_loges_an, SEMESTRES_PAR_AN)
    par_semestre = Fraction(n_loges, horizon)
    restants = stock - n_loges + ceil(Fraction(entrees_an * horizon, SEMESTRES_PAR_AN))
    return {
        "n_stock": stock,
        "n_restants": restants if restants >= 0 else None,
        "semestres": _semestres(stock, par_semestre - Fraction(entrees_an, SEMESTRES_PAR_AN)),
        "semestres_sans_entrees": _semestres(stock, par_semestre),
    }


def _semestres(stock: int, par_semestre: Fraction) -> int | None:
    if stock == 0:
        return 0
    return ceil(stock / par_semestre) if par_semestre > 0 else None


def motif_inchange(
    reorientees: pd.DataFrame, scenario: CibleEssayee, observees: pd.DataFrame | None = None
) -> Motif | None:
    """Why `reorient` asks for nothing, the most basic reason first; none when it asks for something.

    `observees`: the cells of twelve months from which those of `reorientees` were expected, when they are not the same.
    """
    if reorientees.empty:
        return Motif.AUCUNE_ATTRIBUTION
    if reorientees["a_reorienter"].to_numpy().any():
        return None
    connues = reorientees[reorientees["n_connus"] > 0]
    if connues.empty:
        est_observee = observees is not None and observees["n_connus"].to_numpy().any()
        return Motif.AUCUNE_ATTENDUE if est_observee else Motif.AUCUNE_CONNUE
    if scenario.indicateur == "equilibre" and (connues["fragilite"] == INCONNU).all():
        return Motif.QUARTIERS_INCONNUS
    return Motif.DEJA_ATTEINT


def _est_faible(observees: pd.DataFrame, sens: Mapping[str, tuple[int, int]], cible: CibleEssayee) -> bool:
    """Every class that is asked something is too small to say on which side of its target it is.

    The target is in Wilson's interval if and only if (k − c·n)² ≤ z²·c·(1 − c)·n.
    """
    classes = {cible.indicateur: observees}
    if cible.indicateur == "equilibre":
        classes = {c: observees[observees["fragilite"] == c] for c, (moins, plus) in sens.items() if moins or plus}
    for classe, lignes in classes.items():
        k, n = sum_up(lignes)
        bornes = [b for b in cible.bornes(classe) if b is not None]
        if n >= EFFECTIF_MINIMAL or not any((k - c * n) ** 2 <= _Z2_95 * c * (1 - c) * n for c in bornes):
            return False
    return True
