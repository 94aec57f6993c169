"""Simuler: one scenario, its levers, its answer beside the baseline, why that one; kept, linked, compared."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from mel_core.secret.bail import reader
from mel_core.simulation.programmation import PART_VISEE
from mel_core.simulation.scenarios import MOTEURS, Resultat, Scenario
from mel_core.simulation.scenarios.registre import METHODES
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode
from pages.adaptateur import cartes
from pages.adaptateur.incidents import fragment
from pages.commun import cadre, choix_perimetre, entete, levier, signatures, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.levier import Etape, JeuDeCurseurs, Valeurs
from pages.commun.mesures import lecture_scenario
from pages.simuler import images_scenario, reglages, scenarios_gardes
from pages.simuler.images_scenario import LIEUX
from pages.simuler.reglages import Reglages

_CHOISIE, _PRECEDENTE = "simulation", "simulation_precedente"
FIGURES_MAX = 7
A_SON_TEMPS = frozenset({"plan"})  # a second or so: answered when it is asked, never before
_CARTE_PX = (1250, 380)
# What stands beside the finding, by state; and where a lever moved goes back to (to the objective, where there is one).
EN_FACE = {cadre.OBJECTIF: "◎ Objectif voté", cadre.HYPOTHESE: "△ Hypothèse"}
RETOURS = {False: "Revenir au constat", True: "Revenir à l’objectif voté"}


def page() -> None:
    st.html(Path(__file__).with_suffix(".css"))
    with entete.perimetre():
        choisi = choix_perimetre.choose()
        simulation = choose(choisi)
        cadre.millesime(choisi.instantane)
    play(choisi, simulation)


def choose(choisi: Perimetre) -> str:
    """Which simulation, kept in the session and in the address."""
    lit_tout = reader().lit_tout
    offertes = {s: dite for s, dite in reglages.TITRES.items() if reglages.est_offert(s, (), lit_tout=lit_tout)}
    simulation = choix_perimetre.option(
        "Simulation", _CHOISIE, offertes, en_liste=True, partout=True, label_visibility="collapsed", filter_mode=None
    )
    if st.session_state.get(_PRECEDENTE, simulation) != simulation:
        reglages.forget_l_adresse()  # levers of another simulation may bear the same names
    st.session_state[_PRECEDENTE] = simulation
    return simulation


@fragment
def play(choisi: Perimetre, simulation: str) -> None:
    """Levers, sentence, figures and pictures together: a step of a lever reruns nothing else."""
    reposer = partial(lecture_scenario.repos, choisi, simulation)
    entete = st.container(horizontal=True, key="entete", vertical_alignment="center")
    with st.container(key="scenario"):
        with st.container(key="autres_reglages"):
            offerts = reglages.offer(simulation, reposer, lit_tout=reader().lit_tout)
        with st.container(key="levier"):
            valeurs = levier.show(f"simuler_{simulation}", _jeu(choisi, offerts, reposer))
            offerts.write(valeurs)
            try:
                resultat = _answer(choisi, offerts, valeurs)
            except ErreurUtilisateur:  # said in the answer, beside the levers that it came from
                return
            if simulation == "programmation" and not visiteur.est_en_salle():  # a room has one picture
                essayee = resultat.scenario.leviers.get("part_plai")
                st.html(images_scenario.exemple(essayee if isinstance(essayee, Fraction) else PART_VISEE[0]))
    if images_scenario.a_une_carte(resultat) and (place := widgets.unfold("La carte", "deplie_carte")):
        with place:
            cartes.draw(images_scenario.carte(choisi, resultat), "scenario", _CARTE_PX)
    with entete:
        st.html(f'<p class="etat"><span>{escape(choisi.precision)}</span></p>')
        explain(choisi, resultat)
        scenarios_gardes.keep(choisi, resultat)
    scenarios_gardes.show(choisi, resultat, reposer)


def _jeu(choisi: Perimetre, offerts: Reglages, reposer: reglages.Reposer) -> JeuDeCurseurs:
    """The levers under the hand, and what they answer; the way back is also that of those typed or linked."""
    simulation = offerts.simulation
    depart = lecture_scenario.cle(lecture_scenario.nouveau(choisi, simulation, offerts.fixes))
    return JeuDeCurseurs(
        " ".join(depart),
        offerts.en_piece(),
        lambda v: _etape(choisi, offerts, v),
        est_anticipe=simulation not in A_SON_TEMPS,
        revenir=lambda: reglages.au_repos(simulation, reposer),
    )


def _answer(choisi: Perimetre, offerts: Reglages, valeurs: Valeurs) -> Resultat:
    scenario = lecture_scenario.nouveau(choisi, offerts.simulation, offerts.leviers(valeurs))
    return lecture_scenario.resultat(scenario)


def _etape(choisi: Perimetre, offerts: Reglages, valeurs: Valeurs) -> Etape:
    try:
        resultat = _answer(choisi, offerts, valeurs)
    except ErreurUtilisateur as refus:
        refuse = f'<p class="demande refuse">{escape(langue.typeset(str(refus)))}</p>'
        return Etape(cadre.say_etat(cadre.HYPOTHESE), RETOURS[offerts.simulation in LIEUX], refuse)
    etat = state(resultat.scenario)
    retour = RETOURS[offerts.simulation in LIEUX] if etat == cadre.HYPOTHESE else ""
    reponse = levier.en_html(resultat.say()) + figures(choisi, resultat, etat)
    return Etape(cadre.say_etat(etat), retour, reponse, images_scenario.images(choisi, resultat))


def state(scenario: Scenario) -> str:
    """Of what the scenario shows beside the finding: a hypothesis as soon as a lever moves; before that, the objective
    voted where there is one, or the finding itself.
    """
    if any(nom not in MOTEURS[scenario.simulation].lus for nom in scenario.leviers):
        return cadre.HYPOTHESE
    return cadre.OBJECTIF if scenario.simulation in LIEUX else cadre.CONSTAT


def figures(choisi: Perimetre, resultat: Resultat, etat: str) -> str:
    """Each figure as observed, then beside it under what the scenario is, as HTML: nothing is beside when no lever
    moved."""
    constat, synthese = lecture_scenario.chiffres(choisi, resultat)
    cles = [cle for cle in constat if cle in synthese]
    tete, en_face = (langue.typeset(t) for t in resultat.heads("■ Constat", EN_FACE.get(etat, "")))
    colonnes = [(tete, constat, "")]
    if etat in EN_FACE:
        colonnes.append((en_face, synthese, ' class="essai"'))
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
    long = " durees" if any(resultat.durees) else ""
    return f'<div class="cote_a_cote{long}">{tables}</div>'


def explain(choisi: Perimetre, resultat: Resultat) -> None:
    """The button and what it opens. A figure of the heads of a queue is exact in the file's answer only."""
    volet = st.popover("Pourquoi ce chiffre ?", key="pourquoi", on_change="rerun")
    if not volet.open:
        return  # a step of a slider does not send what nobody reads
    scenario = resultat.scenario
    methode, periode = METHODES[scenario.simulation], Periode.de(scenario.seance, "annee")
    with volet:
        st.markdown(langue.typeset(f"**{reglages.TITRES[scenario.simulation]}**  \n{methode.definition}"))
        entete.explain(
            {
                **methode.lignes,
                "Période": f"{choisi.duree}, {langue.intervalle(periode.debut, periode.fin)}",
                "Source": signatures.say_source(choisi),
                "Méthode": f"docs/simulations/{scenario.simulation}.md",
            }
        )
        st.markdown("La même réponse, sans navigateur : ce fichier, puis cette commande.")
        st.code(replace(scenario, millesime="").toml().strip(), language="toml", wrap_lines=True)
        st.code("python -m mel_core simuler scenario.toml", language="bash", wrap_lines=True)


page()
