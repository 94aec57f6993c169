"""No test asserts on a duration, the drawn ones included: a busy machine must not fail them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from mel_core.demo import generate, publish_contours
from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import import_files
from tests import exemples as exemples  # its profiles

settings.load_profile("courant")


def once(tmp_path_factory: pytest.TempPathFactory, nom: str, write: Callable[[Path], object]) -> Path:
    """A folder written once for all the tests, whatever the number of processes: to be read, never written."""
    racine = tmp_path_factory.getbasetemp()
    racine = racine.parent if "PYTEST_XDIST_WORKER" in os.environ else racine
    lieu = racine / nom
    with FileLock(racine / f"{nom}.verrou"):
        if not lieu.exists():
            en_cours = tmp_path_factory.mktemp(nom)
            write(en_cours)
            en_cours.rename(lieu)
    return lieu


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the demonstration of the Métropole."""
    return once(tmp_path_factory, "demonstration-fichiers", generate)


@pytest.fixture(scope="session")
def demonstration_publiee(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration of the Métropole, published."""

    def publish(dossier: Path) -> None:
        import_files(demonstration, Entrepot(dossier), nature="fictive")
        publish_contours(dossier)

    return once(tmp_path_factory, "demonstration-publiee", publish)


@pytest.fixture(scope="module")
def demonstration_copiee(demonstration_publiee: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it that the tests of one module may write in."""
    return shutil.copytree(demonstration_publiee, tmp_path_factory.mktemp("copie") / "donnees")
