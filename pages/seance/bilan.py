"""9h30 Bilan, « suivre et réajuster »: the finding, one picture, the lever, then the tables."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from mel_core import langue
from pages.commun import cadre, choix_mesure, ecran_mesures, lecture_bilan, perimetre, phrases, tableaux, widgets
from pages.commun.essai import essayer
from pages.commun.incidents import fragment
from pages.commun.lecture_bilan import ACI, EQUILIBRE, Bilan
from pages.commun.perimetre import Perimetre
from pages.commun.pourquoi import expliquer

OBJECTIFS = {EQUILIBRE: "Équilibre 50/50", ACI: "ACI en premier accès"}
LEVIERS = {
    EQUILIBRE: "Part visée de ménages modestes, par type de quartiers",
    ACI: "Part visée de ménages ACI, en premier accès",
}
RESERVES = {
    EQUILIBRE: "Ménage modeste : revenu sous 40 % du plafond PLUS. Bornes supposées (20, 40 et 60 %) : le support de "
    "2017 n’en donne pas.",
    ACI: "Ménage ACI : relevant de l’accord collectif, DALO ou PDALHPD ; deux labels comptent une fois.",
}
CIBLE_SANS_OBJECTIF = Fraction(1, 2)


def page() -> None:
    with st.container(horizontal=True, key="perimetre"):
        choisi = perimetre.choose()
        indicateur = choix_mesure.choose(OBJECTIFS)
        cadre.millesime(choisi.instantane)
    if indicateur not in OBJECTIFS:
        ecran_mesures.montrer(choisi, indicateur)
        return
    bilan = lecture_bilan.lire(choisi, indicateur)
    say(bilan, choisi)
    explore(bilan)
    tableaux.constat(bilan)


def say(bilan: Bilan, choisi: Perimetre) -> None:
    """The finding, in one sentence with its number and its denominator."""
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        expliquer(bilan, choisi)
    if bilan.indicateur == EQUILIBRE:
        bande = bilan.objectif.bande if bilan.objectif else Fraction(0)
        phrase = phrases.constat_equilibre(choisi.ici_dite, bilan.classes, bande)
    else:
        phrase = phrases.constat_aci(choisi.ici_dite, bilan.ensemble.iloc[0])
    with st.container(key="message"):
        st.markdown(phrase)


@fragment
def explore(bilan: Bilan) -> None:
    """Picture and lever together: a step of the slider reruns nothing else."""
    image, levier = st.container(key="image"), st.container(key="levier")
    with levier:
        gauche, droite = st.columns([0.36, 0.64], gap="large")
    with gauche:
        pourcent = choose_cible(bilan)
    essai = essayer(bilan, pourcent)
    with image:
        graphique, plan = st.columns([0.58, 0.42], gap="small")
        with graphique:
            widgets.dessiner(essai.image)
        with plan:
            widgets.dessiner(essai.carte)
    with droite:
        st.markdown(essai.phrase)
        if essai.lieux:
            st.html(essai.lieux)


def choose_cible(bilan: Bilan) -> int:
    """The target tried, in per cent, and in which state that puts the figures beside it."""
    votee = bilan.objectif.valeur if bilan.objectif else None
    depart = round(100 * (votee if votee is not None else CIBLE_SANS_OBJECTIF))
    cle = f"cible_{bilan.indicateur}"
    perimetre.garder(cle, range(101), depart)
    tentee = Fraction(st.session_state[cle], 100)
    with st.container(horizontal=True, key="etat_levier", vertical_alignment="center"):
        if tentee == votee:
            cadre.etat(cadre.OBJECTIF, langue.cible(votee))
        else:
            cadre.etat(cadre.HYPOTHESE, langue.cible(tentee))
            if st.session_state[cle] != depart:
                retour = "l’objectif voté" if votee else langue.cible(Fraction(depart, 100))
                remettre = st.session_state.__setitem__
                st.button(f"Revenir à {retour}", key="revenir", on_click=remettre, args=(cle, depart))
    st.slider(LEVIERS[bilan.indicateur], 0, 100, step=1, key=cle, persist_state="session", format="%d %%")
    st.query_params[cle] = str(st.session_state[cle])
    st.html(f'<p class="reserve">{RESERVES[bilan.indicateur]}</p>')
    return st.session_state[cle]


page()
