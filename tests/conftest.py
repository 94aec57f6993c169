"""No test asserts on a duration, the drawn ones included: a busy machine must not fail them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from mel_core.demo import generate, publish_contours
from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import import_files

settings.register_profile("sans_duree", deadline=None)
settings.load_profile("sans_duree")


@pytest.fixture(scope="session")
def demonstration_publiee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration of the Métropole, published once for all the tests of a process: to be read, never written."""
    entrepot, fichiers = Entrepot(tmp_path_factory.mktemp("demonstration")), tmp_path_factory.mktemp("fichiers")
    generate(fichiers)
    import_files(fichiers, entrepot, nature="fictive")
    publish_contours(entrepot.dossier)
    return entrepot.dossier


@pytest.fixture(scope="module")
def demonstration_copiee(demonstration_publiee: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it that the tests of one module may write in."""
    return shutil.copytree(demonstration_publiee, tmp_path_factory.mktemp("copie") / "donnees")
