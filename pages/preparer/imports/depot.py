"""Files dropped in the browser, laid in a private folder for the time of one check or one import."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from mel_core.contrat.lecture.fichiers import Donne, Piece

_SEULS = {".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
Place = tuple[int, str | None]  # rank of a dropped file, and the sheet of a workbook


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


def read_donnes(chemins: Sequence[Path], choisies: Mapping[Place, str], nommees: Sequence[Piece]) -> tuple[Donne, ...]:
    """What a load is given: the pieces that were given a table, and all the rest under the names that it bears.

    `choisies`: place → table. `nommees`: the pieces whose name says a table already.
    """
    donnees = [Donne(chemins[rang], table, feuille) for (rang, feuille), table in choisies.items()]
    prises = {d.chemin for d in donnees}
    a_lire = {p.chemin for p in nommees} | (set(chemins) - prises)
    dossiers: dict[Path, list[Path]] = {}
    for chemin in chemins:
        if chemin in a_lire:
            dossiers.setdefault(chemin.parent, []).append(chemin)
    # A file that nothing was said of is not read; when there is no other, the check says what to do.
    lisibles = {ou: lus for ou, lus in dossiers.items() if any(p.chemin in lus for p in nommees)}
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
