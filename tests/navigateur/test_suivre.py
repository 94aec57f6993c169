"""The standing views in a real browser: one sentence, one picture, the lever, the maps. Their figures are traced in
`tests/ecrans/test_suivre_chiffres`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.mots import d_un_trait
from tests.navigateur.conftest import au_repos
from tests.navigateur.images import IMAGE, Cartes, coupe_par, dessine_en_entier
from tests.navigateur.test_messages import BANDE, is_whole_and_large

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

Ouvrir = Callable[[str], Page]
PERIMETRE = "seance=2017S2&ici=ICI%202"
MESSAGE, REPONSE = ".st-key-message", ".st-key-levier"


def texte(page: Page, ou: str) -> str:
    return d_un_trait(page.locator(ou).inner_text())


def holds_without_scrolling_in_french(page: Page, nom: str) -> None:
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()
    expect(page.locator(".figure .main-svg, .stDeckGlJsonChart canvas").first).to_be_visible()
    au_repos(page)
    dessine_en_entier(page)
    for ou in (MESSAGE, IMAGE):
        boite = page.locator(ou).first.bounding_box()
        assert boite is not None
        assert boite["y"] + boite["height"] <= 768
        assert boite["x"] + boite["width"] <= 1366
        assert coupe_par(page, ou) == ""
    # What is drawn last on the row reaches its end: nothing squeezes the pictures into a corner.
    derniers = {"fragilite": ".indices"}
    bout = page.locator(derniers.get(nom, IMAGE)).last.bounding_box()
    assert bout is not None
    assert bout["x"] + bout["width"] >= 0.95 * 1366
    assert texte(page, MESSAGE).startswith("Territoire Roubaisien" if nom == "bassins" else "Dans l’ICI 2, ")
    assert page.locator(".refus").count() == 0
    assert not re.search(r"\b(nan|None|NaN)\b", page.locator(".stMainBlockContainer").inner_text())


@pytest.mark.long
def test_each_view_is_seen_without_scrolling_in_french_and_what_is_chosen_is_in_its_link(
    demonstration: str, open_drawn: Ouvrir
) -> None:
    page = open_drawn("about:blank")
    cartes = Cartes(page)
    page.goto(f"{demonstration}/accueil?{PERIMETRE}")
    holds_without_scrolling_in_french(page, "accueil")
    page.get_by_role("radio", name="Entretiens").click()
    expect(page.locator(REPONSE)).to_contain_text("Entretiens :")

    page.goto(f"{demonstration}/bassins?{PERIMETRE}&territoire=Roubaisien")
    holds_without_scrolling_in_french(page, "bassins")
    page.get_by_role("radio", name="Habité → souhaité").click()
    expect(page.locator(".sous-titre").last).to_contain_text("Demandes actives")
    expect(page).to_have_url(re.compile("flux=habite_souhaite"))

    page.goto(f"{demonstration}/fragilite?{PERIMETRE}")
    holds_without_scrolling_in_french(page, "fragilite")
    page.get_by_role("radio", name="Typologie de la commune").click()
    expect(page.locator(".lu", has_text="Carte des communes : typologie de la commune")).to_be_attached()
    page.reload()
    expect(page.locator(".lu", has_text="Carte des communes : typologie de la commune")).to_be_attached()
    page.get_by_role("radio", name="Fragilité du quartier").click()
    expect(page.locator(".lu", has_text="Carte des quartiers : fragilité")).to_be_attached()
    au_repos(page)
    assert len(cartes.lieux()) > 100  # those of the quartiers, as published
    plus_petit = min(cartes.lieux(), key=lambda lieu: lieu.aire)
    assert cartes.pointer(*plus_petit.milieu) == plus_petit.dit


def test_a_table_is_taken_away_under_the_name_of_its_seance_and_its_ici_with_whole_counts(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/bassins?{PERIMETRE}")
    au_repos(page)
    with page.expect_download() as attendu:
        page.get_by_role("button", name="Télécharger ce tableau (CSV)").first.click()
    assert attendu.value.suggested_filename == "bassin-de-vie-par-commune-2017S2-ici-2.csv"
    tete, *lignes = attendu.value.path().read_text(encoding="utf-8-sig").splitlines()
    liberes = tete.split(";").index("Libérés par an")
    assert lignes
    assert all(re.fullmatch(r"\d*", x.split(";")[liberes]) for x in lignes)


def test_what_is_followed_is_found_by_its_name_beside_the_sequence_and_left_for_the_message_before(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&salle=oui")
    expect(page.locator(BANDE)).to_contain_text("9h30 Bilan")
    au_repos(page)
    dite = page.locator(MESSAGE).inner_text()
    for lettres, phrase in (
        ("typolog", "de typologie 4"),
        ("tourquen", "Territoire Tourquennois"),
        ("accueil", "lieux"),
    ):
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.type(lettres)
        page.keyboard.press("Enter")
        expect(page.locator(MESSAGE)).to_contain_text(phrase)
        au_repos(page)
        is_whole_and_large(page)
    page.keyboard.press("PageUp")
    expect(page.locator(MESSAGE)).to_have_text(dite)
