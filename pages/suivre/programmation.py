"""Suivre › Programmation: the needs that mutations bring, the products that incomes open to. PLAI per operation and the
years that rebuilding the NPRU takes are Simuler's."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.commun import choix_perimetre, entete
from pages.suivre import reponses_programme

_SUJETS = {"mutations": "Besoins des mutations", "produits": "Revenus et produits"}


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    sujet = choix_perimetre.option("Sujet", "programme", _SUJETS)
    show = reponses_programme.show_besoins if sujet == "mutations" else reponses_programme.show_produits
    show(choisi)


page()
