"""The same tests with the journal on SQLite, in the data folder, and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from mel_core.entrepot import Entrepot
from tests.journal.bases import nouvelle_base
from tests.journal.conftest import MOTEURS, postgresql, url
from tests.seance.effacement.monde import peupler

__all__ = ["postgresql", "url"]
Copier = Callable[[str], Entrepot]


def _adresse(moteur: str, dossier: Path, serveur: Callable[[], str], modele: str = "template1") -> str:
    return f"sqlite:///{dossier / 'journal.sqlite'}" if moteur == "sqlite" else nouvelle_base(serveur(), modele)


@pytest.fixture(scope="session")
def serveur(request: pytest.FixtureRequest) -> Callable[[], str]:
    return lambda: request.getfixturevalue("postgresql")


@pytest.fixture(scope="session")
def peuplee(serveur: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, str]]:
    """A folder where somebody is everywhere and the address of its journal, filled once for each engine."""

    @cache
    def fill(moteur: str) -> tuple[Path, str]:
        dossier = tmp_path_factory.mktemp(moteur)
        adresse = _adresse(moteur, dossier, serveur)
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setenv("MEL_JOURNAL", adresse)
            peupler(dossier, tmp_path_factory.mktemp("fichiers"))
        return dossier, adresse

    return fill


@pytest.fixture
def copier(
    peuplee: Callable[[str], tuple[Path, str]],
    serveur: Callable[[], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Copier:
    """A copy of it that the test may write in."""

    def copy(moteur: str) -> Entrepot:
        dossier, adresse = peuplee(moteur)
        shutil.copytree(dossier, tmp_path, dirs_exist_ok=True)
        monkeypatch.setenv("MEL_JOURNAL", _adresse(moteur, tmp_path, serveur, sa.make_url(adresse).database or ""))
        return Entrepot(tmp_path)

    return copy


@pytest.fixture(params=MOTEURS)
def donnees(request: pytest.FixtureRequest, copier: Copier) -> Entrepot:
    return copier(request.param)


@pytest.fixture
def sur_sqlite(copier: Copier) -> Entrepot:
    """For what has nothing to do with where the journal is."""
    return copier("sqlite")
