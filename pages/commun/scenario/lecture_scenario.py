"""What a scenario starts from and what it answers, kept by snapshot, scope and levers (see `donnees` for the rule)."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.contrat.tables import FRAGILITES
from mel_core.scenarios import MOTEURS, Resultat, Scenario, depart, effets_de, portee, repondre
from pages.commun import donnees, limites
from pages.commun.mesures import lecture_bilan
from pages.commun.orientations import ecran_ordonnancement
from pages.commun.perimetre import Perimetre

Cle = tuple[str, str]  # snapshot, the scenario as canonical JSON


def nouveau(choisi: Perimetre, simulation: str, leviers: dict[str, Any]) -> Scenario:
    return Scenario(simulation, choisi.seance, leviers, ici=choisi.ici or "", millesime=choisi.instantane.identifiant)


def resultat(scenario: Scenario) -> Resultat:
    """The answer of a scenario on its vintage."""
    return _repondre(cle(scenario))


def base(scenario: Scenario) -> Any:
    """What the scenario starts from, the same for all that its other levers try."""
    lus = MOTEURS[scenario.simulation].lus
    return _depart(cle(scenario.sans(*(n for n in scenario.leviers if n not in lus))))


def phrase(choisi: Perimetre, resultat: Resultat) -> str:
    """The sentence of an answer as a room may see it: what binds, without a small commune nor a count under eleven."""
    if resultat.scenario.simulation == "ordonnancement":
        return _phrase_de_file(resultat)
    if resultat.limite is None or resultat.texte.limite is None:
        return resultat.phrase
    simulation = resultat.scenario.simulation
    lu = base(resultat.scenario)
    noms, indicateur = (lu.equilibre.noms, "equilibre") if simulation == "plan" else (lu.noms, simulation)
    bilan = lecture_bilan.lire_cle((choisi.instantane.identifiant, str(choisi.seance), indicateur, choisi.ici))
    seules = set(bilan.communes.loc[~bilan.communes["est_regroupee"], "ligne"])
    return resultat.texte.dire(limites.dire(resultat.limite, noms, seules, bilan.cellules))


def _phrase_de_file(resultat: Resultat) -> str:
    """That of a queue, to the ten: its exact counts would give a few households back beside those of the screen."""
    apres, lignes = resultat.synthese, resultat.resultat
    # As many demandes before as after: the finding beside may be of another length.
    (n_aci_avant,) = lignes.loc[lignes["valeur"] == "est_menage_aci", "n_avant"]
    entrent, aci, aci_apres = (
        ecran_ordonnancement.arrondi(int(n or 0)) for n in (apres["n_entrent"], n_aci_avant, apres["n_menage_aci"])
    )
    rien = "Rien ne change : ces poids laissent les mêmes demandes en tête. " if resultat.motif else ""
    return langue.typographier(
        f"{rien}Parmi les {langue.nombre(apres['n_tete'])} premières demandes de la file, entrées par rapport à "
        f"l’ordre d’ancienneté : {entrent}, et autant de sorties ; ménages ACI en tête : de {aci} à {aci_apres}."
    )


def effets(scenario: Scenario) -> pd.DataFrame:
    """What each lever does on its own, and what they do together (see `mel_core.scenarios.effets_de`)."""
    return _effets(cle(scenario))


def repos(choisi: Perimetre, simulation: str, nom: str) -> int | None:
    """Where a lever rests: in whole per cent, the objective of an indicator or the share observed in a class; for
    `attendues`, the attributions of the last twelve months.
    """
    if nom == "attendues":
        lu = base(nouveau(choisi, simulation, {}))
        return int((lu.equilibre if simulation == "plan" else lu).cellules["n"].sum())
    if nom in FRAGILITES:
        observe = _depart(cle(nouveau(choisi, simulation, {}))).observes.get(nom)
        return None if observe is None or observe != observe else round(100 * observe)
    objectif = donnees.objectif(choisi.instantane.identifiant, str(choisi.seance), nom)
    return None if objectif is None else round(100 * objectif.valeur)


def cle(scenario: Scenario) -> Cle:
    """What tells a scenario from another."""
    contenu = {cle: valeur for cle, valeur in scenario.contenu().items() if cle not in ("nom", "auteur", "millesime")}
    return scenario.millesime, json.dumps(contenu, sort_keys=True, ensure_ascii=False)


def _relire(cle: Cle) -> Scenario:
    return Scenario.depuis({**json.loads(cle[1]), "millesime": cle[0]})


@st.cache_resource(show_spinner=False, max_entries=512)
def _repondre(cle: Cle) -> Resultat:
    scenario = _relire(cle)
    return repondre(base(scenario), scenario)


@st.cache_data(show_spinner=False, max_entries=128)
def _effets(cle: Cle) -> pd.DataFrame:
    scenario = _relire(cle)
    return effets_de(base(scenario), scenario)


@st.cache_resource(show_spinner=False, max_entries=24)
def _depart(cle: Cle) -> Any:
    scenario = _relire(cle)
    demande = scenario.millesime, str(scenario.seance)
    with donnees.ouvrir(*demande, portee(scenario)) as lecteur, donnees.ouvrir(*demande) as metropole:
        return depart(lecteur, scenario, metropole)
