"""Suivre › Réseau d'accueil: volumes by month and place, online or not, each one's share against its weight."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.indicateurs import suivi
from mel_core.indicateurs.suivi import reseau
from mel_core.indicateurs.suivi.reseau import ENREGISTREMENTS, MESURES_DITES, PORTEURS, TYPES
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur import vivant
from pages.commun import annonces, choix_perimetre, entete, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.suivre import images_suivre, saisie_accueil


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    mois = f"{choisi.seance.fin:%Y-%m}"
    donne = choisi.ask(suivi.accueil, mois, choisi.ici)
    communes = choisi.ask(suivi.referentiel, choisi.ici, choisi.seance.fin)
    if donne.empty:
        ailleurs = choisi.ici is not None and not choisi.ask(suivi.accueil, mois).empty
        raise ErreurUtilisateur(
            f"Aucun lieu d’accueil n’est compté dans {choisi.ici_dite} : "
            + (
                "ceux de la table « accueil » sont ailleurs ou sans commune ; choisir MEL pour les lire tous."
                if ailleurs
                else "importer la table « accueil » depuis Préparer › Imports."
            )
        )
    volumes = reseau.merge(donne, saisie_accueil.read(), f"{choisi.seance.fin:%Y-%m}")
    accueil = reseau.sans_les_relais(volumes)
    constat = st.container(key="constat_accueil")
    with st.container(key="vues"):
        titres = {m: dite[0] for m, dite in MESURES_DITES.items()}
        mesure = choix_perimetre.option("Ce que l’on compte", "accueil", titres)
    with constat:
        phrase = reseau.constat(choisi.ici_dite, accueil, choisi.seance, mesure)
        entete.say(choisi, choisi.precision, phrase, reseau.POURQUOI)
    if visiteur.est_en_salle():
        with st.container(key="image_longue"):
            draw_mois(accueil, mesure)
        return
    explore(volumes, communes, choisi, mesure)
    saisie_accueil.show(volumes, choisi.seance)


def draw_mois(accueil: pd.DataFrame, mesure: str) -> None:
    st.html(f'<p class="sous-titre">{_titre(mesure)}</p>')
    vivant.draw(images_suivre.figure_mois(accueil, mesure))


def explore(volumes: pd.DataFrame, communes: pd.DataFrame, choisi: Perimetre, mesure: str) -> None:
    """What is counted, by month beside its communes; then every actor, place and commune. What relais do that a relais
    does not stands in the line of its place alone."""
    mois, accueil = reseau.fenetres(choisi.seance)[0], reseau.sans_les_relais(volumes)
    annee, brute = (lus[lus["mois"].isin(mois)] for lus in (accueil, volumes))
    par_commune = reseau.par_commune(annee, communes, mesure)
    with st.container(key="image"):
        gauche, droite = st.columns([0.5, 0.5], gap="medium")
        with gauche:
            draw_mois(accueil, mesure)
        with droite:
            st.html('<p class="sous-titre">Communes, 12 derniers mois</p>')
            vivant.draw(images_suivre.figure_poids(par_commune))
    with st.container(key="levier"):
        st.markdown(langue.typeset(reseau.evolution(accueil, choisi.seance, mesure)))
        annonces.note(reseau.reserves(annee, mesure, reseau.par_des_relais(brute)))
    acteurs, lieux, toutes = st.tabs(["Par acteur", "Par lieu", "Par commune"])
    with acteurs:
        table_porteurs(reseau.par_porteur(annee, mesure), mesure)
    with lieux:
        table_lieux(reseau.par_lieu(brute))
    with toutes:
        table_communes(par_commune, mesure)


def _titre(mesure: str) -> str:
    if mesure != ENREGISTREMENTS:
        return f"{MESURES_DITES[mesure][0]} par mois"
    return "Enregistrements par mois : <b>■</b> en ligne, <i>■</i> par le réseau"


def table_porteurs(lignes: pd.DataFrame, mesure: str) -> None:
    titre = MESURES_DITES[mesure][0]
    table = pd.DataFrame(
        {
            "Acteur": lignes["porteur"].map(PORTEURS),
            "Lieux": lignes["n_lieux"],
            "dont labellisés": lignes["n_labellises"],
            titre: lignes["effectif"],
            "Part des volumes": lignes["part"],
            "Part des lieux": lignes["poids"],
        }
    )
    widgets.grille(table, {}, "Par acteur", est_emporte=True)


def table_lieux(lignes: pd.DataFrame) -> None:
    table = pd.DataFrame(
        {
            "Lieu": lignes["nom"],
            "Type": lignes["type_lieu"].map(TYPES),
            "Acteur": lignes["porteur"].map(PORTEURS),
            **{titre: lignes[m] for m, (titre, _) in MESURES_DITES.items()},
            "dont en ligne": lignes["part_en_ligne"],
        }
    )
    widgets.grille(table, {"dont en ligne": langue.part}, "Par lieu, 12 derniers mois", est_emporte=True)


def table_communes(lignes: pd.DataFrame, mesure: str) -> None:
    titre = MESURES_DITES[mesure][0]
    table = pd.DataFrame(
        {
            "Commune": lignes["nom"],
            titre: lignes["effectif"],
            "Part des volumes": lignes["part"],
            "Part des habitants": lignes["poids"],
            "Écart (points)": lignes["ecart_points"],
        }
    )
    widgets.grille(table, {}, "Par commune", est_emporte=True)


page()
