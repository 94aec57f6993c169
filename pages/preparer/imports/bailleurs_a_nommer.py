"""Préparer › Imports: the bailleurs that files bear by a code alone are named, and their rows are kept."""

from __future__ import annotations

import streamlit as st

from mel_core.contrat import correspondances
from mel_core.contrat.questions import Question, answer_par_source, inconnus
from mel_core.contrat.rapport import Rapport
from mel_core.entrepot.importation import noms_bailleurs
from mel_core.socle import langue
from pages.commun import donnees

MONTRES = 50


def place(rapport: Rapport) -> bool:
    """One row per unknown code; returns whether names were just given and kept."""
    a_nommer = inconnus(rapport)
    if not a_nommer:
        return False
    deja = sorted({*_en_place().values(), *_nommes().values()})
    n = langue.effectif(len(a_nommer), "bailleur à nommer", "bailleurs à nommer")
    st.subheader(n)
    with st.form("bailleurs", enter_to_submit=False):
        st.write(
            "Sans nom, leurs lignes sont rejetées. Le même nom donné à deux codes en fait un seul : « VILOGIA » d’un "
            "classeur et le SIREN de Vilogia dans RPLS, par exemple."
        )
        if deja:
            st.caption(f"Déjà nommés : {', '.join(deja)}.")
        noms = {inconnu: _place_un(inconnu) for inconnu in a_nommer[:MONTRES]}
        if len(a_nommer) > MONTRES:
            st.caption(f"Les {MONTRES} premiers : les autres viendront ensuite.")
        envoyes = st.form_submit_button("Garder ces noms et contrôler de nouveau", type="primary")
    choisis = {inconnu: nom.strip() for inconnu, nom in noms.items() if nom.strip()}
    if not envoyes:
        return False
    if not choisis:
        st.warning("Aucun bailleur n’est nommé : en nommer au moins un, ou corriger les fichiers.")
        return False
    correspondances.keep(donnees.entrepot().dossier, answer_par_source(choisis))
    return True


def _place_un(inconnu: Question) -> str:
    texte, reponse = st.columns([0.6, 0.4], vertical_alignment="center")
    phrase = f"Qui est « {inconnu.valeur} » ({inconnu.fichier}, {langue.effectif(inconnu.n, 'ligne')}) ?"
    with texte:
        st.text(phrase)
    with reponse:
        return st.text_input(
            phrase,
            placeholder="Son nom, tel qu’il doit s’afficher",
            label_visibility="collapsed",
            key=f"bailleur_{inconnu.valeur}",
        )


def _en_place() -> dict[str, str]:
    return noms_bailleurs(donnees.entrepot())


def _nommes() -> dict[str, str]:
    gardees = correspondances.read(donnees.entrepot().dossier)
    return {code: nom for mapping in gardees.mappings for code, nom in mapping.noms.items()}
