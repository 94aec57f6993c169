"""Who may see a snapshot: decided at every run from data and settings, never from the session or the address."""

from __future__ import annotations

import streamlit as st

from mel_core.entrepot import Instantane
from mel_core.erreurs import ErreurUtilisateur

FICTIVE = "fictive"


def exiger(instantane: Instantane) -> None:
    """Refuse real data without a login. Raises `ErreurUtilisateur`, one line that says why."""
    if instantane.nature == FICTIVE:
        return
    if not _est_connexion_configuree():
        raise ErreurUtilisateur(
            "Les données publiées sont réelles et aucune connexion n’est configurée : rien ne s’affiche tant que la "
            "section [auth] de .streamlit/secrets.toml n’est pas remplie (ou publier un jeu de données fictif)."
        )
    if not st.user.is_logged_in:
        raise ErreurUtilisateur("Les données publiées sont réelles : se connecter pour les consulter.")


def _est_connexion_configuree() -> bool:
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets
