"""A dossier of séance on a drawn store, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.dossier.seance import Dossier, compose
from mel_core.entrepot import Entrepot
from mel_core.socle.periodes import Seance
from tests.ecrans.conftest import monde
from tests.jeux import build_store, chargement

SEANCE, ICI = Seance(2017, 2), "ICI 2"


@pytest.fixture(scope="session")
def entrepot(tmp_path_factory: pytest.TempPathFactory) -> Entrepot:
    return build_store(tmp_path_factory.mktemp("donnees"), chargement(**monde()))


@pytest.fixture(scope="session")
def dossier(entrepot: Entrepot, tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    return compose(entrepot, SEANCE, ICI, tmp_path_factory.mktemp("sortie"), "A. Essai")


def fichier(dossier: Dossier, motif: str) -> Path:
    """The one file so named, beside the cards."""
    (trouve,) = [f for f in dossier.fichiers if motif in f.name and not f.name.startswith("fiche-")]
    return trouve
