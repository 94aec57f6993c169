"""A small jeu de données on disk, and a store of its own."""

from __future__ import annotations

import pytest

from tests.cli.appel import ATTRIBUTIONS, BAILLEURS, DEMANDES


@pytest.fixture
def jeu(tmp_path):
    dossier = tmp_path / "jeu"
    dossier.mkdir()
    for nom, contenu in {"bailleurs": BAILLEURS, "attributions": ATTRIBUTIONS, "demandes": DEMANDES}.items():
        (dossier / f"{nom}.csv").write_text(contenu, encoding="utf-8")
    return dossier


@pytest.fixture
def donnees(tmp_path):
    return tmp_path / "donnees"
