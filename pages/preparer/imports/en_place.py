"""Préparer › Imports: the tables that are expected, and what is already in place."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Instantane
from mel_core.indicateurs import qualite
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import donnees, widgets


def show() -> None:
    """Table by table; only their names when nothing is published, or nothing that this visitor may see."""
    try:
        publie = donnees.instantane() if donnees.entrepot().instantane() else None
    except ErreurUtilisateur:
        publie = None
    if publie is None:
        with st.expander("Tables attendues"):
            st.write(langue.liste(list(TABLES)))
        return
    with donnees.open(publie.identifiant, None) as lecteur:
        tables = qualite.en_place(lecteur)
    with st.expander(_titre(publie, int(tables["n"].notna().sum()))):
        widgets.grille(
            pd.DataFrame(
                {
                    "Table": tables["table"],
                    "Lignes": tables["n"],
                    "Colonnes que les fichiers n’ont pas": [
                        "table absente" if pd.isna(n) else ", ".join(absentes)
                        for n, absentes in zip(tables["n"], tables["absentes"], strict=True)
                    ],
                }
            ),
            {"Lignes": langue.nombre},
            "Tables en place",
        )


def _titre(publie: Instantane, n: int) -> str:
    nature = "fictives" if publie.nature == "fictive" else "réelles"
    return (
        f"Données {nature} en place : {langue.effectif(n, 'table')} sur {langue.nombre(len(TABLES))}, publiées le "
        f"{langue.jour(publie.publie_le)}"
    )
