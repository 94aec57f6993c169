"""A real application on a store of its own, driven by a real Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lancer import find_chromium
from mel_core.entrepot import Entrepot
from tests.ecrans.conftest import monde
from tests.jeux import chargement

RACINE = Path(__file__).resolve().parents[2]
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
ATTENTE_S = 60
expect.set_options(timeout=60_000)  # a loaded machine is slow: only what never comes is a failure


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def demarrer(
    donnees: Path, script: Path = RACINE / "app.py", *, port: int = 0, secrets: Path | None = None
) -> tuple[subprocess.Popen[bytes], str]:
    """A server that starts over the store `donnees`, and its address. `secrets`: a file with the login to configure."""
    port = port or port_libre()
    commande = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    serveur = subprocess.Popen(
        [*commande, *(("--secrets.files", str(secrets)) if secrets else ())],
        cwd=RACINE,
        env={**os.environ, "MEL_DONNEES": str(donnees)},
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

    A text can be right before its run has ended, and what is typed into a widget about to be drawn again is lost.
    """
    depuis = time.monotonic()
    fin = depuis + ATTENTE_S
    while time.monotonic() - depuis < 0.3:
        assert time.monotonic() < fin, "the page does not come to rest"
        page.wait_for_timeout(50)
        if page.get_by_test_id("stApp").get_attribute("data-test-script-state") != "notRunning":
            depuis = time.monotonic()


@pytest.fixture(scope="module")
def magasin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store of the small world that the screens are tested on."""
    entrepot = Entrepot(tmp_path_factory.mktemp("donnees"))
    with entrepot.reserve():
        entrepot.publish(chargement(**monde()))
    return entrepot.dossier


@pytest.fixture(scope="module")
def adresse(magasin: Path) -> Iterator[str]:
    """The bilan of ICI 2 in it, served; a module of another page serves its own."""
    with application(magasin) as url:
        yield f"{url}/?ici=ICI%202"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as p:
        chemin = find_chromium()
        navigateur = p.chromium.launch(executable_path=str(chemin) if chemin else None, args=list(OPTIONS))
        yield navigateur
        navigateur.close()


@pytest.fixture
def open(chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Open an address as a new visitor, at the projector's size; a request to any other host fails the test."""
    contextes, ailleurs = [], []

    def ouvrir_page(adresse: str) -> Page:
        contexte = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
        contextes.append(contexte)
        page = contexte.new_page()
        page.set_default_timeout(ATTENTE_S * 1000)
        page.on(
            "request",
            lambda r: None if r.url.startswith(("http://127.0.0.1", "data:", "blob:")) else ailleurs.append(r.url),
        )
        page.goto(adresse)
        return page

    yield ouvrir_page
    for contexte in contextes:
        contexte.close()
    assert ailleurs == []
