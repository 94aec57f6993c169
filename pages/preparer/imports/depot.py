"""Files dropped in the browser, laid in a private folder for the time of one check or one import."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from mel_core.contrat.lecture.fichiers import Donne, Piece

_SEULS = {".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


class Fichier(Protocol):
    """What the uploader hands over."""

    name: str
    size: int
    file_id: str

    def getvalue(self) -> bytes: ...


@contextmanager
def place(fichiers: Sequence[Fichier]) -> Iterator[list[Path]]:
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


@contextmanager
def place_un(fichier: Fichier | None) -> Iterator[Path | None]:
    """One optional file (a mapping), under its own name."""
    if fichier is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="ici-") as dossier:
        chemin = Path(dossier) / Path(fichier.name).name
        chemin.write_bytes(fichier.getvalue())
        yield chemin
