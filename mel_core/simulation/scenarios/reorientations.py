"""`equilibre` and `aci`: read the cells of twelve months, who asks for what and which dwellings will be free; try the
targets, say what it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.entrepot import Lecteur, perimetre
from mel_core.indicateurs import compute as indicateur
from mel_core.indicateurs.calcul_indicateurs import objectif_de
from mel_core.indicateurs.mesures import Objectif
from mel_core.indicateurs.phrases_constats import duree_de
from mel_core.segments import Condition, Criteres, SegmentLibre
from mel_core.segments.compilation import Requete
from mel_core.simulation.reorientation.faisabilite import est_jugeable, sum_up_vacances
from mel_core.simulation.reorientation.grille import SEMESTRES_PAR_AN, Attentes, CibleEssayee, Motif
from mel_core.simulation.reorientation.phrases import Cadre, say, say_stock
from mel_core.simulation.reorientation.reponses import Exigence, answer, detail, par, run_down, sum_up
from mel_core.simulation.scenarios.resultat import Chiffre, Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.sql import blocs
from mel_core.socle.valeurs import Duree

SQL = blocs(__file__, "lecture.sql")
_COLONNES = ["n", "n_connus", "numerateur"]
_CLES = ["commune", "bailleur", "fragilite"]
_LIEUX = {"cibles_communes": "commune", "cibles_bailleurs": "bailleur"}
_PREMIER_ACCES = Condition("mutation", "est", False)
_MODESTES = Condition("ressources", "parmi", ("tres_modeste", "modeste"))
_NON_MODESTES = Condition("ressources", "parmi", ("intermediaire", "eleve"))
_SANS_LABEL = tuple(Condition(label, "est", False) for label in ("aci", "dalo", "pdalhpd"))
# Whom a reorientation may house → the active demandes it is (what is unknown never counts), and a named segment.
PROFILS: dict[str, tuple[SegmentLibre, str | None]] = {
    "n_modestes": (SegmentLibre((_MODESTES,)), None),
    "n_non_modestes": (SegmentLibre((_NON_MODESTES,)), None),
    "n_aci": (SegmentLibre((_PREMIER_ACCES,)), "aci_en_attente"),
    "n_non_aci": (SegmentLibre((_PREMIER_ACCES, *_SANS_LABEL)), None),
}


@dataclass(frozen=True, eq=False)
class Depart:
    """What a scenario starts from: never written. `fines`: the cells once more, cut by quartier (`equilibre` only).

    `vacances`: the dwellings freed a year in each cell. `noms`: what codes are called; `codes`: those that a lever by
    place may name; `duree`: « 12 mois », or how many of them the data cover.
    """

    objectif: Objectif | None
    cellules: pd.DataFrame
    fines: pd.DataFrame
    eligibles: pd.DataFrame
    vacances: pd.DataFrame
    noms: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]
    duree: Duree


@dataclass(frozen=True, eq=False, kw_only=True)
class ResultatReorientation(Resultat):
    """What is asked, and what it is read beside."""

    exigence: Exigence
    cadre: Cadre

    def texte(self) -> str:
        suite = say_stock(self.synthese) if "n_restants" in self.synthese else ""
        return say(self.exigence, self.cadre, suite)


def read(lecteur: Lecteur, scenario: Scenario, partage: Depart | None = None) -> Depart:
    """The twelve months up to the end of the séance, and who waits on its last day.

    `partage`: what was read of `equilibre`, on the same séance and ICI: who waits, what is freed and the names are its.
    """
    nom, ici = scenario.simulation, scenario.ici or None
    periode = Periode.de(scenario.seance, "annee")
    cles = _CLES if nom == "equilibre" else _CLES[:2]
    coupes = [*cles, "quartier"] if nom == "equilibre" else cles
    lues = indicateur(lecteur, nom, periode, coupes, ici=ici)
    lu: dict[str, Any] = {
        "objectif": objectif_de(lecteur, nom, periode),
        "cellules": lues.groupby(cles, as_index=False)[_COLONNES].sum(),
        "fines": lues[[*coupes, *_COLONNES]],
        "duree": duree_de(lues, periode.n_mois),
    }
    if partage is not None:
        return replace(partage, **lu, vacances=sum_up_vacances(partage.vacances, cles))
    noms = {
        levier: dict(zip(lieux[niveau], lieux["nom"], strict=True))
        for (levier, niveau), lieux in zip(
            _LIEUX.items(), (perimetre.communes(lecteur), perimetre.bailleurs(lecteur)), strict=True
        )
    }
    return Depart(
        **lu,
        eligibles=eligibles(lecteur, periode.fin, ici),
        vacances=sum_up_vacances(vacances(lecteur, periode.fin, ici), cles),
        noms=noms["cibles_communes"] | noms["cibles_bailleurs"],
        codes={levier: frozenset(siens) for levier, siens in noms.items()},
    )


def communes(lecteur: Lecteur, ici: str | None) -> list[str] | None:
    """INSEE codes of an ICI; None for the whole Métropole."""
    if ici is None:
        return None
    toutes = perimetre.communes(lecteur)
    return sorted(toutes.loc[toutes["ici"] == ici, "commune"])


def eligibles(lecteur: Lecteur, jour: date, ici: str | None) -> pd.DataFrame:
    """Active applicants on `jour` by commune wanted and profile: who could take a reoriented attribution.

    One row per commune wanted by somebody (a demande counts in each), and `ensemble`, those who want a commune of the
    scope, once each. Columns: `n_modestes`, `n_non_modestes`, `n_aci`, `n_non_aci`, and those who are both,
    `n_modestes_aci`, `n_non_modestes_aci` (0 when nobody); on `ensemble` also `n_aci_avant`, the ACI households of
    `n_aci` twelve months before.
    """
    requete = Requete(lecteur, Criteres(jour))
    requete.link(communes=communes(lecteur, ici), avant=Seance.du(jour).precedente.precedente.fin)
    regles = {profil: requete.regle(nomme, libre) for profil, (libre, nomme) in PROFILS.items()}
    return requete.ask(SQL["eligibles"], **regles)


def vacances(lecteur: Lecteur, fin: date, ici: str | None) -> pd.DataFrame:
    """Dwellings freed a year: `n_logements` × `taux_rotation` (the mean of its cell where it has none).

    One row per commune × bailleur × fragilite (of the quartier on `fin`) with a résidence: `n_vacances_an`, not whole,
    empty when unknown.
    """
    return lecteur.query(SQL["vacances"], fin=fin, ici=ici)


def attentes(scenario: Scenario) -> Attentes:
    """The expected attributions that the levers say."""
    leviers: dict[str, Any] = dict(scenario.leviers)
    return Attentes(leviers.get("attributions_attendues"), leviers.get("horizon", SEMESTRES_PAR_AN))


def durees(scenario: Scenario, duree: Duree) -> tuple[str, str]:
    """See `Resultat.durees`: twelve months are observed (`duree`), those of the horizon are expected."""
    horizon = attentes(scenario).horizon
    return ("", "") if horizon == SEMESTRES_PAR_AN else (str(duree), langue.effectif(horizon, "semestre"))


def cibles_equilibre(scenario: Scenario, depart: Depart) -> CibleEssayee:
    """The targets of the equilibre: those moved, the objective in force for the others."""
    leviers, objectif = dict[str, Any](scenario.leviers), depart.objectif
    cible = leviers.get("cible", objectif.valeur if objectif else None)
    par_classe: dict[str | tuple[str, str], Fraction] = {
        c: leviers[f"cible_{c}"] for c in FRAGILITES if f"cible_{c}" in leviers
    }
    if cible is None and len(par_classe) < len(FRAGILITES):
        raise AppelIncorrect("Aucun objectif d’équilibre n’est en vigueur à cette séance : donner le levier « cible ».")
    bande = leviers.get("bande", objectif.bande if objectif else Fraction(1, 20))
    return CibleEssayee("equilibre", Fraction(0) if cible is None else cible, bande, par_classe)


def cibles_aci(scenario: Scenario, depart: Depart, levier: str = "cible") -> CibleEssayee:
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
        (niveau, code): part for nom, niveau in _LIEUX.items() for code, part in leviers.get(nom, {}).items()
    }
    return CibleEssayee("aci", cible, cibles=lieux)


def compute_equilibre(depart: Depart, scenario: Scenario) -> Resultat:
    """`resultat`: one row per commune × bailleur × fragilite; `details`: by commune, bailleur, fragilite, quartier."""
    cellules, exigence = _try_out(depart, scenario, cibles_equilibre(scenario, depart))
    details = {cle: par(cellules, cle) for cle in _CLES}
    details["quartier"] = par(detail(cellules, depart.fines, "quartier"), ["commune", "quartier"])
    observees, fragilites = depart.cellules, depart.cellules["fragilite"]
    constat = {f"part_{c}": _part(*sum_up(observees[fragilites == c])) for c in FRAGILITES}
    synthese = {
        f"part_{c}": _part(k - exigence.sens[c][0] + exigence.sens[c][1], n) for c, (k, n) in exigence.parts.items()
    }
    return _resultat(depart, scenario, cellules, exigence, constat, synthese, details)


def compute_aci(depart: Depart, scenario: Scenario) -> Resultat:
    """`resultat`: one row per commune × bailleur; `details`: by commune, by bailleur."""
    cellules, exigence = _try_out(depart, scenario, cibles_aci(scenario, depart))
    loges_an, n_an = sum_up(depart.cellules)
    loges = int(cellules["numerateur"].sum()) + exigence.n_demandes
    constat, synthese = (
        _stock(depart, k, n, horizon, loges_an)
        for k, n, horizon in (
            (loges_an, n_an, SEMESTRES_PAR_AN),
            (loges, exigence.n_connues, attentes(scenario).horizon),
        )
    )
    details = {cle: par(cellules, cle) for cle in _CLES[:2]}
    return _resultat(depart, scenario, cellules, exigence, constat, synthese, details)


def _try_out(depart: Depart, scenario: Scenario, cible: CibleEssayee) -> tuple[pd.DataFrame, Exigence]:
    return answer(depart.cellules, cible, attentes(scenario), depart.eligibles, depart.vacances)


def _part(k: int, n: int) -> float | None:
    return k / n if n else None


def _stock(depart: Depart, n_loges: int, n: int, horizon: int, loges_an: int) -> dict[str, Chiffre]:
    """Who is housed within `horizon`, out of `n`, and what is left of those who wait, when they are known."""
    ecoulement = run_down(n_loges, horizon, depart.eligibles, loges_an)
    if not est_jugeable(depart.eligibles):
        ecoulement = dict.fromkeys(ecoulement)
    return {"n_loges": n_loges, "part": Fraction(n_loges, n) if n else None, **ecoulement}


def _resultat(
    depart: Depart,
    scenario: Scenario,
    cellules: pd.DataFrame,
    exigence: Exigence,
    constat: Mapping[str, Chiffre],
    synthese: Mapping[str, Chiffre],
    details: Mapping[str, pd.DataFrame],
) -> Resultat:
    # Who waits may be unknown, which is not nobody: what is asked is said, without a verdict.
    est_jugee, motif, mouvements = est_jugeable(depart.eligibles), exigence.motif, exigence.mouvements
    if not est_jugee:
        motif = None if motif is Motif.AUCUN_ELIGIBLE else motif
        cellules = cellules.assign(n_eligibles=pd.NA)
    au_repos = {"n_attendues": int(depart.cellules["n_connus"].sum())}
    au_repos |= dict.fromkeys(("a_reorienter", "n_en_plus", "n_en_moins"), 0)
    demandes = {
        "n_attendues": exigence.n_connues,
        "a_reorienter": exigence.n_demandes,
        "n_en_plus": int(mouvements[mouvements > 0].sum()),
        "n_en_moins": int(-mouvements[mouvements < 0].sum()),
    }
    return ResultatReorientation(
        scenario=scenario,
        constat={**au_repos, **constat},
        synthese={**demandes, **synthese},
        resultat=cellules,
        verdict=str(exigence.limite.verdict) if est_jugee else "",
        motif=str(motif) if motif else None,
        details=details,
        durees=durees(scenario, depart.duree),
        exigence=exigence,
        cadre=Cadre(depart.duree, attentes(scenario), depart.noms, est_jugee),
    )
