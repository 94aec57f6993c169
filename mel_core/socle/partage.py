"""What all the machines that serve the same data share, in small: named bytes, as they were last written.

In the folder of the store, a file each, replaced by one rename. Where each machine has a folder of its own (`MEL_JEUX`
says where their files come from) and `MEL_JOURNAL` names a PostgreSQL, rows of its database, which all of them read at
once: which publication serves, who is in Salle, which logins ended.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.dialects.postgresql import insert

from mel_core.socle import bases
from mel_core.socle.durable import write_whole

_VERROU = 20171233  # any number: with the name of what is reserved
_ADOPTES = ("connexions/", "salles/", "contours/", "reponses/", "cohortes/")
_meta = sa.MetaData()
_partages = sa.Table(
    "partages",
    _meta,
    sa.Column("nom", sa.Text, primary_key=True),
    sa.Column("contenu", sa.LargeBinary, nullable=False),
)


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


class DansLaBase:
    """Rows of PostgreSQL. `avant`: what this machine held before it shared it is put there, where nothing is."""

    def __init__(self, adresse: str, avant: DansLeDossier) -> None:
        self._lus: dict[str, tuple[float, bytes | None]] = {}
        commune = bases.postgresql(adresse)
        with bases.say_refusals(), commune.begin() as connexion:
            bases.upgrade(connexion)
            for nom in (nom for debut in _ADOPTES for nom in avant.names(debut)):
                connexion.execute(insert(_partages).values(nom=nom, contenu=avant.read(nom)).on_conflict_do_nothing())
        self._moteur = commune.execution_options(isolation_level="AUTOCOMMIT")

    def read(self, nom: str, age: float = 0.0) -> bytes | None:
        quand, lu = self._lus.get(nom, (0.0, None))
        if age and time.monotonic() - quand < age:
            return lu
        with bases.say_refusals(), self._moteur.connect() as connexion:
            lu = connexion.scalar(sa.select(_partages.c.contenu).where(_partages.c.nom == nom))
        if age:
            self._lus[nom] = time.monotonic(), lu
        return lu

    def write(self, nom: str, contenu: bytes) -> None:
        ecrit = insert(_partages).values(nom=nom, contenu=contenu)
        with bases.say_refusals(), self._moteur.connect() as connexion:
            connexion.execute(ecrit.on_conflict_do_update(index_elements=["nom"], set_={"contenu": contenu}))
        self._lus.pop(nom, None)

    def remove(self, nom: str) -> None:
        with bases.say_refusals(), self._moteur.connect() as connexion:
            connexion.execute(_partages.delete().where(_partages.c.nom == nom))
        self._lus.pop(nom, None)

    def names(self, debut: str) -> list[str]:
        voulus = sa.select(_partages.c.nom).where(_partages.c.nom.startswith(debut, autoescape=True))
        with bases.say_refusals(), self._moteur.connect() as connexion:
            return sorted(connexion.scalars(voulus))

    @contextmanager
    def reserve(self, nom: str) -> Iterator[bool]:
        cle = sa.func.hashtext(nom)
        with bases.say_refusals(), self._moteur.connect() as connexion:
            est_a_nous = bool(connexion.scalar(sa.select(sa.func.pg_try_advisory_lock(_VERROU, cle))))
            try:
                yield est_a_nous
            finally:
                if est_a_nous:
                    connexion.execute(sa.select(sa.func.pg_advisory_unlock(_VERROU, cle)))


@lru_cache(maxsize=8)
def _base(adresse: str, dossier: Path) -> DansLaBase:
    return DansLaBase(adresse, DansLeDossier(dossier))
