"""One demonstration folder for all the tests of this directory."""

from pathlib import Path

import pytest

from mel_core.demo import generate


@pytest.fixture(scope="session")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chemin = tmp_path_factory.mktemp("demo")
    generate(chemin)
    return chemin


@pytest.fixture(scope="session")
def dossier_autre_graine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chemin = tmp_path_factory.mktemp("demo_2018")
    generate(chemin, graine=2018)
    return chemin
