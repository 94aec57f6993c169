"""No test asserts on a duration, the drawn ones included: a busy machine must not fail them."""

from __future__ import annotations

import gc
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser

from mel_core.demo import generate, publish_contours
from mel_core.demo.reglages_demo import D_AUJOURD_HUI, DU_SUPPORT, parametres_de
from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import import_files
from mel_core.secret import montrer
from mel_core.socle.periodes import Seance
from tests import exemples as exemples  # its profiles

settings.load_profile("courant")
gc.set_threshold(
    100_000, 50, 50
)  # a process keeps all that its tests imported: walking it as often took a tenth of their time

# What is drawn here was worked out under one rule: an entry added to that of the application moves none of it. The
# attacker's own commands play the latter.
montrer.FICHIER = Path(__file__).with_name("diffusion.toml")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, and those of the browser all along the first three quarters: a process plays a whole file, and
    one that waits for a page leaves the processor to those that compute."""
    par_fichier = Counter(item.path for item in items)
    plus_longs = [fichier for fichier, _ in par_fichier.most_common()]
    du_navigateur = [f for f in plus_longs if f.parent.name == "navigateur"]
    autres = [f for f in plus_longs if f.parent.name != "navigateur"]
    rangs = {f: rang / len(autres) for rang, f in enumerate(autres)}
    rangs |= {f: 0.75 * rang / len(du_navigateur) for rang, f in enumerate(du_navigateur)}
    items.sort(key=lambda item: rangs[item.path])


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
def demonstration_d_aujourd_hui(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of that of today."""
    return once(tmp_path_factory, "demonstration-2026S1-fichiers", partial(generate, derniere=D_AUJOURD_HUI))


@pytest.fixture(scope="session")
def demonstration_publiee(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration of the Métropole, published."""
    return once(tmp_path_factory, "demonstration-publiee", partial(publish, demonstration, DU_SUPPORT))


@pytest.fixture(scope="session")
def publiee_aujourd_hui(demonstration_d_aujourd_hui: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of today, published with its own parameters."""
    return once(tmp_path_factory, "demonstration-2026S1", partial(publish, demonstration_d_aujourd_hui, D_AUJOURD_HUI))


def publish(fichiers: Path, derniere: Seance, dossier: Path) -> None:
    import_files(fichiers, Entrepot(dossier), nature="fictive", parametres=parametres_de(derniere))
    publish_contours(dossier)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of a worker: there can be one at a time."""
    from tests.navigateur.conftest import chromium_ouvert  # what has no page loads no browser

    with chromium_ouvert() as navigateur:
        yield navigateur


@pytest.fixture(scope="module")
def demonstration_copiee(demonstration_publiee: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it that the tests of one module may write in."""
    return shutil.copytree(demonstration_publiee, tmp_path_factory.mktemp("copie") / "donnees")
