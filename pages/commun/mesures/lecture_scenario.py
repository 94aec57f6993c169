"""What a scenario starts from and what it answers, kept by snapshot, scope and levers (see `donnees` for the rule)."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.secret.bail import reader
from mel_core.simulation.plan.objectifs_plan import ENSEMBLE
from mel_core.simulation.scenarios import MOTEURS, Resultat, Scenario, answer, depart, effets_de, portee
from mel_core.simulation.scenarios.projections import CONVERGENCE_TUE, ResultatConvergence
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import donnees, memo
from pages.commun.choix_perimetre import Perimetre

Cle = tuple[str, str]  # snapshot, the scenario as canonical JSON


def nouveau(choisi: Perimetre, simulation: str, leviers: dict[str, Any]) -> Scenario:
    return Scenario(simulation, choisi.seance, leviers, ici=choisi.ici or "", millesime=choisi.instantane.identifiant)


def resultat(scenario: Scenario) -> Resultat:
    """The answer of a scenario on its vintage, exact. Raises `ErreurUtilisateur` where who asks may be told none of
    it."""
    resultat = _answer(cle(scenario), scenario)
    if isinstance(resultat, ResultatConvergence) and not resultat.est_dit:
        raise ErreurUtilisateur(CONVERGENCE_TUE)
    return resultat


def base(scenario: Scenario) -> Any:
    """What the scenario starts from, the same for all that its other levers try."""
    lus = MOTEURS[scenario.simulation].lus
    seul = scenario.sans(*(n for n in scenario.leviers if n not in lus))
    return _depart(cle(seul), seul)


def chiffres(choisi: Perimetre, resultat: Resultat) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of an answer, without then with the scenario, as they are read: a room is told what is
    asked where the share of all that it is asked of is said."""
    connus = _connus(resultat)
    constat, synthese = (
        {cle: render(cle, valeur, connus.get(cle, 0)) for cle, valeur in lus.items()}
        for lus in (resultat.constat, resultat.synthese)
    )
    # Of a class that is asked nothing (`inconnu`), no share is a figure of the answer.
    if not reader().lit_tout and any(n and pd.isna(constat[cle]) for cle, n in connus.items() if cle in constat):
        constat, synthese = ({c: v for c, v in lus.items() if c in _NE_BOUGENT_PAS} for lus in (constat, synthese))
    return constat, synthese


_NE_BOUGENT_PAS = ("n_attendues", "n_stock")  # whatever is asked


# What is decided, or counts dwellings and objectives: nobody's, hence exact.
_EXACTS = (
    "n_objectifs",
    "n_objectifs_tenus",
    "n_residences",
    "n_logements_laisses",
    "n_servis",
    "n_plai",
    "n_sociaux",
    "n_plai_dus",
    "part_plai",
)


# What a scenario moves: nothing, where it moves nothing, is known to all.
_MOUVEMENTS = (
    "a_reorienter",
    "n_en_plus",
    "n_en_moins",
    "n_reorientes",
    "n_equilibre",
    "n_aci",
    "n_communs",
    "n_entrent",
)


def render(cle: str, valeur: Any, connus: int) -> Any:
    """A figure of an answer. `connus`: on how many a share is."""
    if reader().lit_tout or valeur is None or valeur != valeur or cle in _EXACTS:
        return valeur
    if cle in _MOUVEMENTS and valeur == 0:
        return 0
    if cle.startswith("n_") or cle in ("n", "a_reorienter"):
        return reader().compte(valeur)
    if cle == "part_inatteignable" or cle.startswith("ecart"):
        return reader().projetee(valeur)  # of stocks of thousands
    if cle.startswith("part"):
        return reader().part(round(float(valeur) * connus), connus)
    return valeur


def _connus(resultat: Resultat) -> dict[str, int]:
    """On how many each share of an answer is."""
    if "objectifs" in resultat.details:
        lus = resultat.details["objectifs"]
        lus = lus[lus["niveau"] == ENSEMBLE]
        cles = ["part_aci" if x.indicateur == "aci" else f"part_{x.fragilite}" for x in lus.itertuples()]
        return dict(zip(cles, lus["n"].astype(int), strict=True))
    lus = resultat.details.get("fragilite", pd.DataFrame(columns=["fragilite", "n_connus"]))
    classes = {f"part_{c}": int(n) for c, n in zip(lus["fragilite"], lus["n_connus"], strict=True)}
    return classes | {"part": int(resultat.synthese.get("n_attendues") or 0)}


@memo.exact(128)
def _effets(cle: Cle, _scenario: Scenario) -> pd.DataFrame:
    return effets_de(base(_scenario), _scenario)


def effets(scenario: Scenario) -> pd.DataFrame:
    """What each lever does on its own, and what they do together (see `mel_core.simulation.scenarios.effets_de`), for
    whoever reads every row."""
    return _effets(cle(scenario), scenario)


def repos(choisi: Perimetre, simulation: str, nom: str) -> int | None:
    """Where a lever rests: in whole per cent, the objective of an indicator or the share observed in a class; for
    `attendues`, the attributions of the last twelve months.
    """
    if nom == "attendues":
        lu = base(nouveau(choisi, simulation, {}))
        return int((lu.equilibre if simulation == "plan" else lu).cellules["n"].sum())
    if nom in FRAGILITES:
        par_classe = donnees.dites(*choisi.cle, "equilibre", "annee", ("fragilite",), choisi.ici)
        par_classe = par_classe.set_index("fragilite")["part"]
        observe = par_classe.get(nom)
        return None if observe is None or pd.isna(observe) else round(100 * float(observe))
    objectif = donnees.objectif(*choisi.cle, nom)
    return None if objectif is None else round(100 * objectif.valeur)


def cle(scenario: Scenario) -> Cle:
    """What tells a scenario from another."""
    contenu = {cle: valeur for cle, valeur in scenario.contenu().items() if cle not in ("nom", "auteur", "millesime")}
    return scenario.millesime, json.dumps(contenu, sort_keys=True, ensure_ascii=False)


@memo.exact(512, est_partage=True)
def _answer(cle: Cle, _scenario: Scenario) -> Resultat:
    return answer(base(_scenario), _scenario)


@memo.exact(24, est_partage=True)
def _depart(cle: Cle, _scenario: Scenario) -> Any:
    demande = _scenario.millesime, str(_scenario.seance)
    with donnees.open(*demande, portee(_scenario)) as lecteur, donnees.open(*demande) as metropole:
        return depart(lecteur, _scenario, metropole)
