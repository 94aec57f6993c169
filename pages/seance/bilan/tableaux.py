"""The tables of the bilan: the finding, line by line."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.indicateurs import phrases_constats
from mel_core.socle import langue
from pages.adaptateur.incidents import fragment
from pages.commun import widgets
from pages.commun.mesures.lecture_bilan import EQUILIBRE, Bilan
from pages.seance.bilan import cotes_quartiers

# Each right, and not the same sum: what a reader who adds the column up would ask.
_NOTE = (
    "Écart en attributions : chaque ligne prise seule, type de quartiers par type de quartiers. Le levier répartit "
    "l’écart de tout le périmètre : la somme de cette colonne peut donc en différer."
)


@fragment
def constat(bilan: Bilan) -> None:
    """The finding by commune and by bailleur: sortable, each with its real table for screen readers.

    Only the table that is looked at is made: two grids cost more than the rest of the page.
    """
    titres = ["Constat par commune", "Constat par bailleur"]
    par_quartier = ["Constat par quartier"] if bilan.indicateur == EQUILIBRE else []
    onglets = st.tabs([*titres, *par_quartier], key="constat", on_change="rerun")
    if par_quartier and onglets[-1].open:
        with onglets[-1]:
            cotes_quartiers.show(bilan)
    lignes = (("Commune", bilan.communes), ("Bailleur", bilan.bailleurs))
    for onglet, (cle, table) in zip(onglets[:2], lignes, strict=True):
        if onglet.open:
            with onglet:
                draw(bilan, table, cle)
                if bilan.indicateur == EQUILIBRE:
                    st.html(f'<p class="reserve">{_NOTE}</p>')


def _lecture(verdict: str | None, cible: float | None, cote: str | None, n: float, part: float) -> str:
    if pd.isna(verdict) and pd.notna(cible) and pd.notna(part):
        return "plusieurs types de quartiers"
    return phrases_constats.lecture(verdict, None if pd.isna(cible) else cote, n)


def draw(bilan: Bilan, lignes: pd.DataFrame, cle: str) -> None:
    """The finding of each line: see `lecture_bilan`. `cle`: what a line is."""
    menages = "Ménages modestes" if bilan.indicateur == EQUILIBRE else "Ménages ACI"
    connus = "Ressources connues" if bilan.indicateur == EQUILIBRE else "Premier accès, connus"
    table = pd.DataFrame(
        {
            cle: lignes["nom"],
            "Attributions": lignes["n"],
            connus: lignes["n_connus"],
            menages: lignes["numerateur"],
            "Part": lignes["part"],
            "Écart (points)": lignes["ecart_points"],
            "Écart (attributions)": lignes["ecart_attributions"],
            "Lecture": [
                _lecture(*x)
                for x in zip(*(lignes[c] for c in ("verdict", "cible", "cote", "n_connus", "part")), strict=True)
            ],
        }
    )
    formats = {
        "Attributions": langue.nombre,
        connus: langue.nombre,
        menages: langue.nombre,
        "Part": langue.part,
        "Écart (points)": langue.ecart,
        "Écart (attributions)": langue.nombre,
    }
    widgets.grille(table, formats, f"Constat par {cle.lower()}")
