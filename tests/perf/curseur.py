"""`python -m tests.perf.curseur`: from a key pressed on the slider to the last change in the page.

The bilan on the demonstration data against a page that holds one slider and one number, in turn, in the same run: the
ratio counts, milliseconds depend on the machine. Also: opening the application to its first figure, and page to page.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from lancer import find_chromium
from mel_core.cli.commandes import principal as ici
from tests.navigateur.conftest import OPTIONS, application

VIDE = """
import streamlit as st
@st.fragment
def fragment():
    st.metric("valeur", st.slider("curseur", 0, 100, 50))
fragment()
"""
MESURE = """
() => {
  window.depart = 0; window.dernier = 0;
  addEventListener('keydown', () => { window.depart = performance.now(); window.dernier = 0 }, true);
  new MutationObserver(() => { window.dernier = performance.now() })
    .observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}
"""
REPOS_MS = 350  # longer than a step of most pages; the plan says what it takes itself (tests.perf.plan)
PAGES = {
    "bilan, équilibre": "?ici=ICI%202&objectif=equilibre",
    "bilan, ACI": "?ici=ICI%202&objectif=aci",
    "simuler, équilibre": "simuler?ici=ICI%202&seance=2017S2&simulation=equilibre",
    "simuler, convergence": "simuler?ici=ICI%202&seance=2017S2&simulation=convergence",
}


def pas(page: Page, n: int) -> list[float]:
    """Milliseconds of `n` steps, back and forth around the middle."""
    page.evaluate(MESURE)
    page.get_by_role("slider").first.focus()
    durees = []
    for i in range(n):
        page.keyboard.press("ArrowRight" if i % 10 < 5 else "ArrowLeft")
        page.wait_for_timeout(REPOS_MS)
        durees.append(page.evaluate("window.dernier - window.depart"))
    return durees


def dire(nom: str, durees: list[float]) -> None:
    tri = sorted(durees)
    p95 = tri[int(0.95 * (len(tri) - 1))]
    print(f"{nom:28} p50 {statistics.median(tri):6.0f} ms, p95 {p95:6.0f} ms ({len(tri)} mesures)")


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--pas", type=int, default=40)
    options = analyse.parse_args()
    with tempfile.TemporaryDirectory() as dossier, sync_playwright() as p:
        donnees, vide = Path(dossier) / "donnees", Path(dossier) / "vide.py"
        vide.write_text(VIDE, encoding="utf-8")
        ici(["--dossier-donnees", str(donnees), "demo"])
        chemin = find_chromium()
        navigateur = p.chromium.launch(executable_path=str(chemin) if chemin else None, args=list(OPTIONS))
        mesures: dict[str, list[float]] = {nom: [] for nom in ("fragment vide", *PAGES)}
        with application(donnees) as bilan, application(donnees, vide) as temoin:
            debut = time.perf_counter()
            page = navigateur.new_page(viewport={"width": 1366, "height": 768})
            page.goto(bilan)
            page.locator(".st-key-message").wait_for()
            print(f"premier chiffre d’un serveur neuf {time.perf_counter() - debut:5.2f} s")
            debut = time.perf_counter()
            page.get_by_text("ACI en premier accès").first.click()
            page.locator(".st-key-message", has_text="ménages ACI").wait_for()
            print(f"d’un objectif à l’autre          {time.perf_counter() - debut:5.2f} s")
            for _ in range(2):
                for nom, adresse in (
                    ("fragment vide", temoin),
                    *((nom, f"{bilan}/{chemin}") for nom, chemin in PAGES.items()),
                ):
                    page = navigateur.new_page(viewport={"width": 1366, "height": 768})
                    page.goto(adresse)
                    page.get_by_role("slider").first.wait_for()
                    page.wait_for_timeout(3000)
                    mesures[nom] += pas(page, options.pas // 2)
                    page.close()
        for nom, durees in mesures.items():
            dire(nom, durees)
        base = statistics.median(mesures["fragment vide"])
        for nom in PAGES:
            print(f"{nom} : {statistics.median(mesures[nom]) / base:.1f} × le fragment vide")
        navigateur.close()


if __name__ == "__main__":
    principal()
