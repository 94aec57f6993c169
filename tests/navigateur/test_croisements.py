"""Clicks that cross: what leaves before the answer to the click before it loses neither."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import au_repos
from tests.navigateur.fil import Serveur

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

Ouvrir = Callable[[str], Page]
MESSAGE, BANDE = ".st-key-message", ".bande_salle"
PAS_MS = 40  # of a hand in a hurry: a page is left before the one that it asked for is drawn
RETARD_MS = 1500  # the server has drawn all that it was asked for, and nothing of it has come yet
DEUX_GESTES = """curseur => {
  curseur.value = Number(curseur.value) - 3;
  for (const geste of ['input', 'change']) curseur.dispatchEvent(new Event(geste, {bubbles: true}));
  document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'PageDown', bubbles: true}));
}"""


def choose(page: Page, liste: str, option: str) -> None:
    page.get_by_label(liste).click()
    page.get_by_role("option", name=option, exact=True).click()


def choose_npru(page: Page) -> None:
    choose(page, "Autres mesures du bilan", "Relogements NPRU")


def go_up(page: Page) -> None:
    page.get_by_role("button", name="‹ ICI 2").click()


@pytest.mark.parametrize(
    ("depart", "geste", "dite", "adresse"),
    [
        pytest.param("objectif=equilibre", choose_npru, "NPRU", "objectif=npru", marks=pytest.mark.long),
        ("objectif=equilibre&lieu=59512", go_up, "ICI", "objectif=equilibre(?!.*lieu=)"),
    ],
    ids=["mesure", "lieu"],
)
def test_a_choice_is_kept_when_another_one_leaves_before_its_answer(
    demonstration: str, open: Ouvrir, depart: str, geste: Callable[[Page], None], dite: str, adresse: str
) -> None:
    page = open("about:blank")
    serveur = Serveur(page)
    page.goto(f"{demonstration}/?seance=2017S2&ici=ICI%202&{depart}")
    expect(page.locator(MESSAGE)).to_be_visible()
    au_repos(page)
    serveur.retain()
    geste(page)
    page.wait_for_timeout(RETARD_MS)
    choose(page, "Séance", "2017S1")  # said by a browser whose screen is still the one before
    page.wait_for_timeout(RETARD_MS)
    serveur.lacher()
    expect(page).to_have_url(re.compile("seance=2017S1"))
    au_repos(page)
    expect(page.locator(MESSAGE)).to_contain_text(dite)
    expect(page).to_have_url(re.compile(adresse))


def test_a_key_of_the_remote_pressed_as_a_lever_is_let_go_leads_to_the_next_message(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI%202&salle=oui&objectif=aci&coupe=levier")
    expect(page.locator(BANDE)).to_contain_text("ensuite")
    au_repos(page)
    avant = page.locator(MESSAGE).inner_text()
    page.get_by_role("slider").evaluate(DEUX_GESTES)
    expect(page.locator(MESSAGE)).not_to_have_text(avant)
    expect(page).to_have_url(re.compile("message=(?!bilan-aci)"))


@pytest.mark.parametrize(
    ("presses", "message"),
    [
        (2, "bilan-equilibre"),
        pytest.param(20, "segment-poulidor", marks=pytest.mark.long),
        pytest.param(12, "bilan-mutations", marks=pytest.mark.long),
    ],
)
def test_keys_of_the_remote_pressed_before_the_page_comes_all_count_and_the_strip_says_what_is_shown(
    demonstration: str, open: Ouvrir, presses: int, message: str
) -> None:
    page = open(f"{demonstration}/introduction?seance=2017S2&ici=ICI%202&salle=oui&message=introduction")
    expect(page.locator(BANDE)).to_contain_text(re.compile(r"1 / \d+"))
    au_repos(page)
    for _ in range(presses):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(60)
    expect(page.locator(BANDE)).to_have_count(1)
    expect(page.locator(BANDE)).to_contain_text(re.compile(rf"{presses + 1} / \d+"))
    expect(page).to_have_url(re.compile(f"message={message}(&|$)"))
    au_repos(page)
    expect(page.locator(BANDE)).to_contain_text(re.compile(rf"{presses + 1} / \d+"))
    expect(page).to_have_url(re.compile("ici=ICI(%20|\\+)2"))


def test_a_lever_is_found_again_where_its_last_step_left_it_though_the_next_message_was_asked_at_once(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI%202&salle=oui&objectif=equilibre&coupe=levier")
    curseur = page.get_by_role("slider")
    expect(page.locator(BANDE)).to_contain_text("ensuite")
    au_repos(page)
    depart = int(curseur.input_value())
    curseur.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(40)
    page.keyboard.press("PageDown")
    expect(page).to_have_url(re.compile("message=bilan-aci(&|$)"))
    au_repos(page)
    page.keyboard.press("PageUp")
    expect(page).to_have_url(re.compile(f"cible_equilibre={depart + 8}"))
    expect(curseur).to_have_value(str(depart + 8))


def test_a_lever_is_found_again_where_it_was_when_one_went_on_and_came_back_before_any_answer(
    demonstration: str, open: Ouvrir
) -> None:
    page = open("about:blank")
    serveur = Serveur(page)
    page.goto(f"{demonstration}/bilan?seance=2017S2&ici=ICI%202&salle=oui&objectif=equilibre&coupe=levier")
    curseur = page.get_by_role("slider")
    expect(page.locator(BANDE)).to_contain_text("ensuite")
    au_repos(page)
    depart = int(curseur.input_value())
    curseur.focus()
    serveur.retain()
    page.keyboard.press("ArrowRight")
    for touche in ("PageDown", "PageUp") * 3:
        page.keyboard.press(touche)
        page.wait_for_timeout(PAS_MS)
    page.wait_for_timeout(RETARD_MS)
    serveur.lacher()
    expect(page).to_have_url(re.compile(f"cible_equilibre={depart + 1}.*message=bilan-equilibre-levier"))
    expect(curseur).to_have_value(str(depart + 1))


def test_a_number_typed_while_a_lever_is_answered_stays(demonstration: str, open: Ouvrir) -> None:
    page = open("about:blank")
    serveur = Serveur(page)
    page.goto(f"{demonstration}/simuler?seance=2017S2&ici=ICI%202&simulation=equilibre")
    saisie = page.locator(".st-key-autres_reglages").get_by_role("spinbutton")
    expect(saisie).to_be_visible()
    au_repos(page)
    serveur.retain()
    page.get_by_role("slider").first.press("ArrowLeft")
    page.wait_for_timeout(RETARD_MS)
    saisie.fill("6000")
    saisie.press("Enter")
    page.wait_for_timeout(RETARD_MS)
    serveur.lacher()
    expect(page).to_have_url(re.compile("attributions_attendues=6000"))
    page.get_by_role("slider").first.press("ArrowLeft")
    au_repos(page)
    expect(saisie).to_have_value(re.compile("6\\D?000"))
    expect(page).to_have_url(re.compile("attributions_attendues=6000"))
