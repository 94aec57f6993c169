"""Files dropped in the browser, laid in a private folder for the time of one check or one import."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from mel_core.socle.erreurs import AppelIncorrect

_SEULS = {".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


class Fichier(Protocol):
    """What the uploader hands over."""

    name: str

    def getvalue(self) -> bytes: ...


@contextmanager
def place(fichiers: Sequence[Fichier]) -> Iterator[Path]:
    """The path to read: the file dropped alone, else a folder of CSV. Removed on the way out."""
    noms = [Path(f.name).name for f in fichiers]
    seuls = [nom for nom in noms if Path(nom).suffix.lower() in _SEULS]
    if seuls and len(noms) > 1:
        raise AppelIncorrect(
            f"« {seuls[0]} » contient tout un jeu de données : le déposer seul, ou ne déposer que des CSV."
        )
    with tempfile.TemporaryDirectory(prefix="ici-") as dossier:
        racine = Path(dossier) / "jeu"
        racine.mkdir()
        for nom, fichier in zip(noms, fichiers, strict=True):
            (racine / nom).write_bytes(fichier.getvalue())
        yield racine / noms[0] if len(noms) == 1 else racine


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
