"""Suivre › Programmation: PLAI per operation against 25 to 30 %, and the years that rebuilding the NPRU takes."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.simulation.programmation import phrases_programmation
from mel_core.simulation.programmation.calcul_programmation import (
    DEMOLIS,
    PART_VISEE,
    ScenarioProgrammation,
    part_lissee,
    rebuild,
    schedule,
)
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur import vivant
from pages.adaptateur.incidents import fragment
from pages.commun import cadre, choix_perimetre, entete, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import images_programmation
from pages.commun.mesures import lecture_suivre
from pages.suivre import exemple_programmation

DEPART = 25
_CLE, _LISSER = "part_plai", "lisser_plai"


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    toutes = lecture_suivre.operations(choisi.instantane.identifiant, str(choisi.seance), None)
    if toutes.empty:
        raise ErreurUtilisateur(
            "La table « programmation » n’est pas dans le jeu de données : l’importer depuis Préparer › Imports."
        )
    operations = toutes[toutes["ici"] == choisi.ici].reset_index(drop=True) if choisi.ici else toutes
    say(operations, choisi)
    if not operations.empty:
        explore(operations, toutes)


def say(operations: pd.DataFrame, choisi: Perimetre) -> None:
    phrase = phrases_programmation.constat(choisi.ici_dite, schedule(operations, ScenarioProgrammation(Fraction(0))))
    entete.say(choisi, f"table « programmation » · {langue.effectif(len(operations), 'opération')}", phrase, POURQUOI)


@fragment
def explore(operations: pd.DataFrame, toutes: pd.DataFrame) -> None:
    """Picture, lever and table move together."""
    image, levier, tableau = st.container(key="image"), st.container(key="levier"), st.container()
    with levier:
        gauche, droite = st.columns([0.36, 0.64], gap="large")
    with gauche:
        scenario = choose_scenario()
    programmees = schedule(operations, scenario)
    with image:
        graphique, exemple = st.columns([0.62, 0.38], gap="medium")
        with graphique:
            vivant.draw(images_programmation.figure(programmees))
        with exemple:
            st.html(exemple_programmation.exemple(scenario.part_plai))
    with droite:
        partout = schedule(toutes, scenario)
        annees = phrases_programmation.reconstitution(*(rebuild(partout, scenario, n) for n in DEMOLIS))
        st.markdown(langue.typeset(phrases_programmation.reponse(programmees, scenario)))
        st.markdown(langue.typeset(annees))
        st.html(f'<p class="reserve">{escape(phrases_programmation.lissage(part_lissee(toutes)))}</p>')
    with tableau:
        table(programmees)


def choose_scenario() -> ScenarioProgrammation:
    """The share of PLAI tried, and whether the operations of the NPRU come down to it."""
    choix_perimetre.keep(_CLE, range(61), DEPART)
    part = Fraction(st.session_state[_CLE], 100)
    dedans = PART_VISEE[0] <= part <= PART_VISEE[1]
    position = "dans" if dedans else "hors de"
    cadre.etat(cadre.HYPOTHESE, f"{position} la fourchette de {phrases_programmation.FOURCHETTE} proposée en 2017")
    st.slider(
        "Part de PLAI parmi les PLUS et PLAI de chaque opération",
        0,
        60,
        step=1,
        key=_CLE,
        persist_state="session",
        format="%d %%",
    )
    st.query_params[_CLE] = str(st.session_state[_CLE])
    lisser = st.checkbox("Lisser : le NPRU aussi à cette part", key=_LISSER, persist_state="session")
    return ScenarioProgrammation(part, lisser)


def table(programmees: pd.DataFrame) -> None:
    """Every operation, before and after."""
    inconnues = int((~programmees["est_connue"]).sum())
    if inconnues:
        reste = langue.effectif(inconnues, "opération laissée", "opérations laissées")
        st.html(f'<p class="reserve">{reste} hors du calcul : PLUS ou PLAI non renseignés.</p>')
    lignes = pd.DataFrame(
        {
            "Opération": programmees["nom"].fillna(programmees["operation"]),
            "Commune": programmees["nom_commune"],
            "Année": programmees["annee"].astype(str),
            "NPRU": ["oui" if x else "non" for x in programmees["npru"]],
            "Logements": programmees["n_logements"],
            "PLS": programmees["n_pls"],
            "PLUS": programmees["n_plus"],
            "PLAI": programmees["n_plai"],
            "Part de PLAI": programmees["part"],
            "PLUS visés": programmees["n_plus_vise"],
            "PLAI visés": programmees["n_plai_vise"],
            "Part visée": programmees["part_visee"],
        }
    )
    entiers = ["Logements", "PLS", "PLUS", "PLAI", "PLUS visés", "PLAI visés"]
    formats = dict.fromkeys(entiers, langue.nombre) | dict.fromkeys(("Part de PLAI", "Part visée"), langue.part)
    widgets.grille(lignes.astype(dict.fromkeys(entiers, "Float64")), formats, "Programmation par opération")


POURQUOI = """**Part de PLAI par opération** : PLAI / (PLUS + PLAI) ; les PLS restent à part.

- **Règle d’arrondi** : le plus petit nombre entier de PLAI qui atteint la part visée, opération par opération.
- **Source** : table « programmation », données publiées le {jour} ; fourchette de 25 à 30 %, 20 % d’aujourd’hui,
  60 % de l’ANRU et 2 500 à 3 500 démolitions : support de 2017.
- **Lisser** : les opérations de reconstitution descendent à la part commune au lieu de garder leurs 60 % de PLAI.
- **Années** : au rythme annuel moyen des opérations connues de toute la Métropole, supposé se répéter.
- **Méthode** : docs/simulations/programmation.md
"""


page()
