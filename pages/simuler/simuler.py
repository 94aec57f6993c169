"""Simuler: one scenario, its levers, its answer beside the baseline; kept, linked, compared."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from mel_core.simulation.scenarios import MOTEURS, Resultat, Scenario
from pages.adaptateur import cartes, vivant
from pages.adaptateur.incidents import fragment
from pages.commun import cadre, choix_perimetre
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images.cartes import Carte
from pages.commun.mesures import lecture_scenario
from pages.simuler import dessins_scenario, images_scenario, reglages, scenarios_gardes
from pages.simuler.dessins_scenario import LIEUX
from pages.simuler.pourquoi_scenario import explain

_CHOISIE, _PRECEDENTE = "simulation", "simulation_precedente"
FIGURES_MAX = 7
_CARTE_PX = (470, 291)
# What stands beside the finding, by state; and where a lever moved goes back to (to the objective, where there is one).
EN_FACE = {cadre.OBJECTIF: "◎ Objectif voté", cadre.HYPOTHESE: "△ Hypothèse"}
RETOURS = {False: "Revenir au constat", True: "Revenir à l’objectif voté"}


def page() -> None:
    st.html(Path(__file__).with_suffix(".css"))
    with st.container(horizontal=True, key="perimetre"):
        choisi = choix_perimetre.choose()
        simulation = choose()
        cadre.millesime(choisi.instantane)
    play(choisi, simulation)


def choose() -> str:
    """Which simulation, kept in the session and in the address."""
    offertes = [s for s in reglages.TITRES if s in MOTEURS]
    choix_perimetre.keep(_CHOISIE, offertes)
    simulation = st.selectbox(
        "Simulation",
        offertes,
        format_func=reglages.TITRES.__getitem__,
        key=_CHOISIE,
        persist_state="session",
        label_visibility="collapsed",
        filter_mode=None,
    )
    if st.session_state.get(_PRECEDENTE, simulation) != simulation:
        reglages.forget_l_adresse()  # levers of another simulation may bear the same names
    st.session_state[_PRECEDENTE] = st.query_params[_CHOISIE] = simulation
    return simulation


@fragment
def play(choisi: Perimetre, simulation: str) -> None:
    """Levers, sentence, figures and pictures together: a step of a slider reruns nothing else."""
    reposer = partial(lecture_scenario.repos, choisi, simulation)
    entete, message = (
        st.container(horizontal=True, key="entete", vertical_alignment="center"),
        st.container(key="message_scenario"),
    )
    corps = st.container(key="scenario")
    with corps:
        gauche, droite = st.columns([0.27, 0.73], gap="medium")
    with gauche, st.container(key="leviers"):
        scenario = lecture_scenario.nouveau(choisi, simulation, reglages.adjust(simulation, reposer))
    resultat = lecture_scenario.resultat(scenario, choisi.audience)
    etat = state(scenario)
    with entete:
        head(choisi, etat, resultat, reposer)
    with message:
        st.markdown(resultat.say(choisi.audience))
    with droite:
        figures(choisi, resultat, etat)
        draw(dessins_scenario.read(choisi, resultat))
    scenarios_gardes.show(choisi, resultat, reposer)


def draw(dessins: dessins_scenario.Dessins) -> None:
    """The pictures, side by side under their headings where they have one."""
    places = [st.container()] if len(dessins) == 1 else st.columns(len(dessins), gap="small") if dessins else []
    for place, (titre, dessin) in zip(places, dessins, strict=True):
        with place:
            if titre:
                st.html(f'<p class="cote">{titre}</p>')
            if isinstance(dessin, Carte):
                cartes.draw(dessin, "scenario", _CARTE_PX)
            else:
                vivant.place(dessin)


def state(scenario: Scenario) -> str:
    """Of what the scenario shows beside the finding: a hypothesis as soon as a lever moves; before that, the objective
    voted where there is one, or the finding itself.
    """
    if any(nom not in MOTEURS[scenario.simulation].lus for nom in scenario.leviers):
        return cadre.HYPOTHESE
    return cadre.OBJECTIF if scenario.simulation in LIEUX else cadre.CONSTAT


def head(choisi: Perimetre, etat: str, resultat: Resultat, reposer: reglages.Reposer) -> None:
    """In which state the figures are, and the way back."""
    simulation = resultat.scenario.simulation
    cadre.etat(etat, choisi.precision)
    if etat == cadre.HYPOTHESE:
        st.button(
            RETOURS[simulation in LIEUX],
            key="revenir",
            shortcut="0",
            on_click=reglages.au_repos,
            args=(simulation, reposer),
        )
    explain(choisi, resultat)
    scenarios_gardes.keep(choisi, resultat)


def figures(choisi: Perimetre, resultat: Resultat, etat: str) -> None:
    """Each figure as observed, then beside it under what the scenario is: nothing is beside when no lever moved."""
    constat, synthese = lecture_scenario.chiffres(choisi, resultat)
    cles = [cle for cle in constat if cle in synthese]
    colonnes = [("■ Constat", constat, "")]
    if etat in EN_FACE:
        colonnes.append((EN_FACE[etat], synthese, ' class="essai"'))
    tetes = "".join(f'<th scope="col"{classe}>{titre}</th>' for titre, _, classe in colonnes)
    lignes = [
        f"<tr><th scope='row'>{images_scenario.nom(cle)}</th>"
        + "".join(f"<td{classe}>{images_scenario.chiffre(cle, chiffres[cle])}</td>" for _, chiffres, classe in colonnes)
        + "</tr>"
        for cle in cles
    ]
    # Many figures go side by side, for the pictures to stay in sight.
    moitie = -(-len(lignes) // 2) if len(lignes) > FIGURES_MAX else len(lignes)
    tables = "".join(
        f'<table class="chiffres"><thead><tr><td></td>{tetes}</tr></thead><tbody>{"".join(morceau)}</tbody></table>'
        for morceau in (lignes[:moitie], lignes[moitie:])
        if morceau
    )
    st.html(f'<div class="cote_a_cote">{tables}</div>')


page()
