"""One indicator, cut and filtered as asked, from the rows that the reader may see (contract §4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mel_core.contrat.tables import RESERVATAIRES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import mesures
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.comptage import (
    BLOCS,
    COUPES_DU_STOCK,
    ENSEMBLE,
    SQL,
    NonGardes,
    colonnes_de,
    count,
    duree,
    est_porte,
    etiquettes_absentes,
    objectifs_en_vigueur,
)
from mel_core.indicateurs.definitions import COUPES, SENS_PAR_FRAGILITE, Indicateur, Mesure, Sens
from mel_core.indicateurs.manques import COLONNE_ABSENTE, annees_connues
from mel_core.indicateurs.mesures import Objectif
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode
from mel_core.socle.valeurs import Duree

CLASSES = ("tres_modeste", "modeste", "intermediaire", "eleve", "inconnu")
# The cut that an indicator adds by itself.
COUPES_AJOUTEES = {Mesure.REPARTITION: "classe", Mesure.FLUX: "reservataire"}
SEUIL_ABSENT = "seuil_absent"
_COMPTES = ("n", "n_connus", "n_inconnus", "numerateur")
_DELAIS = ("moyenne_mois", "mediane_mois", "p90_mois")
_PAR_QUARTIER = ("n_trop", "n_manque")
_MOIS_D_UN_NOMBRE = 12  # a number of attributions is that of a year
Juger = Callable[[pd.DataFrame, Objectif], pd.DataFrame]


@dataclass(frozen=True)
class AppelIndicateur:
    """What is asked: an indicator, a period, cuts in order, filters (None = all)."""

    indicateur: Indicateur
    periode: Periode
    par: tuple[str, ...]
    filtres: dict[str, str | None]


def compute(
    lecteur: Lecteur,
    nom: str,
    periode: Periode,
    par: Sequence[str] = (),
    *,
    ici: str | None = None,
    commune: str | None = None,
    bailleur: str | None = None,
) -> pd.DataFrame:
    """Indicator `nom` over `periode`: one row per cell that has at least one attribution in the indicator's population.

    Columns: one per cut (`inconnu` where the row does not say; `ressources` adds `classe`, `flux` `reservataire`), then
    `n`, `n_connus`, `n_inconnus`, `numerateur`, `part`, `part_min`, `part_max`, `ic_bas`, `ic_haut` (0–1), `cible`,
    `ecart_points`, `ecart_attributions`, `verdict`, `sens` (`trop` or `manque`), `ecart_trop` and `ecart_manque` (the
    gap by its direction, of one that may go both ways); `equilibre` adds `n_trop` and
    `n_manque` (what each quartier of the cell has too many, too few, against its own class), `entrants_occupants`
    `part_occupants` (of `n_occupants` known, `n_occupants_modestes`), `delais` its months, the quartile and label
    indicators `motif`, the latter `colonnes_absentes` (label columns that files of the cell did not have, joined by
    `|`), all of them `cible_de` (whose target it is:
    `ensemble`, `commune 59350`…) and `mois_couverts` (contract §2; without all the months of the period, no verdict).
    Empty means unknown or not applicable. Without cuts: one row, even when nothing is counted.
    Rows are sorted by the cuts.
    Raises `AppelIncorrect` for an unknown name, cut or filter.
    """
    if nom not in INDICATEURS:
        raise AppelIncorrect(f"L’indicateur « {nom} » n’existe pas : choisir parmi {', '.join(INDICATEURS)}.")
    for coupe in par:
        if coupe not in COUPES:
            raise AppelIncorrect(f"La coupe « {coupe} » n’existe pas : choisir parmi {', '.join(COUPES)}.")
    if len(set(par)) < len(par):
        raise AppelIncorrect("Une même coupe est demandée deux fois : ne la garder qu’une fois.")
    filtres = {"ici": ici, "commune": commune, "bailleur": bailleur}
    _check_filtres(lecteur, filtres)
    demande = AppelIndicateur(INDICATEURS[nom], periode, tuple(par), filtres)
    cellules = _CALCULS[demande.indicateur.mesure](lecteur, demande)
    return _say_les_mois(cellules, duree(lecteur, periode))[_colonnes(demande)]


def _say_les_mois(cellules: pd.DataFrame, sur: Duree) -> pd.DataFrame:
    """The months covered, in each cell: a period that is not covered whole is not judged."""
    if not sur.est_entiere:
        cellules = cellules.assign(verdict=pd.Series([None] * len(cellules), index=cellules.index, dtype="object"))
    return cellules.assign(mois_couverts=pd.array([sur.couverts] * len(cellules), dtype="Int64"))


def objectif_de(lecteur: Lecteur, nom: str, periode: Periode) -> Objectif | None:
    """The target share of indicator `nom` for the whole, in force on the last day of `periode`; None without one."""
    tous = objectifs_en_vigueur(lecteur, nom, periode)
    return next((o for o in tous if not o.lieu and not o.en_nombre), None)


def _check_filtres(lecteur: Lecteur, filtres: dict[str, str | None]) -> None:
    for filtre, code in filtres.items():
        if code is None:
            continue
        perimetre = lecteur.recall(SQL["perimetre"])
        connus = perimetre.loc[perimetre["filtre"] == filtre, "code"]
        if not connus.eq(code).any() and not (filtre == "bailleur" and est_porte(lecteur, code)):
            exemples = ", ".join(sorted(connus)[:3]) or "aucun code dans le jeu de données publié"
            raise AppelIncorrect(
                f"Le code « {code} » du filtre {filtre} est inconnu : prendre un code connu ({exemples})."
            )


def _colonnes(demande: AppelIndicateur) -> list[str]:
    mesure = demande.indicateur.mesure
    ajouts = {
        Mesure.PART_PAR_FRAGILITE: list(_PAR_QUARTIER),
        Mesure.COMPARAISON: ["part_occupants", "n_occupants", "n_occupants_modestes"],
        Mesure.DELAI: list(_DELAIS),
    }.get(mesure, [])
    etiquettes = demande.indicateur.etiquettes
    motif = ["motif"] if demande.indicateur.depend_du_seuil or etiquettes else []
    absentes = ["colonnes_absentes"] if etiquettes else []
    ajoutee = [COUPES_AJOUTEES[mesure]] if mesure in COUPES_AJOUTEES else []
    parts = [c for c in mesures.COLONNES_PART if c != "n_inconnus"]
    return [
        *demande.par,
        *(c for c in ajoutee if c not in demande.par),
        *_COMPTES,
        *parts,
        *mesures.COLONNES_CIBLE,
        *ajouts,
        *motif,
        *absentes,
        "cible_de",
        "mois_couverts",
        *mesures.PAR_SENS,
    ]


def _count(lecteur: Lecteur, demande: AppelIndicateur) -> pd.DataFrame:
    """Cells of `demande`, sorted by its cuts; without cuts the cell exists even when empty."""
    return _complete(_count_par(lecteur, demande, _cles(demande)), demande)


def _cles(demande: AppelIndicateur) -> list[str]:
    return list(demande.par) or [ENSEMBLE]


def _count_par(lecteur: Lecteur, demande: AppelIndicateur, cles: list[str]) -> pd.DataFrame:
    bloc, colonnes = BLOCS[demande.indicateur.mesure], colonnes_de(demande.indicateur)
    return count(lecteur, bloc, cles, demande.periode, demande.filtres, **colonnes)


def _complete(cellules: pd.DataFrame, demande: AppelIndicateur) -> pd.DataFrame:
    if not demande.par and cellules.empty:
        vide = {c: (ENSEMBLE if c == ENSEMBLE else 0) for c in cellules.columns if c not in _DELAIS}
        cellules = pd.DataFrame([vide]).reindex(columns=cellules.columns)
    return cellules.sort_values(_cles(demande), ignore_index=True)


def _part(lecteur: Lecteur, demande: AppelIndicateur) -> pd.DataFrame:
    indicateur = demande.indicateur
    cellules = _judge_en_part(lecteur, demande, mesures.add_parts(_count(lecteur, demande)))
    if indicateur.etiquettes:
        cellules = _mark_absentes(lecteur, demande, cellules)
    return _mark_seuil(lecteur, demande, cellules) if indicateur.depend_du_seuil else cellules


def _judge_en_part(lecteur: Lecteur, demande: AppelIndicateur, cellules: pd.DataFrame) -> pd.DataFrame:
    """Each cell against its objective, read as it says, else as the indicator is, else as a floor."""

    def judge(siennes: pd.DataFrame, objectif: Objectif) -> pd.DataFrame:
        sens = objectif.sens or demande.indicateur.sens or Sens.PLANCHER
        return (mesures.avec_nombre if objectif.en_nombre else mesures.avec_cible)(siennes, objectif, sens)

    return _judge(lecteur, demande, cellules, judge)


def _mark_absentes(lecteur: Lecteur, demande: AppelIndicateur, cellules: pd.DataFrame) -> pd.DataFrame:
    """Name the label columns that files of each cell did not have, and say so where no row is known."""
    vide = pd.Series([None] * len(cellules), index=cellules.index, dtype="object")
    if not cellules["n_inconnus"].any():
        return cellules.assign(motif=vide, colonnes_absentes=vide)
    cles = _cles(demande)
    lues = etiquettes_absentes(lecteur, demande.indicateur, cles, demande.periode, demande.filtres)
    communes = [c for c in cles if c in lues]
    lues = (
        cellules[cles].merge(lues, on=communes, how="left")
        if communes
        else lues.reindex(cellules.index, method="ffill")
    )
    absentes = lues["colonnes"].astype("object")
    absentes = absentes.where(absentes.notna(), None)
    est_tue = absentes.notna() & (cellules["n_connus"] == 0)
    motif = pd.Series(COLONNE_ABSENTE, index=cellules.index, dtype="object").where(est_tue, None)
    return cellules.assign(motif=motif, colonnes_absentes=absentes)


def _mark_seuil(lecteur: Lecteur, demande: AppelIndicateur, cellules: pd.DataFrame) -> pd.DataFrame:
    """A year of the period without a threshold would leave a share of part of the period: no share at all, and why.

    The bounds `part_min` and `part_max` stay true, whatever the households of that year are.
    """
    if annees_connues(lecteur).issuperset(demande.periode.annees):
        return cellules if "motif" in cellules else cellules.assign(motif=None)
    vides = dict.fromkeys(("part", "ic_bas", "ic_haut"), np.nan)
    retenus = {c: cellules[c] for c in ("cible", "cible_de")}
    return mesures.sans_cible(cellules).assign(**retenus, **vides, motif=SEUIL_ABSENT)


def _part_par_fragilite(lecteur: Lecteur, demande: AppelIndicateur) -> pd.DataFrame:
    """The target applies class by class: the gap of a cell is the sum of the gaps of the classes that it spans. Its
    counts are the sums of those of its quartiers; a frozen séance may not have kept these: read by cell, then."""
    cles = _cles(demande)
    try:
        quartiers = _count_par(lecteur, demande, list(dict.fromkeys((*cles, "quartier"))))
    except NonGardes:
        quartiers, comptes = None, _count_par(lecteur, demande, cles)
    else:
        nombres = quartiers.columns.difference([*cles, "quartier"], sort=False)
        comptes = quartiers.groupby(cles, as_index=False)[list(nombres)].sum()
    cellules = mesures.add_parts(_complete(comptes, demande))

    def judge(siennes: pd.DataFrame, objectif: Objectif) -> pd.DataFrame:
        jugees = _judge_par_classe(siennes, objectif)
        return jugees if quartiers is None else _sum_les_quartiers(cles, jugees, quartiers, objectif)

    jugees = _judge(lecteur, demande, cellules, judge)
    vide = pd.array([None] * len(jugees), dtype="Int64")
    return jugees if set(_PAR_QUARTIER) <= set(jugees) else jugees.assign(**dict.fromkeys(_PAR_QUARTIER, vide))


def _judge(lecteur: Lecteur, demande: AppelIndicateur, cellules: pd.DataFrame, juger: Juger) -> pd.DataFrame:
    """Each cell judged by `juger` against the most precise objective in force (contract §1, *Séances and objectives*);
    those that have none are left without."""
    objectifs = objectifs_en_vigueur(lecteur, demande.indicateur.nom, demande.periode)
    choix = np.full(len(cellules), -1)
    for rang, objectif in enumerate(objectifs):
        if _vaut(objectif, demande):
            est_sienne = np.ones(len(cellules), dtype=bool)
            for coupe, code in objectif.lieu:
                est_dite = coupe in demande.par
                est_sienne &= (cellules[coupe] == code).to_numpy() if est_dite else demande.filtres.get(coupe) == code
            choix[est_sienne] = rang
    rangs = sorted(set(choix.tolist()))

    def judge_par(rang: int, siennes: pd.DataFrame) -> pd.DataFrame:
        return mesures.sans_cible(siennes) if rang < 0 else juger(siennes, objectifs[rang])

    if len(rangs) < 2:  # nearly always: the objective of the whole
        return judge_par(rangs[0] if rangs else -1, cellules)
    return pd.concat([judge_par(rang, cellules[choix == rang]) for rang in rangs]).sort_index()


def _vaut(objectif: Objectif, demande: AppelIndicateur) -> bool:
    """Whether cells cut so can be judged by it at all. A number is that of its own place, whole, over a year."""
    siennes = {coupe for coupe, _ in objectif.lieu}
    if objectif.en_nombre:
        dites = {*demande.par, *(coupe for coupe, code in demande.filtres.items() if code is not None)}
        if "commune" in dites:  # which is whole in its ICI
            dites -= {"ici", "territoire"}
        return demande.periode.n_mois == _MOIS_D_UN_NOMBRE and dites == siennes
    return set(demande.par) <= demande.indicateur.coupes_avec_cible | siennes


def _judge_par_classe(cellules: pd.DataFrame, objectif: Objectif) -> pd.DataFrame:
    trop, manque = _gaps(cellules, objectif)
    n = cellules["n"].to_numpy()
    verdict = np.full(len(cellules), None, dtype=object)
    est_classee = np.zeros(len(cellules), dtype=bool)
    for fragilite, sens in SENS_PAR_FRAGILITE.items():
        est_classee |= cellules[f"n_{fragilite}"].to_numpy() > 0
        est_seule = cellules[f"n_{fragilite}"].to_numpy() == n  # a cell that spans several classes has no verdict
        k, connus = (cellules[f"{c}_{fragilite}"].to_numpy() for c in ("numerateur", "n_connus"))
        verdict[est_seule] = mesures.verdicts(k, connus, objectif, sens)[est_seule]
    return mesures.place_cible(cellules, objectif, trop, manque, verdict, est_classee)


def _gaps(cellules: pd.DataFrame, objectif: Objectif) -> tuple[np.ndarray, np.ndarray]:
    """Attributions too many, too few, in each row: the sums over the classes that it spans, each against its own."""
    trop, manque = np.zeros(len(cellules), dtype="int64"), np.zeros(len(cellules), dtype="int64")
    for fragilite, sens in SENS_PAR_FRAGILITE.items():
        k, connus = (cellules[f"{c}_{fragilite}"].to_numpy("int64") for c in ("numerateur", "n_connus"))
        siens = mesures.trop_et_manque(k, connus, objectif, sens)
        trop, manque = trop + siens[0], manque + siens[1]
    return trop, manque


def _sum_les_quartiers(
    cles: list[str], cellules: pd.DataFrame, quartiers: pd.DataFrame, objectif: Objectif
) -> pd.DataFrame:
    """Add `_PAR_QUARTIER`: the objective is each quartier's, so what one has too many makes up for none that another
    lacks. Empty where the écart is."""
    ecarts = quartiers[cles].assign(**dict(zip(_PAR_QUARTIER, _gaps(quartiers, objectif), strict=True)))
    sommes = ecarts.groupby(cles, as_index=False).sum()
    lues = cellules[cles].merge(sommes, on=cles, how="left")
    vides = cellules["ecart_attributions"].isna().to_numpy()
    return cellules.assign(
        **{c: pd.arrays.IntegerArray(lues[c].fillna(0).to_numpy("int64"), vides) for c in _PAR_QUARTIER}
    )


def _repartition(lecteur: Lecteur, demande: AppelIndicateur) -> pd.DataFrame:
    """Every class for every cell, zeros included: the shares of a cell add up to 1."""
    comptes = _count(lecteur, demande)
    return _deplie(comptes.assign(n_connus=comptes["n"]), "classe", CLASSES, _cles(demande))


def _flux(lecteur: Lecteur, demande: AppelIndicateur) -> pd.DataFrame:
    """Every réservataire for every cell, zeros included. Asked as a cut, it is the same one: of one réservataire, the
    population is that of all."""
    sans = replace(demande, par=tuple(c for c in demande.par if c != COUPES_AJOUTEES[Mesure.FLUX]))
    cles = _cles(sans)
    coupe = COUPES_AJOUTEES[Mesure.FLUX]
    cellules = _deplie(_count(lecteur, sans), coupe, RESERVATAIRES, cles)
    cellules = _judge_en_part(lecteur, replace(sans, par=(*sans.par, coupe)), cellules)
    cellules = _mark_absentes(lecteur, sans, cellules)
    if coupe not in demande.par:
        return cellules
    return cellules.sort_values(
        list(demande.par), key=lambda c: c.map(RESERVATAIRES.index) if c.name == coupe else c, ignore_index=True
    )


def _deplie(comptes: pd.DataFrame, coupe: str, codes: tuple[str, ...], cles: list[str]) -> pd.DataFrame:
    """One row per cell and code of `coupe`, in their order, from one count per code."""
    cellules = comptes.melt([*cles, "n", "n_connus"], list(codes), coupe, "numerateur")
    rang = pd.Categorical(cellules[coupe], codes, ordered=True).codes
    cellules = cellules.assign(rang=rang).sort_values([*cles, "rang"], ignore_index=True)
    return mesures.sans_cible(mesures.add_parts(cellules))


def _comparaison(lecteur: Lecteur, demande: AppelIndicateur) -> pd.DataFrame:
    cellules = mesures.add_parts(_count(lecteur, demande))
    if set(demande.par) <= COUPES_DU_STOCK:
        cles = _cles(demande)
        stock = count(lecteur, "stock", cles, demande.periode, demande.filtres)
        stock = stock.rename(columns={"modestes": "n_occupants_modestes", "connus": "n_occupants"})
        stock = stock[stock["n_occupants"] > 0]  # none known is unknown, as where there is no résidence
        cellules = cellules.merge(stock, on=cles, how="left")
    else:
        cellules = cellules.assign(n_occupants_modestes=pd.NA, n_occupants=pd.NA)
    cellules = cellules.astype(dict.fromkeys(("n_occupants_modestes", "n_occupants"), "Int64"))
    modestes, connus = (cellules[c].astype("float64") for c in ("n_occupants_modestes", "n_occupants"))
    # The occupants are a landmark, neither floor nor ceiling: no gap in attributions, no verdict.
    cellules = mesures.sans_cible(cellules).assign(part_occupants=modestes / connus)
    return cellules.assign(
        cible=cellules["part_occupants"], ecart_points=100 * (cellules["part"] - cellules["part_occupants"])
    )


def _delai(lecteur: Lecteur, demande: AppelIndicateur) -> pd.DataFrame:
    cellules = _count(lecteur, demande)
    parts = {c: np.nan for c in mesures.COLONNES_PART if c != "n_inconnus"}
    return mesures.sans_cible(
        cellules.assign(numerateur=pd.NA, n_inconnus=cellules["n"] - cellules["n_connus"], **parts)
    )


_CALCULS = {
    Mesure.PART: _part,
    Mesure.PART_PAR_FRAGILITE: _part_par_fragilite,
    Mesure.REPARTITION: _repartition,
    Mesure.FLUX: _flux,
    Mesure.COMPARAISON: _comparaison,
    Mesure.DELAI: _delai,
}
