"""Préparer › Imports: who published what, and what they accepted to leave out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.erreurs import ErreurUtilisateur
from mel_core.importation import Importation
from mel_core.journal import Journal
from mel_core.publications import Publication, lister, noter
from pages.commun import donnees, registre, widgets

MONTREES = 20
SANS_NOM = "sans nom"


def signer(importation: Importation) -> None:
    """Write the publication in the journal. One that can't be written is said: the data are in service all the same."""
    try:
        noter(registre.journal(), importation, registre.auteur())
    except (ErreurUtilisateur, OSError) as erreur:
        st.warning(f"Cette publication n’est pas au journal : le dire à la MEL. {erreur}")


def montrer() -> None:
    """The latest publications; nothing when the journal has none."""
    publiees = lister(registre.journal()) if Journal.existe(donnees.entrepot().dossier) else []
    if not publiees:
        return
    with st.expander(f"{langue.effectif(len(publiees), 'publication', 'publications')} au journal"):
        widgets.grille(
            pd.DataFrame([_ligne(p) for p in publiees[:MONTREES]]), {}, "Publications, de la plus récente à l’ancienne"
        )
        if len(publiees) > MONTREES:
            st.caption(f"Les {MONTREES} dernières : la commande « python -m mel_core journal » les liste toutes.")


def _ligne(publication: Publication) -> dict[str, str]:
    auteur = publication.fiche.auteur
    qui = f"{auteur.nom or SANS_NOM} ({auteur.organisation})" if auteur.organisation else auteur.nom or SANS_NOM
    approuve = any(b.rejetees or b.doublons for b in publication.tables.values())
    return {
        "Quand": langue.instant(publication.fiche.instant),
        "Qui": f"{'approuvé et publié' if approuve else 'publié'} par {qui}",
        "Lignes écartées": publication.ecartees_dites,
        "Lignes gardées": publication.gardees_dites,
        "Données": "fictives" if publication.nature == "fictive" else "réelles",
        "Instantané": publication.instantane[:12],
    }
