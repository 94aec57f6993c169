"""What dropped files hold, piece by piece: the files and sheets whose name says no table are to be given to one."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mel_core.contrat.lecture.brut import Illisible, est_hors_donnees, table_nommee
from mel_core.contrat.lecture.lecture_xlsx import feuilles
from mel_core.contrat.lecture.source import ARCHIVE_ABIMEE, TEXTES, Genre, identify
from mel_core.contrat.modeles.adaptation import table_de
from mel_core.contrat.modeles.catalogue import SNE


@dataclass(frozen=True)
class Piece:
    """A file, or the sheet `feuille` of a workbook. `table`: the one that its name says, None when it says none.

    `est_jeu`: read as a jeu de données, by itself: nothing is asked about it (an archive that holds named tables, or a
    file that can't be read, of which the check says why)."""

    chemin: Path
    feuille: str | None = None
    table: str | None = None
    est_masquee: bool = False
    est_jeu: bool = False

    @property
    def dite(self) -> str:
        nom = f"{self.chemin.name} › {self.feuille}" if self.feuille is not None else self.chemin.name
        return f"{nom} (feuille masquée)" if self.est_masquee else nom


def pieces(chemins: Iterable[Path], modele: str = "") -> list[Piece]:
    """In the order given. `modele`: the mapping that says what the files are (`modeles.catalogue`)."""
    return [piece for chemin in chemins for piece in _pieces(chemin, modele)]


def _pieces(chemin: Path, modele: str) -> list[Piece]:
    try:
        genre = identify(chemin)
        if genre is Genre.CLASSEUR:
            trouvees = [
                Piece(chemin, nom, table_nommee(nom), not est_visible)
                for nom, est_visible, est_feuille in feuilles(chemin)
                if est_feuille and not est_hors_donnees(nom)
            ]
            return trouvees or [Piece(chemin, est_jeu=True)]
        if genre is Genre.TEXTE:
            est_xml = chemin.suffix.lower() == ".xml"
            return [Piece(chemin, table=table_de(chemin.stem, modele), est_jeu=est_xml)]
        return [Piece(chemin, est_jeu=modele == SNE or _est_un_jeu(chemin, modele))]
    except (Illisible, OSError, *ARCHIVE_ABIMEE):
        return [Piece(chemin, est_jeu=True)]


def _est_un_jeu(chemin: Path, modele: str) -> bool:
    """Whether an archive holds a file named after a table, or nothing that could be given to one."""
    with zipfile.ZipFile(chemin) as archive:
        noms = [PurePosixPath(nom) for nom in archive.namelist()]
    textes = [nom for nom in noms if nom.suffix.lower() in TEXTES]
    return not textes or any(table_de(nom.stem, modele) for nom in textes)
