"""Real applications driven by a real Chromium: one of the small world and one of the demonstration for all that a
worker reads; who writes what others would see starts its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from lancer import find_chromium
from mel_core.entrepot import Entrepot
from tests.ecrans.conftest import monde
from tests.jeux import chargement

RACINE = Path(__file__).resolve().parents[2]
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # maps are drawn by WebGL, in software; they alone: the grids' canvases would be too, if it passed for a card
    "--enable-unsafe-swiftshader",
    "--process-per-site",  # a new tab finds the JavaScript of the page already read
)
ECRAN, GRAND_ECRAN = (1366, 768), (1920, 1080)  # the projector, and the largest screen
ATTENTE_S = 60
# A map drawn without a graphics card costs more than the rest of its page: it stands in its place, laid out and empty.
CARTES_VIDES = """
for (const dessin of ["drawArrays", "drawArraysInstanced", "drawElements", "drawElementsInstanced"])
  WebGL2RenderingContext.prototype[dessin] = () => {};
"""
# What a strip has room for depends on the minutes left of its slot: no test begins within one, whatever the hour it is.
HORS_CRENEAU = 'Date.prototype.toLocaleTimeString = () => "08:00";'
expect.set_options(timeout=60_000)  # a loaded machine is slow: only what never comes is a failure


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def demarrer(
    donnees: Path,
    script: Path = RACINE / "app.py",
    *,
    port: int = 0,
    secrets: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> tuple[subprocess.Popen[bytes], str]:
    """A server that starts over the store `donnees`, and its address. `secrets`: a file with the login to configure."""
    port = port or port_libre()
    commande = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    serveur = subprocess.Popen(
        [*commande, *(("--secrets.files", str(secrets)) if secrets else ())],
        cwd=RACINE,
        env={**os.environ, "MEL_DONNEES": str(donnees), **(variables or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return serveur, f"http://127.0.0.1:{port}"


def wait_until_up(serveur: subprocess.Popen[bytes], adresse: str) -> None:
    """Wait until the server answers."""
    fin = time.monotonic() + ATTENTE_S
    while True:
        try:
            with urllib.request.urlopen(f"{adresse}/_stcore/health", timeout=1):  # noqa: S310
                return
        except OSError:
            assert serveur.poll() is None, "the application stopped"
            assert time.monotonic() < fin, "the application does not answer"
            time.sleep(0.1)


@contextmanager
def application(
    donnees: Path,
    script: Path = RACINE / "app.py",
    *,
    tuer: bool = False,
    port: int = 0,
    secrets: Path | None = None,
) -> Iterator[str]:
    """The address of a fresh server over the store `donnees` (see `demarrer`); `tuer`: it ends by kill −9."""
    serveur, adresse = demarrer(donnees, script, port=port, secrets=secrets)
    try:
        wait_until_up(serveur, adresse)
        yield adresse
    finally:
        serveur.kill() if tuer else serveur.terminate()
        serveur.wait(10)


def au_repos(page: Page) -> None:
    """Wait until the server has answered and says nothing more: three tenths of a second without a run.

    A text can be right before its run has ended, and what is typed into a widget about to be drawn again is lost. A
    page that has not begun says that it rests too.
    """
    page.get_by_test_id("stMain").get_by_test_id("stElementContainer").first.wait_for(state="attached")
    depuis = time.monotonic()
    fin = depuis + ATTENTE_S
    while time.monotonic() - depuis < 0.3:
        assert time.monotonic() < fin, "the page does not come to rest"
        page.wait_for_timeout(50)
        if page.get_by_test_id("stApp").get_attribute("data-test-script-state") != "notRunning":
            depuis = time.monotonic()


def seen_at(page: Page, taille: tuple[int, int]) -> None:
    """The same page on a screen of this size, at rest."""
    page.set_viewport_size({"width": taille[0], "height": taille[1]})
    au_repos(page)


@pytest.fixture(scope="session")
def magasin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store of the small world that the screens are tested on: to be read."""
    entrepot = Entrepot(tmp_path_factory.mktemp("donnees"))
    with entrepot.reserve():
        entrepot.publish(chargement(**monde()))
    return entrepot.dossier


@pytest.fixture(scope="session")
def adresse(magasin: Path) -> Iterator[str]:
    """The bilan of ICI 2 in it, served once for a worker."""
    with application(magasin) as url:
        yield f"{url}/?ici=ICI%202"


@pytest.fixture(scope="session")
def donnees(demonstration_publiee: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration that is served; a test may leave in its journal what no other one counts."""
    return Path(shutil.copytree(demonstration_publiee, tmp_path_factory.mktemp("servie") / "donnees"))


@pytest.fixture(scope="session")
def demonstration(donnees: Path) -> Iterator[str]:
    """The address of the demonstration, served once for a worker."""
    with application(donnees) as url:
        yield url


@contextmanager
def chromium_ouvert() -> Iterator[Browser]:
    with sync_playwright() as p:
        chemin = find_chromium()
        navigateur = p.chromium.launch(executable_path=str(chemin) if chemin else None, args=list(OPTIONS))
        yield navigateur
        navigateur.close()


@pytest.fixture(scope="session")
def visiteurs(chromium: Browser) -> Iterator[BrowserContext]:
    """The browser of all visitors but those who log in: each tab is a session, the JavaScript is read once."""
    contexte = chromium.new_context(
        viewport={"width": ECRAN[0], "height": ECRAN[1]}, locale="fr-FR", reduced_motion="reduce"
    )
    contexte.set_default_timeout(ATTENTE_S * 1000)
    yield contexte
    contexte.close()


@pytest.fixture
def open(visiteurs: BrowserContext) -> Iterator[Callable[[str], Page]]:
    """Open an address as a new visitor, at the projector's size, whose maps are empty: see `open_drawn`."""
    with opened(visiteurs, CARTES_VIDES) as ouvrir_page:
        yield ouvrir_page


@pytest.fixture
def open_drawn(visiteurs: BrowserContext) -> Iterator[Callable[[str], Page]]:
    """The same, for who looks at a map: at its tones, at what it says under the pointer."""
    with opened(visiteurs, "") as ouvrir_page:
        yield ouvrir_page


@contextmanager
def opened(visiteurs: BrowserContext, script: str) -> Iterator[Callable[[str], Page]]:
    """What opens pages, each with this script, and closes them; a request to any other host fails the test."""
    pages, ailleurs = [], []

    def ouvrir_page(adresse: str) -> Page:
        if not visiteurs.pages and adresse != "about:blank":  # one that stays keeps the process: see OPTIONS
            visiteurs.new_page().goto(f"http://{urlsplit(adresse).netloc}/_stcore/health")
        page = visiteurs.new_page()
        pages.append(page)
        page.add_init_script(script + HORS_CRENEAU)
        page.on(
            "request",
            lambda r: None if r.url.startswith(("http://127.0.0.1", "data:", "blob:")) else ailleurs.append(r.url),
        )
        page.goto(adresse)
        return page

    yield ouvrir_page
    for page in pages:
        page.close()
    visiteurs.set_offline(False)
    visiteurs.clear_cookies()
    assert ailleurs == []
