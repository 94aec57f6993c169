"""The store and the journal that the tests of the coordination begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from tests.seance.coordination.monde import magasin


@pytest.fixture
def entrepot(tmp_path: Path) -> Entrepot:
    return magasin(tmp_path / "donnees")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.du_dossier(tmp_path / "journal")
