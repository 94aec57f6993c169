"""Simuler in a real browser: levers by keyboard, a link, the key that comes back, a scenario kept, the maps. What every
lever of every simulation answers is traced in `tests/ecrans/test_simuler`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.ecrans.scenario_attendu import Ecran, ask, lisse, verify
from tests.navigateur.conftest import ATTENTE_S, au_repos
from tests.navigateur.images import CARTE, Cartes, coupe_par

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
PHRASE, CHIFFRES = ".reponse .demande", ".chiffres tbody tr"


@pytest.fixture(scope="module")
def adresse(demonstration: str) -> str:
    return demonstration


def chiffres(page: Page) -> list[list[str]]:
    """The two columns of figures, line by line."""
    return [[lisse(t) for t in ligne.locator("td").all_inner_texts()] for ligne in page.locator(CHIFFRES).all()]


def read(page: Page) -> Ecran:
    def image(titre: str) -> str:
        return page.locator("p.lu", has_text=f"{titre} : ").inner_text().removeprefix(f"{titre} : ")

    tetes = page.locator(".chiffres").first.locator("thead th").all_inner_texts()
    etat = page.locator(".etat strong").first.inner_text()
    return Ecran(
        page.locator(PHRASE).inner_text(), chiffres(page), [t.lstrip("■◎△ ") for t in tetes], etat.lstrip("■◎△ "), image
    )


def unfold(page: Page) -> None:
    """The map, which is folded under the answer."""
    page.locator(".st-key-deplie_carte summary").click()
    expect(page.locator(CARTE)).to_be_visible()


def calme(page: Page) -> None:
    """Until nothing runs and nothing has moved for a second: neither the address, nor a figure, nor a picture."""
    vu, depuis = "", time.monotonic()
    fin = depuis + ATTENTE_S
    while time.monotonic() - depuis < 1:
        assert time.monotonic() < fin, "the page does not come to rest"
        page.wait_for_timeout(100)
        court = page.locator('[data-testid="stApp"][data-test-script-state="running"]').count()
        lu = f"{page.url} {page.locator('[data-testid=stMain]').inner_text()}"
        if court or lu != vu:
            vu, depuis = lu, time.monotonic()


@pytest.mark.ci
def test_levers_by_keyboard_answer_as_the_command_does_a_link_opens_the_same_and_one_key_comes_back(
    adresse: str, donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    page = open(f"{adresse}/simuler?simulation=equilibre&ici=ICI 2&seance=2017S2")
    expect(page.locator(CHIFFRES).first).to_be_visible()
    depart = page.locator(PHRASE).inner_text()
    fragile = page.get_by_role("slider", name="Part de ménages modestes, quartiers fragiles")
    for _ in range(5):
        fragile.press("ArrowLeft")
    page.wait_for_function("() => decodeURIComponent(window.location.href).includes('cible_fragile=9/20')")  # 45 %
    assert page.locator("main").evaluate("e => e.scrollWidth <= e.clientWidth")  # nothing is pushed out of the page
    saisie = page.locator(".st-key-autres_reglages").get_by_role("spinbutton")
    au_repos(page)
    saisie.fill("6000")
    saisie.press("Enter")
    page.wait_for_url(re.compile("attributions_attendues=6000"))
    calme(page)
    unfold(page)
    calme(page)
    reponse = ask(donnees, tmp_path, dict(parse_qsl(urlsplit(page.url).query)))
    assert reponse["scenario"]["leviers"] == {"attributions_attendues": "6000", "cible_fragile": "9/20"}
    verify(read(page), reponse)
    # the link, in another session
    autre = open(page.url)
    expect(autre.locator(PHRASE)).to_have_text(page.locator(PHRASE).inner_text())
    expect(autre.locator(CHIFFRES).first).to_be_visible()
    calme(autre)
    assert chiffres(autre) == chiffres(page)
    # the key
    autre.get_by_role("slider").first.focus()
    autre.keyboard.press("0")
    expect(autre.locator(PHRASE)).to_have_text(depart)
    expect(autre.locator(".etat.hypothese")).to_have_count(0)


@pytest.mark.long
def test_a_scenario_is_kept_once_found_again_after_a_reload_and_compared(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/simuler?simulation=aci&ici=ICI 2&seance=2017S2&cible=1/2")
    expect(page.locator(CHIFFRES).first).to_be_visible()
    page.get_by_role("button", name="Garder ce scénario").click()
    au_repos(page)
    page.get_by_label("Votre nom").fill("Camille Exemple")
    page.get_by_label("Votre nom").press("Enter")
    au_repos(page)
    page.get_by_label("Nom du scénario").fill("Un sur deux")
    page.get_by_label("Nom du scénario").press("Enter")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.get_by_text("Scénario « Un sur deux » gardé au journal.")).to_be_visible()
    relue = open(f"{adresse}/simuler?simulation=aci&ici=ICI 2&seance=2017S2")
    relue.get_by_text("Comparer avec un scénario gardé").click()
    expect(relue.locator("table.lu", has_text="Scénarios côte à côte")).to_contain_text("Un sur deux")
    relue.get_by_role("button", name="Reprendre « Un sur deux »").click()
    expect(relue.locator(PHRASE)).to_contain_text("Viser 50")


@pytest.mark.long
def test_no_name_of_a_map_is_written_over_another_nor_over_its_legend(adresse: str, open: Ouvrir) -> None:
    page = open("about:blank")
    cartes = Cartes(page)
    for ici in ("ICI%201", "ICI%202", "ICI%203", "MEL"):
        page.goto(f"{adresse}/simuler?seance=2017S2&ici={ici}")
        au_repos(page)
        unfold(page)
        expect(page.locator(".cartouche")).to_contain_text("en plus")
        expect(page.locator(f"{CARTE} canvas")).to_be_visible()
        au_repos(page)
        noms = cartes.noms()
        assert {"Lille", "Roubaix", "Armentières"} & {nom.dit.split("\n")[0] for nom in noms}
        assert [f"{a.dit} × {b.dit}" for a, b in combinations(noms, 2) if a.touche(b)] == [], ici
        assert [nom.dit for nom in noms if not nom.est_dans(page.locator(f"{CARTE} canvas"))] == [], ici
        page.locator(".cartouche").scroll_into_view_if_needed()
        assert coupe_par(page, ".cartouche") == ""
        carte, legende = (page.locator(ou).bounding_box() for ou in (f"{CARTE} canvas", ".cartouche"))
        assert carte is not None
        assert legende is not None
        assert carte["x"] + carte["width"] <= legende["x"]
