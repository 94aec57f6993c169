"""The steps of the offer at 13h30 in a real browser, on the demonstration: sentence, picture, table, no scroll."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, au_repos, seen_at
from tests.navigateur.images import IMAGE, coupe_par, dessine_en_entier

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
# Address of a step → caption of the table beside its picture.
ETAPES = {
    "preconisations&maille=quartier": "Préconisations par quartier",
    "preconisations&maille=residence": "Préconisations par résidence",
    "mutations&mutations_par=souhaitee": "Mutations bloquées en attente",
    "mutations&mutations_par=residence": "Mutations bloquées en attente",
    "offre": "Offre et demande, par commune",
    "qpv": "Peuplement des QPV",
}


@pytest.fixture(scope="module")
def adresse(demonstration: str) -> str:
    return f"{demonstration}/orientations?seance=2017S2"


@pytest.mark.parametrize("ici", ["ICI%202", "MEL"])
@pytest.mark.long
def test_each_step_has_one_picture_under_its_sentence_and_its_table_without_scrolling(
    adresse: str, open: Ouvrir, ici: str
) -> None:
    page = open("about:blank")
    for etape, legende in ETAPES.items():
        if (ici, etape) == ("MEL", "offre"):
            continue  # read ICI by ICI
        page.goto(f"{adresse}&ici={ici}&vue={etape}")
        expect(page.locator(IMAGE)).to_have_count(1)
        expect(page.locator(IMAGE).locator(".main-svg, canvas").first).to_be_visible()
        expect(page.locator(f'table.lu:has(caption:text-is("{legende}"))')).to_be_attached()
        for largeur, hauteur in (ECRAN, GRAND_ECRAN):
            seen_at(page, (largeur, hauteur))
            for ou in (".st-key-message", IMAGE):
                boite = page.locator(ou).bounding_box()
                assert boite is not None
                assert boite["y"] + boite["height"] <= hauteur, (ici, etape, ou)
                assert coupe_par(page, ou) == "", (ici, etape, ou)
            dessine_en_entier(page)
            # what is drawn stays inside the page
            assert page.evaluate("document.documentElement.scrollWidth") <= largeur
        # and says in words what it shows
        assert " : " in (page.locator("p.lu").first.text_content() or "").replace("\u00a0", " ")
        assert not re.search(r"\b(nan|None|NaN)\b", page.locator(".stMainBlockContainer").inner_text())


def test_the_lever_at_rest_is_written_as_its_sentence_says(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}&ici=ICI%201&segment=attente_24&etape=engagement")
    curseur = page.get_by_role("slider")
    expect(curseur).to_be_visible()
    au_repos(page)
    phrase = page.locator(".st-key-engagement .demande").inner_text()
    trouve = re.search(r"\((\d+,\d\u202f%) du flux attendu\)", phrase)
    assert trouve, phrase
    assert curseur.get_attribute("aria-valuetext") == trouve[1]
    # in the address, the whole point that it has always been
    expect(page).to_have_url(re.compile(r"engagement_attente_24=\d+(&|$)"))
    curseur.focus()
    page.keyboard.press("ArrowRight")
    au_repos(page)
    assert re.fullmatch(r"\d+\u202f%", curseur.get_attribute("aria-valuetext") or "")
