"""The lever of the bilan under a hand: the screen follows it without the server, which then says the very same."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.navigateur.conftest import ATTENTE_S

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
DIZAINES = 11  # 0 to 9, 10 to 19… 100
COURT = '[data-testid="stApp"][data-test-script-state="running"]'
# What was drawn with the next image of the screen: what a hand sees of its gesture.
IMAGE = "new Promise((vue) => requestAnimationFrame(() => setTimeout(() => setTimeout(vue))))"
ESSAYER = f"""(curseur, [valeur, gestes]) => {{
  curseur.value = valeur;
  for (const geste of gestes) curseur.dispatchEvent(new Event(geste, {{bubbles: true}}));
  return {IMAGE};
}}"""

# The questions that a lever waits for the answer of: the lever is kept by the place where it stands.
ATTENDUES = """curseur => {
  let place = curseur;
  while (!place.levier) place = place.parentNode;
  return place.levier.question - place.levier.message.question;
}"""
# Whether what a value answers is in the page; the last answer, come once more, too late.
CONNUE = """(curseur, valeur) => {
  let place = curseur;
  while (!place.levier) place = place.parentNode;
  return place.levier.sues().etapes.has(valeur);
}"""
TARDIVE = """curseur => {
  let place = curseur;
  while (!place.levier) place = place.parentNode;
  place.levier.recevoir(place.levier.message, place.levier.envoyer);
}"""
# From now on, how often its words or its charts change.
REDESSINS = """() => {
  window.redessins = 0;
  const vus = new MutationObserver((changes) => { window.redessins += changes.length; });
  for (const ou of ['.st-key-levier .reponse', '.st-key-levier .figures'])
    vus.observe(document.querySelector(ou), {subtree: true, childList: true, characterData: true, attributes: true});
}"""
# What a lever draws and writes by itself.
VU = """levier => ['.commande', '.figures'].map((choix) => levier.querySelector(choix).outerHTML).join()"""

# How wide what each chart draws is, beside what is written in its margins.
ETENDUES = "levier => [...levier.querySelectorAll('.figures .plotclip rect')].map(r => r.width.baseVal.value)"


class Echanges:
    """How many questions the page asked, and whether the answers of every value are there."""

    def __init__(self, page: Page) -> None:
        self.questions, self.dizaines = 0, 0
        page.on("websocket", self._follow)

    def _follow(self, prise: WebSocket) -> None:
        prise.on("framesent", lambda _: setattr(self, "questions", self.questions + 1))
        prise.on("framereceived", self._read)

    def _read(self, trame: str | bytes) -> None:
        self.dizaines += isinstance(trame, bytes) and b'"lues":{"pour":' in trame


def prepare(open: Ouvrir, adresse: str) -> tuple[Page, Echanges]:
    """The page at rest, its lever under the hand, the answers of every value received."""
    page = open("about:blank")
    echanges = Echanges(page)
    page.goto(adresse)
    expect(page.locator(".st-key-levier .bar, .st-key-levier .point").first).to_be_attached()
    page.get_by_role("slider").focus()
    fin = time.monotonic() + ATTENTE_S
    while echanges.dizaines < DIZAINES:
        assert time.monotonic() < fin, "the answers do not come"
        page.wait_for_timeout(50)
    reposer(page)
    return page, echanges


def reposer(page: Page) -> None:
    """Nothing runs, and nothing ran for half a second."""
    for _ in range(2):
        expect(page.locator(COURT)).to_have_count(0)
        page.wait_for_timeout(500)


def vu(page: Page) -> str:
    """Everything that the lever and its charts draw and write."""
    return str(page.locator(".st-key-levier").evaluate(VU))


@pytest.mark.long
@pytest.mark.parametrize(
    ("objectif", "fois"),
    [("equilibre", 3), *(pytest.param(o, 12, marks=pytest.mark.long) for o in ("equilibre", "aci"))],
)
def test_a_lever_follows_the_hand_without_the_server_which_then_says_the_very_same_and_once(
    adresse: str, open: Ouvrir, objectif: str, fois: int
) -> None:
    page, echanges = prepare(open, f"{adresse}&objectif={objectif}&coupe=levier")
    says_what_the_server_says(page, echanges, objectif)
    valeur = drag(page, echanges, objectif)
    come_and_go(page, echanges, objectif, valeur, fois)


def says_what_the_server_says(page: Page, echanges: Echanges, objectif: str) -> None:
    curseur, vues = page.get_by_role("slider"), set()
    for valeur in (0, 37, 63, 100):
        avant = echanges.questions
        curseur.evaluate(ESSAYER, [valeur, ["input"]])
        sous_la_main = vu(page)
        assert echanges.questions == avant
        page.evaluate(REDESSINS)
        curseur.evaluate(ESSAYER, [valeur, ["change"]])
        page.wait_for_url(re.compile(f"cible_{objectif}={valeur}(&|$)"))
        reposer(page)
        assert vu(page) == sous_la_main
        assert page.evaluate("window.redessins") == 0  # said again by the server, drawn once
        vues.add(sous_la_main)
    assert len(vues) == 4


def drag(page: Page, echanges: Echanges, objectif: str) -> int:
    """A pointer sees every value pass, and leaves the last one in the address: that one."""
    cadre = page.get_by_role("slider").bounding_box()
    assert cadre is not None
    y = cadre["y"] + cadre["height"] / 2
    page.mouse.move(cadre["x"] + cadre["width"] / 2, y)
    page.mouse.down()
    avant, vues = echanges.questions, []
    for pas in range(30):
        page.mouse.move(cadre["x"] + cadre["width"] * (0.5 + pas / 100), y)
        page.evaluate(IMAGE)
        vues.append(page.locator(".st-key-levier .figure").first.text_content())
    assert echanges.questions == avant
    assert len(set(vues)) >= 25  # the picture, not only the lever
    page.mouse.up()
    valeur = int(page.get_by_role("slider").input_value())
    assert valeur >= 75
    page.wait_for_url(re.compile(f"cible_{objectif}={valeur}"))
    expect(page.locator(".st-key-levier")).to_contain_text(f"Viser {valeur}")
    reposer(page)
    return valeur


def come_and_go(page: Page, echanges: Echanges, objectif: str, valeur: int, fois: int) -> None:
    """Away and back before the server has spoken: what it then says is on the page already, and is said once."""
    curseur, avant = page.get_by_role("slider"), echanges.questions
    for _ in range(fois):
        avant = echanges.questions
        for dite in (valeur + 1, valeur):
            curseur.evaluate(ESSAYER, [dite, ["input", "change"]])
        reposer(page)
        assert echanges.questions == avant + 2
        assert curseur.evaluate(ATTENDUES) == 0
    page.wait_for_timeout(2000)
    assert echanges.questions == avant + 2
    page.wait_for_url(re.compile(f"cible_{objectif}={valeur}"))


@pytest.mark.ci
def test_keys_pressed_faster_than_the_server_answers_all_count_and_the_picture_has_a_name(
    adresse: str, open: Ouvrir
) -> None:
    page = open(f"{adresse}&objectif=equilibre&coupe=levier")
    curseur = page.get_by_role("slider", name="Part visée")
    curseur.focus()
    for touche in (*["ArrowRight"] * 23, "End", *["ArrowLeft"] * 12, "Home", *["ArrowRight"] * 31):
        page.keyboard.press(touche)
    expect(curseur).to_have_attribute("aria-valuetext", "31\u202f%")
    page.wait_for_url(re.compile("cible_equilibre=31"))
    reposer(page)
    expect(curseur).to_have_value("31")
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 31")
    page.get_by_role("button", name="Revenir à l’objectif voté").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 50")
    expect(curseur).to_be_focused()
    # A lever that is held goes on: an answer that comes meanwhile does not take it back, where it is left is asked.
    fin = time.monotonic() + ATTENTE_S
    while not curseur.evaluate(CONNUE, 64):
        assert time.monotonic() < fin, "the answers do not come"
        page.wait_for_timeout(50)
    reposer(page)
    curseur.evaluate(ESSAYER, [64, ["input"]])
    curseur.evaluate(TARDIVE)
    expect(curseur).to_have_value("64")
    curseur.evaluate(ESSAYER, [64, ["pointerup"]])
    page.wait_for_url(re.compile("cible_equilibre=64"))
    is_named(page, "img", "Part de ménages modestes par type de quartiers")
    page.get_by_role("radio", name="Carte", exact=True).click()
    is_named(page, "figure", "Carte des communes selon leur écart à l’objectif")


def is_named(page: Page, role: Literal["img", "figure"], nom: str) -> None:
    """The picture, and what is read of it instead."""
    expect(page.get_by_role(role, name=nom)).to_be_visible()
    expect(page.locator("p.lu", has_text=f"{nom} : ")).to_have_count(1)


def test_a_lever_is_moved_by_its_keys_by_tens_to_its_ends_and_back_and_not_by_those_of_the_page(
    adresse: str, open: Ouvrir
) -> None:
    page = open(f"{adresse}&objectif=equilibre&coupe=levier&cible_equilibre=40")  # the link
    curseur = page.get_by_role("slider", name="Part visée")
    expect(curseur).to_have_value("40")
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 40")
    reposer(page)
    curseur.focus()
    etendues = []
    for touche, attendue in (
        ("ArrowRight", 41),
        ("ArrowUp", 42),
        ("ArrowLeft", 41),
        ("ArrowDown", 40),
        ("Shift+ArrowRight", 50),
        ("Shift+ArrowUp", 60),
        ("Shift+ArrowLeft", 50),
        ("Shift+ArrowDown", 40),
        ("PageUp", 40),
        ("PageDown", 40),
        ("End", 100),
        ("Shift+ArrowRight", 100),
        ("PageUp", 100),
        ("Home", 0),
        ("Shift+ArrowLeft", 0),
        ("PageDown", 0),
        ("0", 50),
    ):
        page.keyboard.press(touche)
        expect(curseur).to_have_value(str(attendue))
        expect(curseur).to_have_attribute("aria-valuetext", f"{attendue}\u202f%")
        page.wait_for_url(re.compile(f"cible_equilibre={attendue}(&|$)"))
        expect(page.locator(".st-key-levier .reponse")).to_contain_text(f"Viser {attendue}")
        expect(curseur).to_be_focused()
        etendues.append(page.locator(".st-key-levier").evaluate(ETENDUES))
    expect(page.get_by_role("button", name="Revenir à l’objectif voté")).to_be_hidden()
    assert etendues[0]
    # A margin widens for what is written in it, and stays: marks do not come and go under the hand.
    assert etendues == sorted(etendues, reverse=True)


AILLEURS = {
    "bilan?objectif=aci&coupe=levier": "cible_aci",
    "simuler?simulation=equilibre": "cible_fragile",
    "simuler?simulation=aci": "cible",
    "simuler?simulation=engagement": "part",
    "simuler?simulation=programmation": "part_plai",
    "orientations?vue=segments&segment=attente_24&etape=engagement": "engagement_attente_24",
    "programmation?": "part_plai",
}


@pytest.mark.long
@pytest.mark.parametrize("chemin", AILLEURS)
def test_each_screen_s_lever_goes_by_pointer_by_keys_and_by_link(demonstration: str, open: Ouvrir, chemin: str) -> None:
    page = open(f"{demonstration}/{chemin}&seance=2017S2&ici=ICI 2")
    curseur = (
        page.locator(".st-key-levier, .st-key-engagement, .st-key-scenario, body").first.get_by_role("slider").first
    )
    reponse = page.locator(".reponse").first
    expect(reponse).not_to_be_empty()
    reposer(page)
    curseur.scroll_into_view_if_needed()
    curseur.focus()
    reposer(page)
    depart, cadre = curseur.input_value(), curseur.bounding_box()
    assert cadre is not None
    y, vues = cadre["y"] + cadre["height"] / 2, set()
    page.mouse.move(cadre["x"] + cadre["width"] * 0.3, y)
    page.mouse.down()
    for pas in range(12):
        page.mouse.move(cadre["x"] + cadre["width"] * (0.3 + pas / 20), y)
        page.evaluate(IMAGE)
        vues.add(curseur.input_value())
    page.mouse.up()
    assert len(vues) >= 6, "the hand is not followed"
    reposer(page)
    laissee, dite = curseur.input_value(), reponse.text_content() or ""
    assert laissee != depart
    assert f"{AILLEURS[chemin]}=" in page.url, page.url
    autre = open(page.url)  # the link
    expect(autre.locator(".reponse").first).to_have_text(dite)
    expect(autre.get_by_role("slider").first).to_have_value(laissee)
    curseur.focus()
    minimum, maximum = curseur.get_attribute("min"), curseur.get_attribute("max")
    for touche, attendue in (("Home", minimum), ("ArrowRight", str(int(minimum or 0) + 1)), ("End", maximum)):
        page.keyboard.press(touche)
        expect(curseur).to_have_value(attendue or "")
    page.keyboard.press("0")
    expect(curseur).to_have_value(depart)
    expect(curseur).to_be_focused()
