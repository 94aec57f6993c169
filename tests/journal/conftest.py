"""The same tests on SQLite and on a real PostgreSQL (one server for the session, one database for each test)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mel_core.journal import Journal
from tests.journal.bases import nouvelle_base, serveur_postgresql

MOTEURS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.ci))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL of ours; under xdist each worker has its own."""
    with serveur_postgresql() as adresse:
        yield adresse


@pytest.fixture(params=MOTEURS)
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty journal, the one that MEL_JOURNAL gives to this process and to its children."""
    adresse = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    if request.param == "postgresql":
        adresse = nouvelle_base(request.getfixturevalue("postgresql"))
    monkeypatch.setenv("MEL_JOURNAL", adresse)
    return adresse


@pytest.fixture
def open(url: str, tmp_path: Path) -> Iterator[Callable[[], Journal]]:
    """Open the journal of the test, as often as asked."""
    ouverts: list[Journal] = []

    def ouvrir_un() -> Journal:
        ouverts.append(Journal.du_dossier(tmp_path))
        return ouverts[-1]

    yield ouvrir_un
    for journal in ouverts:
        journal.close()
