"""Préparer › Imports: of which table is a file, or a sheet, whose name does not say it (contract §1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from mel_core.contrat.lecture.fichiers import Piece, pieces
from mel_core.contrat.tables import TABLES
from mel_core.socle import langue
from pages.preparer.imports import depot
from pages.preparer.imports.depot import Place

_LUES = "pieces_lues"
_COLONNES = 3


def ask(fichiers: Sequence[Any], modele: str) -> tuple[dict[Place, str], dict[int, list[Piece]]]:
    """One choice for each piece without a table: place → table for those that were chosen, and the pieces found in
    each file by its rank. What is left without a table is not read, and the report says so."""
    gardees: dict[tuple[str, str], list[Piece]] = st.session_state.get(_LUES, {})
    lues = {f.file_id: gardees.get((f.file_id, modele)) or _find(f, modele) for f in fichiers}
    # Opened once: a click must not read a workbook again.
    st.session_state[_LUES] = {(cle, modele): de_ce_fichier for cle, de_ce_fichier in lues.items()}
    trouvees = {rang: lues[fichier.file_id] for rang, fichier in enumerate(fichiers)}
    sans_table = [
        (rang, piece)
        for rang, de_ce_fichier in trouvees.items()
        for piece in de_ce_fichier
        if piece.table is None and not piece.est_jeu
    ]
    if not sans_table:
        return {}, trouvees
    st.subheader("De quelle table ?")
    n = len(sans_table)
    dits = langue.effectif(n, "fichier ou feuille ne porte", "fichiers ou feuilles ne portent")
    st.write(
        f"{dits} le nom d’aucune table : choisir la sienne, ou laisser vide ce qui n’est pas à lire. "
        "Plusieurs fichiers peuvent donner la même table."
    )
    choisies: dict[Place, str] = {}
    colonnes = st.columns(_COLONNES)
    for n, (rang, piece) in enumerate(sans_table):
        with colonnes[n % _COLONNES]:
            table = st.selectbox(
                piece.dite,
                list(TABLES),
                index=None,
                placeholder="Non lu",
                key=f"table_{fichiers[rang].file_id}_{piece.feuille}",
            )
        if table is not None:
            choisies[rang, piece.feuille] = table
    return choisies, trouvees


def _find(fichier: Any, modele: str) -> list[Piece]:
    with depot.place([fichier]) as chemins:
        return pieces(chemins, modele)


def nommees(trouvees: Mapping[int, Sequence[Piece]], chemins: Sequence[Any]) -> list[Piece]:
    """The pieces whose name says a table, where their files are now."""
    return [
        replace(piece, chemin=chemins[rang])
        for rang, de_ce_fichier in trouvees.items()
        for piece in de_ce_fichier
        if piece.table is not None or piece.est_jeu
    ]
