"""Files dropped in the browser: which table each gives, and a private folder for the time of one check or import."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mel_core.contrat import correspondances
from mel_core.contrat.correspondances import Reponses, source_de
from mel_core.contrat.lecture.fichiers import Donne, Piece, pieces
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.tables import TABLES
from mel_core.contrat.tables_proposees import propose_table, read_entete
from pages.commun import choix_perimetre, donnees

_SEULS = {".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_LUES = "pieces_lues"
_COLONNES = 3


def offer_commande(modele: str, nature: str, *, sont_ajoutes: bool) -> None:
    """For `francais.js`, which knows the name of a file that is larger than a browser may send: what to type where it
    is."""
    dossier = donnees.entrepot().dossier.absolute()
    options = [f"--mapping {modele}"] * bool(modele) + ["--ajouter"] * sont_ajoutes
    if (dossier / correspondances.NOM).is_dir():
        options.append(f'--mapping "{dossier / correspondances.NOM}"')
    commande = " ".join(
        (
            f'"{sys.executable}" "{donnees.RACINE / "mel_core"}" importer {{}}',
            *options,
            f"--nature {nature}",
            f'--dossier-donnees "{dossier}"',
        )
    )
    nommes = "" if modele else " ".join(TABLES)
    st.html(f'<span data-commande="{escape(commande)}" data-tables="{nommes}"></span>')


@contextmanager
def place(fichiers: Sequence[UploadedFile]) -> Iterator[list[Path]]:
    """Where each file is, under its own name. Removed on the way out.

    Files of a same folder are read together: an archive and a workbook have their own, and so has a file that bears
    the name of one dropped before it.
    """
    with tempfile.TemporaryDirectory(prefix="ici-") as dossier:
        commun = Path(dossier) / "Fichiers déposés"  # the report may quote it
        commun.mkdir()
        chemins: list[Path] = []
        for rang, fichier in enumerate(fichiers):
            nom = Path(fichier.name).name
            est_a_part = Path(nom).suffix.lower() in _SEULS or (commun / nom).exists()
            ou = Path(dossier) / f"{rang + 1}" if est_a_part else commun
            ou.mkdir(exist_ok=True)
            (ou / nom).write_bytes(fichier.getvalue())
            chemins.append(ou / nom)
        yield chemins


def read_donnes(chemins: Sequence[Path], pieces: Sequence[Sequence[Piece]]) -> tuple[Donne, ...]:
    """What a load is given: the pieces whose table was chosen, and all the rest under the names that it bears."""
    par_chemin = dict(zip(chemins, pieces, strict=True))
    donnees = [Donne(ou, p.table, p.feuille) for ou, siennes in par_chemin.items() for p in siennes if p.est_choisie]
    prises = {d.chemin for d in donnees}
    nommes = {
        ou for ou, siennes in par_chemin.items() if any(not p.est_choisie and (p.table or p.est_jeu) for p in siennes)
    }
    dossiers: dict[Path, list[Path]] = {}
    for chemin in chemins:
        if chemin in nommes or chemin not in prises:
            dossiers.setdefault(chemin.parent, []).append(chemin)
    # A file that nothing was said of is not read; when there is no other, the check says what to do.
    lisibles = {ou: lus for ou, lus in dossiers.items() if not nommes.isdisjoint(lus)}
    if not lisibles and not donnees:
        lisibles = dossiers
    return (*(Donne(ou if len(lus) > 1 else lus[0]) for ou, lus in lisibles.items()), *donnees)


def ask_tables(fichiers: Sequence[Any], modele: str, reponses: Reponses) -> list[list[Piece]]:
    """What each file holds, with one choice for each piece without a table, where the one that its headers say is
    proposed. What is left without one is not read, and the report says so."""
    gardees: dict[tuple[str, str], list[Piece]] = st.session_state.get(_LUES, {})
    lues = {(f.file_id, modele): gardees.get((f.file_id, modele)) or _find(f, modele, reponses) for f in fichiers}
    # Opened once: a click must not read a workbook again.
    st.session_state[_LUES] = lues
    trouvees = [list(lues[f.file_id, modele]) for f in fichiers]
    places = [(rang, n) for rang, siennes in enumerate(trouvees) for n in range(len(siennes))]
    sans_table = [(rang, n) for rang, n in places if not (trouvees[rang][n].table or trouvees[rang][n].est_jeu)]
    if not sans_table:
        return trouvees
    aide = (
        "Ce qui ne porte le nom d’aucune table : la sienne est proposée quand ses en-têtes la disent ; la choisir, ou "
        "vider ce qui n’est pas à lire. Plusieurs fichiers peuvent donner la même table."
    )
    st.header("De quelle table ?", help=aide)
    colonnes = st.columns(_COLONNES)
    for i, (rang, n) in enumerate(sans_table):
        piece = trouvees[rang][n]
        ou, cle = colonnes[i % _COLONNES], _name_of(fichiers[rang], piece)
        table = choix_perimetre.pick(piece.dite, cle, list(TABLES), ou, placeholder="Non lu")
        trouvees[rang][n] = replace(piece, table=table, est_choisie=table is not None)
    return trouvees


def _find(fichier: Any, modele: str, reponses: Reponses) -> list[Piece]:
    with place([fichier]) as chemins:
        trouvees = pieces(chemins, modele)
        for rang, piece in enumerate(trouvees):
            if not (piece.table or piece.est_jeu or piece.est_masquee):
                entete = read_entete(piece)
                st.session_state[_name_of(fichier, piece)] = propose_table(piece, entete, reponses)
                trouvees[rang] = replace(piece, source=source_de(entete) if entete else "")
    return trouvees


def keep_tables(pieces: Sequence[Sequence[Piece]]) -> None:
    """Those that were chosen, for files of the same headers, on screen and by the command line."""
    choisies = [p for siennes in pieces for p in siennes if p.est_choisie and p.source]
    tables = Reponses({p.source: Mapping(table=p.table or "") for p in choisies})
    correspondances.keep(donnees.entrepot().dossier, tables)


def _name_of(fichier: Any, piece: Piece) -> str:
    """Of the choice of its table."""
    return f"table_{fichier.file_id}_{piece.feuille}"
