"""One demonstration folder for all the tests of this directory."""

from functools import partial
from pathlib import Path

import pytest

from mel_core.demo import generate
from tests.conftest import once


@pytest.fixture(scope="session")
def dossier(demonstration: Path) -> Path:
    return demonstration


@pytest.fixture(scope="session")
def dossier_autre_graine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "demonstration-2018", partial(generate, graine=2018))
