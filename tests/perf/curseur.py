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
(muets) => {
  window.depart = 0; window.dernier = 0;
  for (const geste of ['keydown', 'click'])
    addEventListener(geste, () => { window.depart = performance.now(); window.dernier = 0 }, true);
  // A grid writes in its canvas, later, what a screen reader is told: nobody sees it.
  const estVu = v => v.target.nodeName !== 'CANVAS' && !(muets.includes(v.attributeName) && v.target.dataset?.testid)
  new MutationObserver(vus => { if (vus.some(estVu)) window.dernier = performance.now() })
    .observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}
"""
# A hand that drags, a value at each image of the screen: when the chart changed.
GLISSER = """
async () => {
  const curseur = document.querySelector('.st-key-levier input[type=range]');
  const changes = [];
  // Its lines alone: to note the thousand attributes that a drawing writes would be part of what is measured.
  const lignes = {subtree: true, attributes: true, attributeFilter: ['d']};
  new MutationObserver(() => changes.push(performance.now())).observe(document.querySelector('.figures'), lignes);
  const image = () => new Promise(requestAnimationFrame);
  const debut = performance.now();
  for (let i = 0; i < 120; i += 1) {
    curseur.value = 30 + (i < 60 ? i : 120 - i);
    curseur.dispatchEvent(new Event('input', {bubbles: true}));
    await image();
  }
  const fin = performance.now();
  const images = changes.filter((t, i) => i === 0 || t - changes[i - 1] > 1);
  const ecarts = images.slice(1).map((t, i) => t - images[i]);
  return {images: images.length / (fin - debut) * 1000, ecarts};
}
"""
PEINTRE = """() => {
  const gl = document.createElement('canvas').getContext('webgl2');
  return gl ? gl.getParameter(gl.getExtension('WEBGL_debug_renderer_info').UNMASKED_RENDERER_WEBGL) : 'rien';
}"""
ANTICIPATION_MS = 20_000  # for the answers of every value to be there
ECHAUFFEMENT_MS = 15_000  # what the server prepares after its first page (pages.adaptateur.demarrage)
REPOS_PAGE_MS = 2000
# What Streamlit marks while a script runs: a page that is there asks for the first answers of its lever.
MARQUES = ["data-stale", "data-test-script-state", "class"]
AGENDA = (
    "9h00 Introduction",
    "9h30 Bilan",
    "10h30 Coordination",
    "9h30 Bilan",
    "13h30 Orientations",
    "Clôture",
    "Simuler",
)
REPOS_MS = 350  # longer than a step of most pages; the plan says what it takes itself (tests.perf.plan)
PAGES = {
    "bilan, équilibre": "?ici=ICI%202&objectif=equilibre&coupe=levier",
    "bilan, ACI": "?ici=ICI%202&objectif=aci&coupe=levier",
    "simuler, équilibre": "simuler?ici=ICI%202&seance=2017S2&simulation=equilibre",
    "simuler, convergence": "simuler?ici=ICI%202&seance=2017S2&simulation=convergence",
}


def pas(page: Page, n: int) -> list[float]:
    """Milliseconds of `n` steps, back and forth around the middle."""
    page.evaluate(MESURE, [])
    page.get_by_role("slider").first.focus()
    durees = []
    for i in range(n):
        page.keyboard.press("ArrowRight" if i % 10 < 5 else "ArrowLeft")
        page.wait_for_timeout(REPOS_MS)
        durees.append(page.evaluate("window.dernier - window.depart"))
    return durees


def tours(page: Page, n: int) -> dict[str, list[float]]:
    """Milliseconds from a click in the agenda to the last change in the page, by page, `n` times around the day."""
    page.evaluate(MESURE, MARQUES)
    durees: dict[str, list[float]] = {}
    for nom in AGENDA * n:
        page.locator(".st-key-agenda a", has_text=nom).first.click()
        page.wait_for_timeout(REPOS_PAGE_MS)
        durees.setdefault(nom, []).append(page.evaluate("window.dernier - window.depart"))
    return durees


def drag(page: Page, adresse: str) -> None:
    """How the screen follows a hand on the lever of the bilan."""
    page.goto(adresse)
    page.get_by_role("slider").first.focus()
    page.wait_for_timeout(ANTICIPATION_MS)
    for _ in range(3):
        mesure = page.evaluate(GLISSER)
        say(f"glisser, {mesure['images']:.0f} images par seconde, écart", mesure["ecarts"])
        page.wait_for_timeout(REPOS_PAGE_MS)


def say(nom: str, durees: list[float]) -> None:
    tri = sorted(durees)
    p95 = tri[int(0.95 * (len(tri) - 1))]
    print(f"{nom:28} p50 {statistics.median(tri):6.0f} ms, p95 {p95:6.0f} ms ({len(tri)} mesures)")


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--pas", type=int, default=40)
    analyse.add_argument("--tours", type=int, default=4, help="fois le tour des pages")
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
            print(f"WebGL dessiné par {page.evaluate(PEINTRE)}")
            print(f"premier chiffre d’un serveur neuf {time.perf_counter() - debut:5.2f} s")
            debut = time.perf_counter()
            page.get_by_text("ACI en premier accès").first.click()
            page.locator(".st-key-message", has_text="ménages ACI").wait_for()
            print(f"d’un objectif à l’autre          {time.perf_counter() - debut:5.2f} s")
            page.wait_for_timeout(ECHAUFFEMENT_MS)
            visites = tours(page, 1 + options.tours)
            page.close()
            for nom, durees in visites.items():
                say(f"de page à page, {nom}", durees[1:])
                print(f"{'':28} première visite {durees[0]:.0f} ms")
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
            for nom in (n for n in PAGES if n.startswith("bilan")):
                print(nom)
                page = navigateur.new_page(viewport={"width": 1366, "height": 768})
                drag(page, f"{bilan}/{PAGES[nom]}")
                page.close()
        for nom, durees in mesures.items():
            say(nom, durees)
        base = statistics.median(mesures["fragment vide"])
        for nom in PAGES:
            print(f"{nom} : {statistics.median(mesures[nom]) / base:.1f} × le fragment vide")
        navigateur.close()


if __name__ == "__main__":
    principal()
