"""A small jeu de données on disk, and a store of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.appel import ACCEPTEE, ATTRIBUTIONS, BAILLEURS, DEMANDES, EVENEMENTS, ici, run_apart


def write(dossier: Path) -> Path:
    dossier.mkdir()
    tables = {"bailleurs": BAILLEURS, "attributions": ATTRIBUTIONS, "demandes": DEMANDES, "evenements": EVENEMENTS}
    for nom, contenu in tables.items():
        (dossier / f"{nom}.csv").write_text(contenu, encoding="utf-8")
    return dossier


@pytest.fixture
def jeu(tmp_path):
    return write(tmp_path / "jeu")


@pytest.fixture(scope="session")
def importe(tmp_path_factory):
    """The jeu imported as fictitious, once: to be copied. A process that ends leaves no open file behind."""
    racine = tmp_path_factory.mktemp("importe")
    faite = ici(
        "importer", write(racine / "jeu"), *ACCEPTEE, "--nature", "fictive", donnees=racine / "donnees", run=run_apart
    )
    assert faite.returncode == 0
    return racine / "donnees"


@pytest.fixture
def publiees(importe, donnees):
    """A store of its own in which the jeu is imported."""
    return shutil.copytree(importe, donnees)


@pytest.fixture
def donnees(tmp_path):
    return tmp_path / "donnees"
