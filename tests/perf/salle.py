"""`python -m tests.perf.salle [--graine N]`: in Salle, from the key of the remote to the sentence of the next message;
then ten questions of mayors drawn at random, from the key that asks to the page of the commune.

The demonstration against a page of one button and one sentence, in the same run: the ratio counts, milliseconds depend
on the machine. First message: from the address to its sentence.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from lancer import find_chromium
from mel_core.cli.commandes import principal as ici
from tests.navigateur.conftest import ECRAN, OPTIONS, application, au_repos
from tests.perf.curseur import say

VIDE = """
import streamlit as st
n = st.session_state.get("n", 0)
st.button("suivant", on_click=lambda: st.session_state.update(n=n + 1))
with st.container(key="message"):
    st.markdown(f"message {n}")
"""
PHRASE = ".st-key-message"
ADRESSE = "introduction?seance=2017S2&ici=ICI%202&salle=oui"
# From a key or a click to another sentence, in the page's own time.
SUIVANT = """([phrase, geste]) => new Promise(dire => {
  const lire = () => document.querySelector(phrase)?.innerText, avant = lire(), depart = performance.now();
  const vu = new MutationObserver(() => {
    const la = lire();
    if (la && la !== avant) { vu.disconnect(); dire(performance.now() - depart); }
  });
  vu.observe(document.body, {subtree: true, childList: true, characterData: true});
  if (geste === 'clic') document.querySelector('.stButton button').click();
  else document.dispatchEvent(new KeyboardEvent('keydown', {key: 'PageDown', bubbles: true}));
})"""


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--graine", type=int, default=random.randrange(2**31), help="des questions des maires")
    options = analyse.parse_args()
    with tempfile.TemporaryDirectory() as dossier, sync_playwright() as p:
        donnees, vide = Path(dossier) / "donnees", Path(dossier) / "vide.py"
        vide.write_text(VIDE, encoding="utf-8")
        ici(["--dossier-donnees", str(donnees), "demo", "--repetition"])
        chemin = find_chromium()
        navigateur = p.chromium.launch(executable_path=str(chemin) if chemin else None, args=list(OPTIONS))
        with application(donnees) as salle, application(donnees, vide) as temoin:
            navigateur.new_page().goto(f"{salle}/{ADRESSE}")  # keeps the process, and what everybody shares is read
            page, rien = (
                navigateur.new_page(viewport=dict(zip(("width", "height"), ECRAN, strict=True))) for _ in "ab"
            )
            premiers = [open_salle(page, salle) for _ in range(5)]
            say("premier message", premiers)
            rien.goto(temoin)
            rien.locator(PHRASE).wait_for()
            durees: dict[str, list[float]] = {"page vide": [], "message": []}
            for tour in range(2):
                page.goto(f"{salle}/{ADRESSE}")
                au_repos(page)
                n = int(page.locator(".bande_salle").inner_text().split(" / ")[1].split()[0])
                for _ in range(n - 1):
                    au_repos(page)
                    duree = page.evaluate(SUIVANT, [PHRASE, "touche"])
                    durees["page vide"].append(rien.evaluate(SUIVANT, [PHRASE, "clic"]))
                    if tour:  # the first time reads what everybody shares
                        durees["message"].append(duree)
            for nom, lues in durees.items():
                say(nom, lues)
            base, message = (statistics.median(durees[nom]) for nom in ("page vide", "message"))
            print(f"message suivant : {message / base:.1f} × la page vide")
            ask(page, salle, options.graine)
        navigateur.close()


def open_salle(page: Page, adresse: str) -> float:
    """Milliseconds to the sentence of the first message."""
    page.goto("about:blank")
    depart = time.perf_counter()
    page.goto(f"{adresse}/{ADRESSE}")
    page.locator(PHRASE).get_by_text("Dans l").first.wait_for()
    return 1000 * (time.perf_counter() - depart)


def ask(page: Page, adresse: str, graine: int) -> None:
    """« Et nous, à Wattrelos ? », from any message: the letters of a commune until it heads the list, then Enter."""
    tirage = random.Random(graine)
    durees, touches = [], []
    for _ in range(10):
        page.goto(f"{adresse}/bilan?seance=2017S2&ici=ICI%20{tirage.randint(1, 3)}&salle=oui")
        page.locator(".bande_salle").get_by_text("9h30").wait_for()  # the keys come with it
        au_repos(page)
        for _ in range(tirage.randint(0, 6)):
            page.keyboard.press("PageDown")
            au_repos(page)
        page.keyboard.press("?")
        page.get_by_role("dialog").wait_for()
        commune = tirage.choice(page.locator(".choix li:has(small:text('Commune')) button").all_inner_texts())
        nom = commune.removeprefix("Commune").strip()
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
        depart, n = time.perf_counter(), 2  # the key that asks, and Enter
        page.keyboard.press("?")
        for lettre in nom:
            page.keyboard.type(lettre)
            n += 1
            if n >= 5 and nom in page.locator(".choix li button").first.inner_text():
                break
        page.keyboard.press("Enter")
        if page.get_by_role("dialog").is_visible():  # of several places, the one that heads the list
            page.keyboard.press("Enter")
            n += 1
        page.locator(".lieu").get_by_text(nom, exact=True).wait_for()
        page.locator("table.fiche").wait_for()
        durees.append(1000 * (time.perf_counter() - depart))
        touches.append(n)
    print(f"graine des questions {graine}, touches {touches}")
    say("la page de la commune", durees)


if __name__ == "__main__":
    principal()
