"""Who may see a snapshot: decided at every run from the data and the settings, never from session or address."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mel_core.entrepot import Instantane
from mel_core.erreurs import ErreurUtilisateur

FICTIVE = "fictive"


def exiger(instantane: Instantane) -> None:
    """Refuse real data to whoever is not a co-pilot named in the settings. Raises `ErreurUtilisateur`, one line why."""
    if instantane.nature == FICTIVE:
        return
    reglages = _reglages()
    if "auth" not in reglages:
        raise ErreurUtilisateur(
            "Les données publiées sont réelles et aucune connexion n’est configurée : rien ne s’affiche tant que la "
            "section [auth] de .streamlit/secrets.toml n’est pas remplie (ou publier un jeu de données fictif)."
        )
    if not st.user.is_logged_in:
        st.button("Se connecter", on_click=st.login, type="primary")
        raise ErreurUtilisateur("Les données publiées sont réelles : se connecter pour les consulter.")
    if not est_habilite(st.user.get("email"), reglages.get("habilitations", {})):
        raise ErreurUtilisateur(
            "Ce compte n’est pas habilité à voir les données réelles : demander son ajout à la liste « copilotes » de "
            "la section [habilitations] de .streamlit/secrets.toml."
        )


def est_habilite(courriel: object, habilitations: Any) -> bool:
    """Closed by default: only the co-pilots listed by name."""
    copilotes = {str(c).strip().lower() for c in habilitations.get("copilotes", [])}
    return isinstance(courriel, str) and courriel.strip().lower() in copilotes


def _reglages() -> Any:
    return st.secrets if st.secrets.load_if_toml_exists() else {}
