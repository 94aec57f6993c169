"""Préparer › Blocages: reported two months ahead, sorted and objectified before the séance."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import nouvel_op_id
from mel_core.seance.coordination import blocages, seances_tenues
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.socle import langue
from pages.commun import annonces, choix_perimetre, ecriture, entete, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.preparer.blocages import saisie_blocage, tri_blocages

_REFUS = "refus_date"
SIGNALER, TRIER, DETECTES = "Signaler", "Trier et objectiver", "Non signalés"


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose(sans_donnees=True)
    st.title("Préparer › Blocages")
    lecture.require_ici(choisi)
    put_date(choisi)
    if choisi.est_a_venir:
        annonces.note(phrases.sans_donnees(choisi.seance, choisi.avec_donnees.seance))
    if refus := visiteur.refus(Action.SIGNALER_BLOCAGE):
        st.write(refus)
        return
    ecriture.ask_auteur()  # once: the date, a report and the triage are signed by the same name
    if not visiteur.may(Action.TRIER_BLOCAGES):
        saisie_blocage.type_in(choisi)
        return
    ou_en_est(choisi)
    etape = choix_perimetre.option("Étape", "etape", [SIGNALER, TRIER, DETECTES], partout=True)
    {SIGNALER: saisie_blocage.type_in, TRIER: tri_blocages.sort_out, DETECTES: tri_blocages.inscribe}[etape](choisi)


def ou_en_est(choisi: Perimetre) -> None:
    """What was reported and what is still to sort, whatever the step on screen."""
    lus = blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=lecture.require_ici(choisi))
    annonces.note(phrases.avancement([b.etat for _, b in lus]), "blocage")


def put_date(choisi: Perimetre) -> None:
    """The line of the calendar, from D-60 to the séance."""
    tenue = lecture.date_tenue(choisi)
    with st.container(horizontal=True, vertical_alignment="center", key="calendrier"):
        if tenue:
            jalons = (
                f"<li><b>{escape(quoi)}</b> {langue.jour(jour)} <span>({ou})</span></li>"
                for quoi, jour, ou in lecture.calendrier(tenue, date.today())
            )
            st.html(f'<ol class="jalons">{"".join(jalons)}</ol>')
        else:
            annonces.note(seances_tenues.A_FIXER)
        if visiteur.may(Action.FIXER_DATE):
            aide = "Elle donne les échéances, de la fin des remontées (60 jours avant) au dossier (7 jours avant)."
            with st.popover("Fixer la date de la séance", help=aide):
                _set_fixed(choisi, tenue)
    annonces.take(_REFUS)


def _set_fixed(choisi: Perimetre, tenue: date | None) -> None:
    """The field and the key that keeps it, for whoever gave a name."""
    if not ecriture.is_signed("fixer la date"):
        return
    identifiant = f"{choisi.seance}-{choisi.ici}"
    champ = f"date_seance_{identifiant}"
    fiche = ecriture.journal().read(seances_tenues.OBJET, identifiant)
    st.date_input("Date de la séance", tenue, format="DD/MM/YYYY", key=champ)
    args = (choisi, champ, fiche.version if fiche else 0)
    st.button("Garder cette date", key="garder_date", on_click=_keep, args=args)


def _keep(choisi: Perimetre, champ: str, version: int) -> None:
    """A callback: reads the field itself, a click may come before the page has taken what was just typed."""
    jour, ici = st.session_state[champ], lecture.require_ici(choisi)
    perime = "La date de la séance vient d’être changée par ailleurs : la relire, puis garder."
    with ecriture.geste(_REFUS, perime):
        auteur = ecriture.require_auteur(Action.FIXER_DATE)
        seances_tenues.fix(ecriture.journal(), choisi.seance, ici, jour, auteur, nouvel_op_id(), version)


page()
