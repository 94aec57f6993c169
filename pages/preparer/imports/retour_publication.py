"""Préparer › Imports: who published what, what they accepted to leave out, and back to an earlier publication."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.entrepot.importation import Importation
from mel_core.entrepot.publications import Publication, find_with_snapshots, go_back, record
from mel_core.journal import Auteur, Journal
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import donnees, ecriture, widgets

MONTREES = 20
SANS_NOM = "sans nom"


def sign(importation: Importation, auteur: Auteur) -> None:
    """Write the publication in the journal. One that can't be written is said: the data are in service all the same."""
    try:
        record(ecriture.journal(), importation, auteur)
    except (ErreurUtilisateur, OSError) as erreur:
        st.warning(f"Cette publication n’est pas au journal : le dire à la MEL. {erreur}")


def show() -> None:
    """The latest publications; nothing when there is no journal to sign a return in."""
    if revenue := st.session_state.pop("revenue", None):
        st.success(f"Publication du {revenue} de nouveau en service.")
    entrepot = donnees.entrepot()
    publiees = find_with_snapshots(entrepot, ecriture.journal()) if Journal.existe(entrepot.dossier) else []
    if not publiees:
        return
    tues = sum(not p.est_au_journal and not p.est_retour for p in publiees)
    ou = f", dont {langue.effectif(tues, 'absente', 'absentes')} du journal" if tues else " au journal"
    with st.expander(langue.effectif(len(publiees), "publication", "publications") + ou):
        widgets.grille(
            pd.DataFrame([_ligne(p) for p in publiees[:MONTREES]]), {}, "Publications, de la plus récente à l’ancienne"
        )
        if len(publiees) > MONTREES:
            st.caption(f"Les {MONTREES} dernières : la commande « python -m mel_core publications » les liste toutes.")
        _go_back({p.instantane: p for p in reversed(publiees[:MONTREES])})


def _go_back(publiees: dict[str, Publication]) -> None:
    """Each snapshot once, under its latest publication."""
    servi = donnees.entrepot().instantane()
    autres = [p for nom, p in reversed(publiees.items()) if servi is None or nom != servi.identifiant]
    if not autres:
        return
    choisie = st.selectbox(
        "Publication antérieure",
        autres,
        index=None,
        format_func=lambda p: f"{langue.instant(p.fiche.instant)}, {_qui(p)} : {p.gardees_dites}",
        placeholder="Choisir",
        key="publication_anterieure",
    )
    if choisie is None:
        return
    st.write(
        "Les écrans reprendront ses chiffres et ses paramètres, chiffre pour chiffre ; les séances gelées ne bougent "
        "pas. Le journal garde ce retour, signé du nom donné plus bas."
    )
    if st.button("Revenir à cette publication", key="revenir", disabled=not ecriture.auteur().nom):
        auteur = ecriture.require_auteur(Action.REVENIR_A_UNE_PUBLICATION)
        go_back(donnees.entrepot(), ecriture.journal(), choisie.instantane, auteur)
        st.session_state["revenue"] = langue.instant(choisie.fiche.instant)
        st.rerun()


def _ligne(publication: Publication) -> dict[str, str]:
    return {
        "Quand": langue.instant(publication.fiche.instant),
        "Qui": f"{publication.geste} par {_qui(publication)}",
        "Lignes écartées": publication.ecartees_dites,
        "Lignes gardées": publication.gardees_dites,
        "Données": "fictives" if publication.nature == "fictive" else "réelles",
        "Instantané": publication.instantane[:12],
    }


def _qui(publication: Publication) -> str:
    auteur = publication.fiche.auteur
    return f"{auteur.nom or SANS_NOM} ({auteur.organisation})" if auteur.organisation else auteur.nom or SANS_NOM
