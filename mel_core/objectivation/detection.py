"""Blocages that nobody reported: cells of an ICI far outside their control limits, on the side of too much.

A cell is told when three things hold: its count is beyond the limit of an overdispersed law (lois.py), whose dispersion
is that of all the cells in scope; the limit is set so that an ICI where nothing is out of the ordinary shows anything
at all once in twenty, at most (Bonferroni over the measures, grains and cells of the ICI); the gap is large enough to
matter. A cell that is only out because it holds another one, already told, is not told again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mel_core.contrat.tables import TYPOLOGIES
from mel_core.entrepot import Lecteur
from mel_core.entrepot.portees import TypePortee
from mel_core.erreurs import AppelIncorrect
from mel_core.objectivation import lois
from mel_core.objectivation.familles import (
    ATTENDUES_MIN,
    CELLULES_MIN,
    COMMUNE_TYPOLOGIE,
    EFFECTIF_MIN,
    NIVEAU_FAMILLE,
    PARTS,
    REFUS,
    TENSION,
    TENSION_MIN,
    Mesure,
)
from mel_core.objectivation.phrases import phrase_de_detection
from mel_core.objectivation.secteur import Profil, Secteur
from mel_core.periodes import Periode
from mel_core.sql import blocs

_SQL = blocs("mel_core.objectivation", "detection.sql")
_INCONNU = "inconnu"
Booleens = NDArray[np.bool_]
LIEUX = ("commune", "bailleur", "residence", "typologie")
COLONNES = (
    *("mesure", *LIEUX, "numerateur", "denominateur", "valeur", "valeur_ici", "limite", "exces", "saillance"),
    "phrase",
)


@dataclass(frozen=True)
class _Grain:
    """Cells of one grain in scope: their codes and ICI, the rows that make them (`rangs`: which cell), their spread."""

    cles: tuple[str, ...]
    cellules: pd.DataFrame
    lignes: Booleens
    rangs: lois.Entiers
    dispersion: float

    def compter(self, compte: pd.Series, dits: Booleens) -> lois.Entiers:
        """Sum of `compte` over the rows of each cell that are not yet told."""
        poids = np.where(dits, 0, compte)[self.lignes]
        return np.bincount(self.rangs, poids, len(self.cellules)).astype(np.int64)


def detecter(lecteur: Lecteur, periode: Periode, ici: str) -> pd.DataFrame:
    """The cells of `ici` far outside their limits over `periode` (12 months up to a séance's end), most salient first.

    One row per cell: `mesure` (tension, refus_rang_1, non_attribution, vacance), codes of its `commune`, `bailleur`,
    `residence`, `typologie` (empty where the cell does not depend on it), `numerateur`, `denominateur`, `valeur` and
    `valeur_ici` (shares 0–1; demandes for one attribution for the tension, empty without any attribution), `limite` in
    the same unit, `exces` (refusals, non-attributions, vacant dwellings above the level of the ICI; attributions that
    are missing), `saillance` (normal score of the cell among its like), `phrase` (French). No row: nothing out of the
    ordinary, or too few cells to say what is usual. Raises `AppelIncorrect` for an unknown ICI.
    """
    if ici not in set(lecteur.query(_SQL["icis"])["ici"]):
        raise AppelIncorrect(f"L’ICI « {ici} » est inconnue : choisir l’une de celles du jeu de données publié.")
    trouvees = _tension(lecteur.query(_SQL["tension"], debut=periode.debut, fin=periode.fin), ici)
    lues = {
        "passages": lecteur.query(_SQL["passages"], debut=periode.debut, fin=periode.fin),
        "stock": lecteur.query(_SQL["stock"]),
    }
    for mesure in PARTS:
        # A bailleur's scope has no refusal: none seen is not none.
        if mesure is not REFUS or lecteur.portee.type is not TypePortee.BAILLEUR:
            trouvees += _parts(lues[mesure.bloc], mesure, ici)
    noms = noms_des_lieux(lecteur) if trouvees else {}
    lignes = [t | {"phrase": phrase_de_detection(t, noms)} for t in trouvees]
    frame = pd.DataFrame(lignes, columns=list(COLONNES))
    return frame.sort_values(["saillance", "exces"], ascending=False, ignore_index=True, kind="stable")


def secteur_et_profil(ligne: Mapping[str, Any], ici: str) -> tuple[Secteur, Profil]:
    """Where and for whom a row of `detecter` is, to gather its evidence (`reunir`)."""

    def dit(lieu: str) -> str | None:
        return ligne[lieu] if isinstance(ligne[lieu], str) else None

    residence, commune, typologie = dit("residence"), dit("commune"), dit("typologie")
    profil = Profil(typologie=typologie if typologie in TYPOLOGIES else None)
    if residence is not None:
        return Secteur(ici, residences=(residence,)), profil
    return Secteur(ici, communes=(commune,) if commune is not None else ()), profil


def _parts(lues: pd.DataFrame, mesure: Mesure, ici: str) -> list[dict[str, Any]]:
    """Cells of one measure, all grains together, each told once: the most salient, then what is still out."""
    lues = lues.rename(columns={mesure.numerateur: "k", mesure.denominateur: "n"})
    par_ici = lues.groupby("ici")[["k", "n"]].sum()
    references = (par_ici["k"] / par_ici["n"]).where(par_ici["n"] > 0).to_dict()
    reference = references.get(ici, np.nan)
    if not 0 < reference < 1:
        return []
    dits = np.zeros(len(lues), dtype=bool)
    grains = [g for cles in mesure.grains if (g := _grain(lues, cles, references, dits))]
    trouvees: list[dict[str, Any]] = []
    while candidates := [c for g in grains if (c := _plus_saillante(lues, g, mesure, ici, reference, dits))]:
        trouvees.append(max(candidates, key=lambda c: c["saillance"]))
        lieux = [(c, trouvees[-1][c]) for c in LIEUX if trouvees[-1][c] is not None]
        dits |= np.logical_and.reduce([lues[c].to_numpy() == code for c, code in lieux])
    return trouvees


def _grain(lues: pd.DataFrame, cles: tuple[str, ...], references: dict[str, float], aucun: Booleens) -> _Grain | None:
    """None with too few cells in scope."""
    lignes = np.logical_and.reduce([lues[c].to_numpy() != _INCONNU for c in cles])
    groupes = lues[lignes].groupby(["ici", *cles], observed=True)
    grain = _Grain(cles, groupes.size().index.to_frame(index=False), lignes, groupes.ngroup().to_numpy(), lois.AUCUNE)
    n, k = grain.compter(lues["n"], aucun), grain.compter(lues["k"], aucun)
    p = grain.cellules["ici"].map(references).to_numpy("float64")
    vues = (n >= EFFECTIF_MIN) & (p > 0) & (p < 1)
    if vues.sum() < CELLULES_MIN:
        return None
    return replace(grain, dispersion=lois.dispersion(lois.BetaBinomiale(n[vues], p[vues]), k[vues]))


def _plus_saillante(
    lues: pd.DataFrame, grain: _Grain, mesure: Mesure, ici: str, reference: float, dits: Booleens
) -> dict[str, Any] | None:
    """The most salient cell of `grain` among the rows that are not yet told; None when all are within their limits."""
    n, k = grain.compter(lues["n"], dits), grain.compter(lues["k"], dits)
    vues = np.flatnonzero((n >= EFFECTIF_MIN) & (grain.cellules["ici"] == ici).to_numpy())
    niveau = NIVEAU_FAMILLE / max(len(vues), 1)
    hautes = vues[k[vues] / n[vues] >= reference + mesure.ecart_min]
    loi = lois.BetaBinomiale(n[hautes], np.full(len(hautes), reference))
    chances = lois.queue_haute(loi, k[hautes], grain.dispersion)
    if not (chances <= niveau).any():
        return None
    i = int(hautes[chances.argmin()])
    seule = lois.BetaBinomiale(n[i : i + 1], np.array([reference]))
    limite = int(lois.limite_haute(seule, grain.dispersion, niveau)[0]) / n[i]
    return {
        "mesure": mesure.nom,
        **{c: grain.cellules[c].iloc[i] if c in grain.cles else None for c in LIEUX},
        "numerateur": int(k[i]),
        "denominateur": int(n[i]),
        "valeur": k[i] / n[i],
        "valeur_ici": reference,
        "limite": max(limite, reference + mesure.ecart_min),
        "exces": k[i] - n[i] * reference,
        "saillance": _score(chances.min()),
    }


def _tension(cellules: pd.DataFrame, ici: str) -> list[dict[str, Any]]:
    """Commune × typologie where attributions are far fewer than the demand would have at the tension of the ICI.

    The tension of an ICI, typologie by typologie, is that of its communes taken together: a demande counts in each
    commune that it wants, there as here.
    """
    sommes = cellules.groupby(["ici", "typologie"])[["demandes", "attributions"]].transform("sum")
    moyenne = sommes["demandes"] / sommes["attributions"].where(sommes["attributions"] > 0)
    cellules = cellules.assign(moyenne=moyenne, attendues=cellules["demandes"] / moyenne)
    cellules = cellules[cellules["attendues"] >= ATTENDUES_MIN].reset_index(drop=True)
    if len(cellules) < CELLULES_MIN:
        return []
    observees = cellules["attributions"].to_numpy("int64")
    dispersion = lois.dispersion(lois.BinomialeNegative(cellules["attendues"].to_numpy("float64")), observees)
    siennes = cellules[cellules["ici"] == ici].reset_index(drop=True)
    loi = lois.BinomialeNegative(siennes["attendues"].to_numpy("float64"))
    observees = siennes["attributions"].to_numpy("int64")
    chances = lois.queue_basse(loi, observees, dispersion)
    niveau = NIVEAU_FAMILLE / max(len(siennes), 1)
    dehors = (chances <= niveau) & (observees * TENSION_MIN <= loi.attendus)
    bornes = lois.limite_basse(lois.BinomialeNegative(loi.attendus[dehors]), dispersion, niveau)
    return [
        {
            "mesure": TENSION,
            **{c: getattr(x, c) if c in COMMUNE_TYPOLOGIE else None for c in LIEUX},
            "numerateur": x.demandes,
            "denominateur": x.attributions,
            "valeur": x.demandes / x.attributions if x.attributions else np.nan,
            "valeur_ici": x.moyenne,
            "limite": max(x.demandes / borne, TENSION_MIN * x.moyenne),
            "exces": x.attendues - x.attributions,
            "saillance": _score(chance),
        }
        for x, borne, chance in zip(siennes[dehors].itertuples(), bornes, chances[dehors], strict=True)
    ]


def noms_des_lieux(lecteur: Lecteur) -> dict[tuple[str, str], str]:
    """What each (commune, bailleur or residence, code) is called; a code without a name is left out."""
    lignes = lecteur.query(_SQL["noms"]).dropna()
    return dict(zip(zip(lignes["quoi"], lignes["code"], strict=True), lignes["nom"], strict=True))


def _score(chance: float) -> float:
    """The normal score of a chance: how far out, on one scale for all."""
    from scipy.special import ndtri

    return float(-ndtri(max(chance, 1e-300)))
