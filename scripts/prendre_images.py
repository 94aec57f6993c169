"""`python -m scripts.prendre_images`: the pictures of the README and of the guide, taken again from the demonstration.

A store of its own, the real application, a real browser (that of `MEL_CHROMIUM`, else one of the system's).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from lancer import choose_port, find_chromium

RACINE = Path(__file__).resolve().parents[1]
IMAGES = RACINE / "docs" / "images"
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"),  # WebGL, without a card
)
TAILLE: ViewportSize = {"width": 1366, "height": 768}
DELAI_S = 60
ADRESSES = {
    "introduction": "introduction?seance=2017S2&ici=ICI%202",
    "bilan": "bilan?seance=2017S2&ici=ICI%202&objectif=equilibre&coupe=commune",
    "coordination": "coordination?seance=2017S2&ici=ICI%202",
    "orientations": "orientations?seance=2017S2&ici=ICI%202&etape=engagement",
    "salle": "bilan?seance=2017S2&ici=ICI%202&objectif=equilibre&coupe=commune&salle=oui",
    "simuler": "simuler?seance=2017S2&ici=ICI%202&simulation=equilibre&cible_fragile=45%20%25",
}


@contextmanager
def application() -> Iterator[str]:
    """The address of the application over the demonstration, with its fictitious séances."""
    with tempfile.TemporaryDirectory() as donnees:
        demo = [sys.executable, "-m", "mel_core", "--dossier-donnees", donnees, "demo", "--repetition"]
        subprocess.run(demo, cwd=RACINE, check=True, stdout=subprocess.DEVNULL)
        adresse = f"http://127.0.0.1:{(port := choose_port(None))}"
        serveur = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"],
            cwd=RACINE,
            env={**os.environ, "MEL_DONNEES": donnees},
            stdout=subprocess.DEVNULL,
        )
        try:
            fin = time.monotonic() + DELAI_S
            while time.monotonic() < fin:
                try:
                    urllib.request.urlopen(f"{adresse}/_stcore/health", timeout=1).close()  # noqa: S310
                    break
                except OSError:
                    time.sleep(0.2)
            yield adresse
        finally:
            serveur.terminate()
            serveur.wait(10)


def rest(page: Page) -> None:
    """Wait until the server has said everything, then for the pictures, drawn after the words."""
    fin, calmes = time.monotonic() + DELAI_S, 0
    while calmes < 10 and time.monotonic() < fin:
        page.wait_for_timeout(200)
        est_calme = page.get_by_test_id("stApp").get_attribute("data-test-script-state") == "notRunning"
        calmes = calmes + 1 if est_calme else 0


def principal() -> None:
    with application() as adresse, sync_playwright() as p:
        chemin = find_chromium()
        navigateur = p.chromium.launch(executable_path=str(chemin) if chemin else None, args=list(OPTIONS))
        for nom, lien in ADRESSES.items():
            page = navigateur.new_page(viewport=TAILLE, locale="fr-FR")
            page.goto(f"{adresse}/{lien}")
            rest(page)
            page.screenshot(path=str(IMAGES / f"{nom}.png"))
            page.close()
            print(f"docs/images/{nom}.png")
        navigateur.close()


if __name__ == "__main__":
    principal()
