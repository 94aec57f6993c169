"""9h30 Bilan, « suivre et réajuster »: a measure and its pictures, one at a time; or the card of a place."""

from __future__ import annotations

import streamlit as st

from pages.commun import cadre, choix_perimetre, entete
from pages.seance.bilan import choix_mesure, ecran_mesures, fiche


def page() -> None:
    est_nue = st.query_params.keys().isdisjoint(("objectif", "coupe", "lieu"))
    with entete.perimetre():
        choisi = choix_perimetre.choose()
        code = choix_mesure.choose()
        cadre.millesime(choisi.instantane)
    if lieu := fiche.read(choisi, est_nue=est_nue):
        fiche.show(choisi, lieu)
    else:
        ecran_mesures.show(choisi, code)


page()
