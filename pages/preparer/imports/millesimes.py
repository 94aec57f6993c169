"""Two vintages side by side: what publishing would add, take away and change, in the rows and in the figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.indicateurs import INDICATEURS, phrases_constats
from mel_core.indicateurs.comparaison_millesimes import Comparaison
from mel_core.socle import langue
from pages.commun import widgets

_ENSEMBLE = "ensemble"


def show(comparaison: Comparaison | None) -> None:
    if comparaison is None:
        st.write("Rien de comparable n’est publié : ce jeu de données ne complète aucun autre.")
        return
    if comparaison.est_identique:
        st.write("Ces fichiers sont ceux qui sont déjà publiés : rien n’a changé.")
        return
    _tables(comparaison.tables)
    if not comparaison.indicateurs.empty:
        _figures(comparaison.indicateurs)


def _tables(tables: pd.DataFrame) -> None:
    bougees = tables[tables[["ajoutees", "parties", "changees"]].sum(axis=1) > 0]
    st.table(
        pd.DataFrame(
            {
                "Table": bougees["table"],
                "Lignes publiées": bougees["avant"].map(langue.nombre),
                "\\+ ajoutées": bougees["ajoutees"].map(langue.nombre),
                "− parties": bougees["parties"].map(langue.nombre),
                "= nouvelles": bougees["apres"].map(langue.nombre),
                "dont changées": bougees["changees"].map(langue.nombre),
            }
        ).set_index("Table")
    )


def _figures(figures: pd.DataFrame) -> None:
    widgets.grille(
        pd.DataFrame(
            {
                "Séance (12 mois)": figures["seance"],
                "Indicateur": [_titre(f) for f in figures.itertuples()],
                "Publié": [_part(f.part_avant, f.numerateur_avant, f.n_connus_avant) for f in figures.itertuples()],
                "Nouveau": [_part(f.part_apres, f.numerateur_apres, f.n_connus_apres) for f in figures.itertuples()],
                "Écart": [langue.points(100 * (f.part_apres - f.part_avant)) for f in figures.itertuples()],
                "Ce qui a bougé": [_mouvements(f) for f in figures.itertuples()],
            }
        ),
        {},
        "Chiffres avant et après",
    )


def _titre(ligne: object) -> str:
    titre = INDICATEURS[ligne.indicateur].titre  # type: ignore[attr-defined]
    groupe = ligne.groupe  # type: ignore[attr-defined]
    return titre if groupe == _ENSEMBLE else f"{titre}, {phrases_constats.QUARTIERS[groupe]}"


def _part(part: float, numerateur: float, connus: float) -> str:
    if pd.isna(connus) or connus == 0:
        return langue.ABSENT
    return f"{langue.part(part)} ({langue.nombre(numerateur)} sur {langue.nombre(connus)})"


def _mouvements(ligne: object) -> str:
    mots = (
        (ligne.entrees, "attribution entrée", "attributions entrées"),  # type: ignore[attr-defined]
        (ligne.sorties, "sortie", "sorties"),  # type: ignore[attr-defined]
        (ligne.reclassees, "reclassée", "reclassées"),  # type: ignore[attr-defined]
    )
    return langue.liste([langue.effectif(n, un, plusieurs) for n, un, plusieurs in mots if n]) or "rien"
