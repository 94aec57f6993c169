"""Préparer › Imports: beside each column of a file, some of its values and what it was read as."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.contrat.explications import EXPLICATIONS
from mel_core.contrat.rapport import Rapport
from mel_core.socle import langue
from pages.commun import widgets

_TITRES = ("Colonne du fichier", "Exemples", "Lue comme", "Ce qu’elle dit")


def exemples(rapport: Rapport, fichier: str) -> dict[str, str]:
    """Header of the file → the header and some of its values."""
    return {
        c.entete: f"{c.entete} ({', '.join(c.exemples)}…)" if c.exemples else c.entete
        for c in rapport.colonnes.get(fichier, ())
    }


def show(rapport: Rapport) -> None:
    """One table per file, closed: what was understood, to be read again before publishing."""
    if not rapport.colonnes:
        return
    sens = {colonne: e.sens for colonnes in EXPLICATIONS.values() for colonne, e in colonnes.items()}
    with st.expander("Ce qui a été compris de chaque colonne"):
        for fichier, colonnes in rapport.colonnes.items():
            lues = sum(bool(c.lue) for c in colonnes)
            st.write(
                langue.typeset(
                    f"{fichier} : {langue.effectif(lues, 'colonne lue', 'colonnes lues')} sur {len(colonnes)}"
                )
            )
            rangees = [(c.entete, ", ".join(c.exemples), c.lue or "non lue", sens.get(c.lue, "")) for c in colonnes]
            widgets.grille(pd.DataFrame(rangees, columns=list(_TITRES)), {}, f"Colonnes de {fichier}")
