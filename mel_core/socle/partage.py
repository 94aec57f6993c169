"""What all the machines that serve the same data share, in small: named bytes, as they were last written.

In the folder of the store, a file each, replaced by one rename. Where each machine has a folder of its own (`MEL_JEUX`
says where their files come from) and `MEL_JOURNAL` names a PostgreSQL, rows of its database, which all of them read at
once: which publication serves, who is in Salle, which logins ended.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from mel_core.socle.durable import write_whole

_ADOPTES = ("connexions/", "salles/", "contours/", "reponses/", "cohortes/")


class Partage(Protocol):
    """Names are paths from the store: `registre.json`, `salles/…`."""

    def read(self, nom: str, age: float = 0.0) -> bytes | None:
        """The content of this name, as it was `age` seconds ago at the most; None without one."""

    def write(self, nom: str, contenu: bytes) -> None:
        """Replace it: durable, and read by all, when it returns."""

    def remove(self, nom: str) -> None:
        """Nothing where there is none."""

    def names(self, debut: str) -> list[str]:
        """Those that begin so, in order."""

    def reserve(self, nom: str) -> AbstractContextManager[bool]:
        """Whether this block alone holds `nom`; released by the system if the process dies."""


def partage(dossier: Path) -> Partage:
    """What the store in `dossier` shares."""
    adresse = adresse_commune()
    return _base(adresse, dossier) if adresse else DansLeDossier(dossier)


def adresse_commune() -> str | None:
    """The base that several machines share; None on one alone."""
    adresse = os.environ.get("MEL_JOURNAL", "")
    return adresse if adresse.startswith("postgresql") and os.environ.get("MEL_JEUX") else None


class DansLeDossier:
    """Files of the store: one machine, or several on one folder."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier

    def read(self, nom: str, age: float = 0.0) -> bytes | None:
        chemin = self._dossier / nom
        try:
            if not age:
                return chemin.read_bytes()
            vu = chemin.stat()
            return _lu(chemin, (vu.st_ino, vu.st_mtime_ns, vu.st_size))
        except FileNotFoundError:
            return None

    def write(self, nom: str, contenu: bytes) -> None:
        (self._dossier / nom).parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._dossier / nom, contenu)

    def remove(self, nom: str) -> None:
        (self._dossier / nom).unlink(missing_ok=True)

    def names(self, debut: str) -> list[str]:
        dossier, _, nom = debut.rpartition("/")
        trouves = sorted((self._dossier / dossier).glob(f"{nom}*"))
        return [x.relative_to(self._dossier).as_posix() for x in trouves if not x.name.startswith(".")]

    @contextmanager
    def reserve(self, nom: str) -> Iterator[bool]:
        self._dossier.mkdir(parents=True, exist_ok=True)
        verrou = FileLock(self._dossier / nom, timeout=0)
        try:
            verrou.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            verrou.release()


@lru_cache(maxsize=64)  # a page asks fifty times; what is written again is another file
def _lu(chemin: Path, _fichier: tuple[int, int, int]) -> bytes:
    return chemin.read_bytes()


@lru_cache(maxsize=8)
def _base(adresse: str, dossier: Path) -> Partage:
    # The dialect of PostgreSQL takes a tenth of a second to load: one machine alone never does.
    from mel_core.socle.partage_commun import DansLaBase

    avant = DansLeDossier(dossier)
    lus = ((nom, avant.read(nom)) for debut in _ADOPTES for nom in avant.names(debut))
    return DansLaBase(adresse, {nom: lu for nom, lu in lus if lu is not None})
