"""Préparer › Imports: of which table is a file, or a sheet, whose name does not say it (contract §1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from mel_core.contrat.lecture.fichiers import Piece, pieces
from mel_core.contrat.tables import TABLES
from mel_core.socle import langue
from pages.preparer.imports import depot

_LUES = "pieces_lues"
_COLONNES = 3


def ask(fichiers: Sequence[Any], modele: str) -> list[list[Piece]]:
    """What each file holds, with one choice for each piece without a table. What is left without one is not read, and
    the report says so."""
    gardees: dict[tuple[str, str], list[Piece]] = st.session_state.get(_LUES, {})
    lues = {(f.file_id, modele): gardees.get((f.file_id, modele)) or _find(f, modele) for f in fichiers}
    # Opened once: a click must not read a workbook again.
    st.session_state[_LUES] = lues
    trouvees = [list(lues[f.file_id, modele]) for f in fichiers]
    places = [(rang, n) for rang, siennes in enumerate(trouvees) for n in range(len(siennes))]
    sans_table = [(rang, n) for rang, n in places if not (trouvees[rang][n].table or trouvees[rang][n].est_jeu)]
    if not sans_table:
        return trouvees
    st.subheader("De quelle table ?")
    dits = langue.effectif(len(sans_table), "fichier ou feuille ne porte", "fichiers ou feuilles ne portent")
    st.write(
        f"{dits} le nom d’aucune table : choisir la sienne, ou laisser vide ce qui n’est pas à lire. "
        "Plusieurs fichiers peuvent donner la même table."
    )
    colonnes = st.columns(_COLONNES)
    for i, (rang, n) in enumerate(sans_table):
        piece = trouvees[rang][n]
        with colonnes[i % _COLONNES]:
            table = st.selectbox(
                piece.dite,
                list(TABLES),
                index=None,
                placeholder="Non lu",
                key=f"table_{fichiers[rang].file_id}_{piece.feuille}",
            )
        trouvees[rang][n] = replace(piece, table=table, est_choisie=table is not None)
    return trouvees


def _find(fichier: Any, modele: str) -> list[Piece]:
    with depot.place([fichier]) as chemins:
        return pieces(chemins, modele)
