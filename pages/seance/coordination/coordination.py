"""10h30 Coordination, « échanges sur les blocages »: an item at a time, its evidence, the decision acted together."""

from __future__ import annotations

from html import escape
from textwrap import shorten

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.seance.coordination import blocages
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.blocages import Lu
from mel_core.secret.bail import reader
from pages.commun import annonces, apres_signature, cadre, choix_perimetre, ecriture, entete, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import acte_decision, presents, preuves
from pages.commun.coordination import lecture_coordination as lecture
from pages.seance.coordination import minuteur, saisie_pratiques

MINUTES, MINUTES_MAX = 90, 20
LARGEUR_MAX = 36  # signs of an item in the strip of the agenda: cut between two words
CE_QUI_FONCTIONNE = "fonctionne"


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose()
    lus = blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=lecture.require_ici(choisi))
    points = blocages.ordre_du_jour(lus)
    courant = choose(points, choisi)
    if courant is None:
        say_l_ordre_du_jour(points, choisi)
    else:
        handle(*courant, choisi, len(points))


def choose(points: list[tuple[Lu, list[Lu]]], choisi: Perimetre) -> tuple[Lu, list[Lu]] | None:
    """The agenda as a strip; the item on screen is in the address."""
    par_nom = {p[0].identifiant: (p, membres) for p, membres in points}
    options = [*par_nom, CE_QUI_FONCTIONNE]

    def name(option: str) -> str:
        if option == CE_QUI_FONCTIONNE:
            return "Ce qui fonctionne"
        (fiche, blocage), _ = par_nom[option]
        decide = {"actée": " ✓", "renvoyée": " (renvoyé)"}.get(acte_decision.ou_en_est(fiche), "")
        sujet = shorten(lecture.sujet(blocage, choisi), LARGEUR_MAX, placeholder="…")
        return f"{options.index(option) + 1}. {sujet}{decide}"

    nommes = {option: name(option) for option in options}
    return par_nom.get(choix_perimetre.option("Ordre du jour", "point", nommes, partout=True))


def say_l_ordre_du_jour(points: list[tuple[Lu, list[Lu]]], choisi: Perimetre) -> None:
    """What works, and where the agenda stands."""
    decides = sum(acte_decision.ou_en_est(p[0]) == "actée" for p, _ in points)
    annonces.message(phrases.ordre_du_jour(choisi.ici_dite, len(points), decides))
    st.markdown("#### Ce qui fonctionne, témoignages")
    saisie_pratiques.show(choisi)


def handle(porteur: Lu, membres: list[Lu], choisi: Perimetre, n_points: int) -> None:
    """One item: the message, the evidence, the decision."""
    fiche, blocage = porteur
    noms = lecture.appellations(choisi)
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        minuteur.show(fiche.identifiant, min(MINUTES_MAX, max(1, MINUTES // n_points)))
        st.button("Relancer", key="relancer", on_click=minuteur.chase, args=(fiche.identifiant,))
    annonces.message(preuves.message(choisi, blocage))
    gauche, droite = st.columns([0.5, 0.5], gap="large")
    with gauche:
        for _, b in (porteur, *membres):
            st.html(f'<p class="signale">{escape(phrases.signale(b, noms, lit_tout=reader().lit_tout))}</p>')
        preuves.show(choisi, blocage)
    with droite, st.container(key="decision"):
        est_signee, peut_acter = ecriture.est_nomme(), visiteur.may(Action.ACTER_DECISION)
        if peut_acter and not est_signee:
            ecriture.ask_auteur()
        est_signable = apres_signature.en_vigueur(choisi.seance, lecture.require_ici(choisi)) is None
        if peut_acter and est_signee and est_signable and not presents.read(choisi)[1].presents:
            presents.ask(choisi, ())
        acte_decision.decide(choisi, fiche, blocage)
        if peut_acter and est_signee:  # once known, the name leaves its place to the decision
            ecriture.ask_auteur()


page()
