"""A real PostgreSQL shared by two machines, each with a folder of its own; files in a folder, or in a real S3."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mel_core.entrepot import Entrepot
from tests.journal.bases import nouvelle_base
from tests.journal.conftest import postgresql
from tests.navigateur.conftest import ECRAN
from tests.repliques.objets import CLES_S3, Seaweed

__all__ = ["postgresql"]


@contextmanager
def environment(**valeurs: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environnement:
        for nom, valeur in valeurs.items():
            environnement.setenv(nom, valeur)
        yield


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    serveur = Seaweed(tmp_path_factory.mktemp("seaweed"))
    with environment(**CLES_S3, AWS_ENDPOINT_URL=serveur.adresse):
        yield serveur
    serveur.stop()


@pytest.fixture(params=["dossier", "s3"])
def machines(request: pytest.FixtureRequest, postgresql: str, tmp_path: Path) -> Iterator[tuple[Entrepot, Entrepot]]:
    """Two machines, the second one given the keys of the first."""
    jeux = f"file://{tmp_path / 'magasin'}"
    if request.param == "s3":
        request.getfixturevalue("seaweed")
        jeux = f"s3://ici/{os.urandom(6).hex()}"
    with environment(MEL_JOURNAL=nouvelle_base(postgresql), MEL_JEUX=jeux):
        une = Entrepot(tmp_path / "une")
        une.pseudonymes()
        autre = Entrepot(tmp_path / "autre")
        autre.dossier.mkdir()
        shutil.copy(une.dossier / "cle_pseudonymes", autre.dossier)
        yield une, autre


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """One page, with its own cookies: the proxy keeps it on a replica."""
    contexte = chromium.new_context(viewport={"width": ECRAN[0], "height": ECRAN[1]}, locale="fr-FR")
    yield contexte.new_page()
    contexte.close()
