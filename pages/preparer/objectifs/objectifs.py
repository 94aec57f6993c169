"""Préparer › Objectifs et paramètres: what is in force at the séance, its source, and how a version is added."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.indicateurs.parametrage import ajout
from mel_core.indicateurs.parametrage.ajout import Valeur, add
from mel_core.indicateurs.parametrage.versions import ABSENT, EN_VIGUEUR
from mel_core.socle import langue
from mel_core.socle.appellations import RESERVATAIRES
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import annonces, donnees, ecriture, entete, seance_gelee, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.preparer.objectifs.saisie import SAISIES

AJOUTE, EN_ATTENTE = "version_ajoutee", "version_en_attente"


def page() -> None:
    st.html(Path(__file__).with_suffix(".css"))
    choisi = entete.choose()
    st.title("Préparer › Objectifs et paramètres")
    visiteur.require_droit(Action.FIXER_OBJECTIFS)
    say(choisi)
    est_connu = ecriture.ask_auteur()
    table = donnees.parametres(*choisi.cle)
    retenues = table[table["etat"].isin([EN_VIGUEUR, ABSENT])]
    titres = ["En vigueur à la séance", "Toutes les versions", "Ajouter une version"]
    en_vigueur, toutes, nouvelle = st.tabs(titres)
    with en_vigueur:
        show(retenues, f"Paramètres en vigueur le {langue.jour(choisi.seance.fin)}")
    with toutes:
        show(table, "Toutes les versions")
    with nouvelle:
        add_value(choisi, est_connu)


def say(choisi: Perimetre) -> None:
    """Whether the séance can still move, and what was just added."""
    if gelee := seance_gelee.say(choisi.seance, choisi.ici or ""):
        st.write(f"La séance {choisi.seance} est **{gelee}** : une nouvelle version ne change plus ses chiffres.")
    else:
        st.write("Une nouvelle version compte à partir de sa date d’effet ; les séances antérieures ne bougent pas.")
    annonces.take(AJOUTE, st.success)


def show(table: pd.DataFrame, legende: str) -> None:
    widgets.grille(
        pd.DataFrame(
            {
                "Paramètre": table["parametre"],
                "Valeur": table["valeur"],
                "Depuis le": [d.strftime("%d/%m/%Y") for d in table["depuis"]],
                "État": table["etat"],
                "Hypothèse": ["oui" if x else "" for x in table["est_hypothese"]],
                "Source": table["source"],
                "Ajouté par": table["auteur"],
            }
        ),
        {},
        legende,
    )


def add_value(choisi: Perimetre, est_connu: bool) -> None:
    """The form: every version is dated, signed and sourced."""
    section = st.segmented_control(
        "Paramètre", list(SAISIES), format_func=lambda s: SAISIES[s][0], default="cibles", required=True, key="section"
    )
    with st.form("version", enter_to_submit=False):
        valeurs = SAISIES[section][1](choisi.seance)
        origine, supposee = st.columns([3, 1], vertical_alignment="bottom")
        with origine:
            source = st.text_input("Source (délibération, arrêté, avenant…)", key="source")
        with supposee:
            est_hypothese = st.checkbox("C’est une hypothèse", key="est_hypothese")
        envoyee = st.form_submit_button("Ajouter cette version", type="primary", disabled=not est_connu)
    if envoyee:
        source = f"Hypothèse : {source}" if est_hypothese and source.strip() else source
        st.session_state[EN_ATTENTE] = section, {**valeurs, "source": source}
    if (attendue := st.session_state.get(EN_ATTENTE)) and attendue[0] == section:
        confirm(choisi, *attendue, est_demandee=envoyee)


def confirm(choisi: Perimetre, section: str, valeurs: dict[str, Valeur], *, est_demandee: bool) -> None:
    """Keep it; or first ask, where it is far from what is observed."""
    dits = []
    if section == "cibles":
        with choisi.open() as lecteur:
            dits = ajout.doutes(lecteur, choisi.seance, valeurs)
    for dit in dits:
        st.warning(langue.typeset(dit))
    if not (st.button("Garder quand même", key="garder_version") if dits else est_demandee):
        return
    del st.session_state[EN_ATTENTE]
    try:
        with st.spinner("Publication de la nouvelle version"):
            auteur = ecriture.require_auteur(Action.FIXER_OBJECTIFS)
            a_change = add(donnees.entrepot(), ecriture.journal(), section, valeurs, auteur)
    except ErreurUtilisateur as refus:
        st.error(str(refus))
        return
    depuis = valeurs.get("depuis")
    quand = "dès maintenant"
    if isinstance(depuis, date) and depuis > choisi.seance.fin:
        quand = f"à partir du {langue.jour(depuis)}"
    noms = choisi.noms("commune") | choisi.bailleurs | RESERVATAIRES
    quoi = ajout.say(ajout.contenu(section, valeurs), noms)
    st.session_state[AJOUTE] = (
        f"Version ajoutée ({quoi}) : les séances qui ne sont pas gelées la lisent {quand}."
        if a_change
        else "Cette version était déjà là : rien n’a changé."
    )
    st.rerun()


page()
