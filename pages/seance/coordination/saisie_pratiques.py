"""« Ce qui fonctionne », good practices and testimonies: told in the coordination, kept for the relevé."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.seance.coordination import Pratique, pratiques
from mel_core.seance.coordination.pratiques import Genre
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, apres_signature, ecriture, visiteur
from pages.commun.brouillon import Saisie, brouillon
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture

GENRES = {Genre.PRATIQUE: "Bonne pratique", Genre.TEMOIGNAGE: "Témoignage"}
_REFUS = "refus_pratique"


@fragment
def show(choisi: Perimetre) -> None:
    """What was told today, then the form."""
    ici, noms = lecture.require_ici(choisi), lecture.organisations(choisi)
    dites = pratiques.find_all(ecriture.journal(), seance=str(choisi.seance), ici=ici)
    for _, p in dites:
        pourquoi = f" <span>Pourquoi : {escape(p.pourquoi)}</span>" if p.pourquoi.strip() else ""
        st.html(
            f'<p class="blocage"><strong>{GENRES[p.genre]}</strong>, {escape(noms.get(p.organisation, p.organisation))}'
            f" : {escape(p.texte)}{pourquoi}</p>"
        )
    if not dites:
        st.write("Rien n’a encore été noté aujourd’hui.")
    if not visiteur.may(Action.NOTER_PRATIQUE) or not ecriture.ask_auteur():
        return
    if not apres_signature.ask(choisi.seance, ici, pratiques.OBJET):
        annonces.take(_REFUS)
        return
    saisie = brouillon(Action.NOTER_PRATIQUE, pratiques.OBJET)
    un, deux, trois = st.columns([0.2, 0.4, 0.4])
    with un:
        saisie.choix(
            "Genre", [str(g) for g in GENRES], "genre", str(Genre.PRATIQUE), format_func=lambda g: GENRES[Genre(g)]
        )
        if visiteur.may(Action.SIGNALER_POUR_AUTRUI):
            # A draft begun in another ICI holds who is not of this one.
            nommes = lecture.appellations(choisi)
            saisie.choix("Qui", list(noms), "organisation", format_func=lambda c: nommes.get(c, c))
    with deux:
        saisie.paragraphe("Ce qui fonctionne", "texte", height=100)
    with trois:
        saisie.paragraphe("Pourquoi (facultatif)", "pourquoi", height=100)
    saisie.etat()
    annonces.take(_REFUS)
    st.button("Noter", key="noter_pratique", on_click=_record, args=(saisie, choisi))


def _record(saisie: Saisie, choisi: Perimetre) -> None:
    """A callback: what is wrong is said, nothing typed is lost."""
    if saisie.est_partie:
        return
    with ecriture.geste(_REFUS):
        c = saisie.take()
        auteur, ici = ecriture.require_auteur(Action.NOTER_PRATIQUE), lecture.require_ici(choisi)
        apres_signature.require(choisi.seance, ici, pratiques.OBJET)
        autrui = c.get("organisation") if visiteur.may(Action.SIGNALER_POUR_AUTRUI) else ""
        pratique = Pratique(
            choisi.seance,
            ici,
            autrui or auteur.organisation,
            c.get("texte") or "",
            c.get("pourquoi") or "",
            Genre(c.get("genre") or Genre.PRATIQUE),
        )
        saisie.send(
            partial(pratiques.record, ecriture.journal(), pratique, auteur),
            "Ce formulaire est déjà noté avec un autre texte : le vôtre est passé sur un formulaire neuf, le relire "
            "puis le noter.",
        )
