"""A page left while its lever is in use: the next one comes and stays, whenever the lever was to ask for something."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import ATTENTE_S
from tests.navigateur.fil import Serveur

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
REPOS_MS = 1500  # twice what a lever waits for, once the hand rests, before it asks for more


def adjust(open: Ouvrir, adresse: str) -> tuple[Page, Serveur]:
    """Préparer › Imports, then the bilan, whose lever was just moved: it will ask for more answers in a moment."""
    page = open("about:blank")
    serveur = Serveur(page)
    page.goto(adresse)  # the ICI that has something to say, kept from one page to the next
    page.get_by_role("radio", name="Viser une autre part").wait_for()
    partir(page)
    expect(page.get_by_role("heading", name="Préparer › Imports")).to_be_visible()
    page.evaluate("window.auxImports = history.length")
    page.get_by_role("link", name="9h30 Bilan").click()
    page.get_by_role("radio", name="Viser une autre part").click()
    bouger(page, "Viser 51")
    return page, serveur


def bouger(page: Page, attendu: str) -> None:
    page.get_by_role("slider", name="Part visée").press("ArrowRight")
    expect(page.locator(".st-key-levier")).to_contain_text(attendu)


def partir(page: Page) -> None:
    page.get_by_role("button", name="Préparer").click()
    page.get_by_role("link", name="Imports").click()


def go_back(page: Page) -> None:
    """By the history: each choice of the bilan is a step of it."""
    page.evaluate("history.go(window.auxImports - history.length)")


def verify(page: Page) -> None:
    """The page that was asked for is there, and still is once a lever would have asked for something."""
    titre = page.get_by_role("heading", name="Préparer › Imports")
    expect(titre).to_be_visible()
    page.wait_for_timeout(REPOS_MS)
    expect(titre).to_be_visible()
    expect(page).to_have_url(re.compile("/imports"))


def come_back(page: Page) -> int:
    """From the imports to the bilan, whose lever is moved at once: its value."""
    page.evaluate("window.auxImports = history.length")
    page.get_by_role("link", name="9h30 Bilan").click()
    valeur = int(page.get_by_role("slider").input_value()) + 1
    bouger(page, f"Viser {valeur}")
    return valeur


def leave_while_the_server_is_slow(
    page: Page, serveur: Serveur, quitter: Callable[[Page], None], touche: str | None
) -> None:
    """Nothing is asked for in the place of the page that is slow to come."""
    serveur.retain()
    quitter(page)
    avant = len(serveur.morceaux())
    if touche:
        page.get_by_role("slider").press(touche)
    page.wait_for_timeout(REPOS_MS)
    serveur.lacher()
    verify(page)
    assert len(serveur.morceaux()) == avant


def asks_again(page: Page, serveur: Serveur) -> None:
    """The lever of the page that came."""
    avant, fin = len(serveur.morceaux()), time.monotonic() + ATTENTE_S
    while len(serveur.morceaux()) == avant:
        assert time.monotonic() < fin, "the lever asks for nothing more"
        page.wait_for_timeout(100)


@pytest.mark.long
def test_a_lever_asks_for_nothing_once_its_page_is_left_and_asks_again_on_the_page_that_comes(
    adresse: str, open: Ouvrir
) -> None:
    page, serveur = adjust(open, adresse)
    partir(page)
    avant = len(serveur.morceaux())
    verify(page)
    assert len(serveur.morceaux()) == avant
    assert come_back(page) == 52
    asks_again(page, serveur)
    leave_while_the_server_is_slow(page, serveur, partir, "ArrowRight")
    come_back(page)
    leave_while_the_server_is_slow(page, serveur, go_back, None)
    # within the page, going back leaves its lever alive
    valeur = come_back(page)
    page.get_by_text("ACI en premier accès").click()
    expect(page.get_by_role("slider", name="Part visée")).to_have_attribute("aria-valuetext", "45\u202f%")
    page.go_back()
    page.wait_for_timeout(REPOS_MS)
    page.get_by_role("slider").press("ArrowRight")
    page.wait_for_url(re.compile(f"cible_(aci=46|equilibre={valeur + 1})"))


@pytest.mark.long
@pytest.mark.parametrize("quitter", [partir, go_back], ids=["lien", "retour"])
@pytest.mark.parametrize("touche", [None, "ArrowRight"], ids=["main_posee", "main_qui_bouge"])
def test_nothing_is_asked_for_in_the_place_of_a_page_that_is_slow_to_come(
    adresse: str, open: Ouvrir, quitter: Callable[[Page], None], touche: str | None
) -> None:
    page, serveur = adjust(open, adresse)
    leave_while_the_server_is_slow(page, serveur, quitter, touche)
