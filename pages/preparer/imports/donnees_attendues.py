"""Préparer › Imports: which measures can be computed, what to ask to whom, and a model of each file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from mel_core.contrat import classeurs_a_remplir as classeurs
from mel_core.contrat.tables import TABLES
from mel_core.indicateurs.qualite import besoins_couverts
from mel_core.indicateurs.qualite.besoins_couverts import Genre
from pages.adaptateur import telechargement
from pages.commun import annonces, donnees, widgets
from pages.preparer.imports import phrases_besoins as phrases

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show() -> None:
    est_publie = donnees.entrepot().instantane() is not None
    question = besoins_couverts.couverture
    couvertes = donnees.ask(donnees.instantane().identifiant, "", question) if est_publie else question(None)
    verdicts = besoins_couverts.verdicts(couvertes)
    annonces.message(phrases.constat(verdicts))
    st.caption(phrases.LEGENDE)
    mesures, autres, a_demander = st.columns([1, 1, 1.3])
    mesures.html(phrases.liste(Genre.INDICATEUR, couvertes, verdicts))
    with autres:
        for genre in (Genre.SEGMENT, Genre.COUPE):
            st.html(phrases.liste(genre, couvertes, verdicts))
    a_demander.html(phrases.demandes(couvertes))
    offer_classeurs()
    with st.expander("Détail, colonne par colonne"):
        widgets.grille(phrases.detail(couvertes), {}, "Colonnes attendues", est_emporte=True)


def offer_classeurs() -> None:
    """One model per table, and all of them."""
    st.subheader("Modèles de fichier à remplir")
    st.write(
        "Un classeur par table : ses colonnes, leurs listes de valeurs, et une feuille « Explications » qui dit "
        "chacune, ce que veut dire une cellule vide et où la demander. Rempli, il se dépose dans Préparer › Imports."
    )
    with st.container(horizontal=True, key="modeles"):
        for table in TABLES:
            nom = classeurs.nom_de_fichier(table)
            telechargement.offer(table, partial(classeurs.write, table), nom, _XLSX, cle=f"modele_{table}")
        telechargement.offer("Tous (zip)", classeurs.write_tous, "modeles.zip", "application/zip", cle="modeles_tous")
