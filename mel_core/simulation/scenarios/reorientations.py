"""`equilibre` and `aci`: read the cells of twelve months, try the targets, say what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.entrepot import Lecteur, perimetre
from mel_core.indicateurs import compute as indicateur
from mel_core.indicateurs.calcul_indicateurs import objectif_de
from mel_core.indicateurs.mesures import Objectif
from mel_core.secret.bail import Audience
from mel_core.simulation.engagement.attentes import SEMESTRES_PAR_AN, Attentes
from mel_core.simulation.reorientation import cibles
from mel_core.simulation.reorientation.calcul_reorientation import par
from mel_core.simulation.reorientation.cibles import Motif
from mel_core.simulation.reorientation.faisabilite import est_jugeable, sum_up_vacances
from mel_core.simulation.reorientation.reponses_leviers import Ecoulement, Reponse, answer, detail, run_down
from mel_core.simulation.scenarios import lecture_scenarios
from mel_core.simulation.scenarios.phrases_reorientations import Cadre, say, stock
from mel_core.simulation.scenarios.resultat_scenario import Chiffre, Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode

_COLONNES = ("n", "n_connus", "numerateur")


@dataclass(frozen=True, eq=False)
class Depart:
    """What a scenario starts from: never written. `fines`: the cells once more, cut by quartier (`equilibre` only).

    `noms`: what codes are called; `codes`: those that a lever by place may name; `duree`: « 12 mois », or how many of
    them the data cover.
    """

    objectif: Objectif | None
    cellules: pd.DataFrame
    fines: pd.DataFrame
    eligibles: pd.DataFrame
    vacances: pd.DataFrame
    noms: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]
    duree: str

    def cadre(self, attendu: Attentes) -> Cadre:
        """What the sentence of an answer is read beside."""
        return Cadre(self.duree, attendu, self.noms, est_jugeable(self.eligibles))


@dataclass(frozen=True, eq=False)
class Contexte:
    """What both indicators share: who waits, the dwellings freed by commune × bailleur × fragilite, names and codes."""

    eligibles: pd.DataFrame
    vacances: pd.DataFrame
    noms: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]


def read(lecteur: Lecteur, scenario: Scenario) -> Depart:
    """The twelve months up to the end of the séance, and who waits on its last day."""
    return read_cellules(lecteur, scenario, read_contexte(lecteur, scenario))


def read_contexte(lecteur: Lecteur, scenario: Scenario) -> Contexte:
    """Who waits on the last day of the séance and the dwellings freed a year, by commune, bailleur and fragilite."""
    ici, fin = scenario.ici or None, scenario.seance.fin
    return Contexte(
        lecture_scenarios.eligibles(lecteur, fin, ici),
        lecture_scenarios.vacances(lecteur, fin, ici),
        *_referentiel(lecteur),
    )


def read_cellules(lecteur: Lecteur, scenario: Scenario, contexte: Contexte) -> Depart:
    """The same as `read`, on what was read already."""
    nom, ici = scenario.simulation, scenario.ici or None
    periode = Periode.de(scenario.seance, "annee")
    cles = ["commune", "bailleur", *(["fragilite"] if nom == "equilibre" else [])]
    detail = [*cles, *(["quartier"] if nom == "equilibre" else [])]
    lues = indicateur(lecteur, nom, periode, detail, ici=ici)
    fines = lues[[*detail, *_COLONNES]]
    couverts = lues["mois_couverts"].dropna()
    return Depart(
        objectif_de(lecteur, nom, periode),
        fines.groupby(cles, as_index=False)[list(_COLONNES)].sum(),
        fines,
        contexte.eligibles,
        sum_up_vacances(contexte.vacances, cles),
        contexte.noms,
        contexte.codes,
        langue.duree(int(couverts.min()) if len(couverts) else None, periode.n_mois),
    )


def _referentiel(lecteur: Lecteur) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """What codes of communes and bailleurs are called, and the codes that each lever by place knows."""
    communes, bailleurs = perimetre.communes(lecteur), perimetre.bailleurs(lecteur)
    par_commune = dict(zip(communes["commune"], communes["nom"], strict=True))
    par_bailleur = dict(zip(bailleurs["bailleur"], bailleurs["nom"], strict=True))
    codes = {"cibles_communes": frozenset(par_commune), "cibles_bailleurs": frozenset(par_bailleur)}
    return par_commune | par_bailleur, codes


def attentes(scenario: Scenario) -> Attentes:
    """The expected attributions that the levers say."""
    leviers: dict[str, Any] = dict(scenario.leviers)
    return Attentes(leviers.get("attributions_attendues"), leviers.get("horizon", SEMESTRES_PAR_AN))


def durees(scenario: Scenario, duree: str) -> tuple[str, str]:
    """See `Resultat.durees`: twelve months are observed (`duree`), those of the horizon are expected."""
    horizon = attentes(scenario).horizon
    return ("", "") if horizon == SEMESTRES_PAR_AN else (duree, langue.effectif(horizon, "semestre"))


def cibles_equilibre(scenario: Scenario, objectif: Objectif | None) -> cibles.CibleEssayee:
    """The targets of the equilibre: those moved, the objective in force for the others."""
    leviers: dict[str, Any] = dict(scenario.leviers)
    cible = leviers.get("cible", objectif.valeur if objectif else None)
    par_classe: dict[str | tuple[str, str], Fraction] = {
        c: leviers[f"cible_{c}"] for c in FRAGILITES if f"cible_{c}" in leviers
    }
    if cible is None and len(par_classe) < len(FRAGILITES):
        raise AppelIncorrect("Aucun objectif d’équilibre n’est en vigueur à cette séance : donner le levier « cible ».")
    bande = leviers.get("bande", objectif.bande if objectif else Fraction(1, 20))
    return cibles.CibleEssayee("equilibre", Fraction(0) if cible is None else cible, bande, par_classe)


def cibles_aci(scenario: Scenario, depart: Depart, levier: str = "cible") -> cibles.CibleEssayee:
    """The floors of the ACI: that of the whole, and those of the communes and bailleurs named.

    Raises `AppelIncorrect` for a place that does not exist, or without a target.
    """
    leviers: dict[str, Any] = dict(scenario.leviers)
    for nom, quoi in (("cibles_communes", "une commune de la Métropole"), ("cibles_bailleurs", "un bailleur")):
        inconnus = sorted(set(leviers.get(nom, {})) - depart.codes[nom])
        if inconnus:
            raise AppelIncorrect(
                f"Le levier « {nom} » donne le code « {inconnus[0]} », qui n’est pas {quoi} : le corriger."
            )
    cible = leviers.get(levier, depart.objectif.valeur if depart.objectif else None)
    if cible is None:
        raise AppelIncorrect(f"Aucun objectif ACI n’est en vigueur à cette séance : donner le levier « {levier} ».")
    lieux: dict[str | tuple[str, str], Fraction] = {
        (niveau, code): part
        for niveau, nom in (("commune", "cibles_communes"), ("bailleur", "cibles_bailleurs"))
        for code, part in leviers.get(nom, {}).items()
    }
    return cibles.CibleEssayee("aci", cible, cibles=lieux)


def compute_equilibre(depart: Depart, scenario: Scenario) -> Resultat:
    """`resultat`: one row per commune × bailleur × fragilite; `details`: by commune, bailleur, fragilite, quartier."""
    attendu, essai = attentes(scenario), cibles_equilibre(scenario, depart.objectif)
    reponse = answer(depart.cellules, essai, attendu, depart.eligibles, depart.vacances)
    constat = _chiffres_equilibre(_observe(depart, essai, attendu, reponse), False)
    synthese = _chiffres_equilibre(reponse, True)
    details = {cle: par(reponse.cellules, cle) for cle in ("commune", "bailleur", "fragilite")}
    details["quartier"] = par(detail(reponse.cellules, depart.fines, "quartier"), ["commune", "quartier"])
    return _resultat(scenario, reponse, constat, synthese, details, depart)


def compute_aci(depart: Depart, scenario: Scenario) -> Resultat:
    """`resultat`: one row per commune × bailleur; `details`: by commune, by bailleur."""
    attendu, essai = attentes(scenario), cibles_aci(scenario, depart)
    reponse = answer(depart.cellules, essai, attendu, depart.eligibles, depart.vacances)
    loges_an = int(depart.cellules["numerateur"].sum())
    observee, rythme = _observe(depart, essai, attendu, reponse), Attentes()
    constat = _chiffres_aci(observee, run_down(observee, rythme, depart.eligibles, loges_an)[0], depart, False)
    synthese = _chiffres_aci(reponse, run_down(reponse, attendu, depart.eligibles, loges_an)[1], depart, True)
    details = {cle: par(reponse.cellules, cle) for cle in ("commune", "bailleur")}
    return _resultat(scenario, reponse, constat, synthese, details, depart)


def _observe(depart: Depart, essai: cibles.CibleEssayee, attendu: Attentes, reponse: Reponse) -> Reponse:
    """The attributions of the last twelve months, at their own pace: what is observed, whatever the levers expect."""
    if attendu == Attentes():
        return reponse
    return answer(depart.cellules, essai, Attentes(), depart.eligibles, depart.vacances)


def _chiffres_equilibre(reponse: Reponse, est_essai: bool) -> dict[str, Chiffre]:
    par_classe = par(reponse.cellules, "fragilite").set_index("fragilite")
    parts = par_classe["part_visee" if est_essai else "part"].to_dict()
    return _synthese(reponse, est_essai) | {f"part_{c}": parts.get(c) for c in FRAGILITES}


def _chiffres_aci(reponse: Reponse, stock: Ecoulement, depart: Depart, est_essai: bool) -> dict[str, Chiffre]:
    n, est_connue = int(reponse.cellules["n_connus"].sum()), est_jugeable(depart.eligibles)
    return _synthese(reponse, est_essai) | {
        "n_loges": stock.n_loges,
        "part": Fraction(stock.n_loges, n) if n else None,
        "n_stock": stock.n_stock if est_connue else None,
        "n_restants": stock.n_restants if est_connue else None,
        "semestres": stock.semestres if est_connue else None,
        "semestres_sans_entrees": stock.semestres_sans_entrees if est_connue else None,
    }


def _synthese(reponse: Reponse, est_essai: bool) -> dict[str, Chiffre]:
    mouvement = reponse.cellules["a_reorienter"] * reponse.cellules["sens"] * int(est_essai)
    return {
        "n_attendues": int(reponse.cellules["n_connus"].sum()),
        "a_reorienter": int(mouvement.abs().sum()),
        "n_en_plus": int(mouvement.clip(lower=0).sum()),
        "n_en_moins": int((-mouvement).clip(lower=0).sum()),
    }


def _resultat(
    scenario: Scenario,
    reponse: Reponse,
    constat: dict[str, Chiffre],
    synthese: dict[str, Chiffre],
    details: dict[str, pd.DataFrame],
    depart: Depart,
) -> Resultat:
    # Who waits may be unknown, which is not nobody: what is asked is said, without a verdict.
    est_jugee, motif, cellules = est_jugeable(depart.eligibles), reponse.motif, reponse.cellules
    if not est_jugee:
        motif = None if motif is Motif.AUCUN_ELIGIBLE else motif
        cellules = cellules.assign(n_eligibles=pd.NA)
    cadre = depart.cadre(attentes(scenario))

    def texte(audience: Audience) -> str:
        suite = stock(synthese, audience) if scenario.simulation == "aci" else ""
        return say(reponse.exigence, cadre, audience, suite)

    return Resultat(
        scenario,
        constat,
        synthese,
        cellules,
        str(reponse.limite.verdict) if est_jugee else "",
        str(motif) if motif else None,
        texte,
        details,
        durees(scenario, depart.duree),
    )
