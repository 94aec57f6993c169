"""Going down from the bilan in a real browser: by a click, by keys, by a link, and back; the same click twice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, au_repos, seen_at
from tests.navigateur.images import BULLE, CARTE, Cartes, Lieu, coupe_par, dessine_en_entier
from tests.navigateur.test_bilan import bas

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
PERIMETRE = "seance=2017S2&ici=ICI%202"
LIEU, MESSAGE = "h2.lieu", ".st-key-message"


def click(cartes: Cartes, lieu: Lieu) -> None:
    expect(cartes.page.locator(f"{CARTE} canvas").first).to_be_visible()
    au_repos(cartes.page)
    assert cartes.pointer(*lieu.milieu) == lieu.dit  # the map is there, and answers
    cartes.page.mouse.click(*cartes.pixel(*lieu.milieu))


def named(cartes: Cartes, nom: str) -> Lieu:
    (lieu,) = (x for x in cartes.lieux() if re.match(rf"{nom}\s: ", x.dit))
    return lieu


def nom_de(dit: str) -> str:
    """The name that what is said under the pointer begins with."""
    return re.split(r"(?: \(.+?\))?\s: ", dit)[0]


def is_at(page: Page, nom: str, code: str, n_lectures: int) -> None:
    """The screen of a place, and the same once the page is read again."""
    for lecture in range(n_lectures):
        if lecture:
            page.reload()
        expect(page.locator(LIEU)).to_have_text(nom)
        expect(page.locator(MESSAGE)).to_contain_text(nom)
        expect(page).to_have_url(re.compile(f"lieu={code}(&|$)"))
        au_repos(page)
        assert page.locator(".refus, .incident").count() == 0


@pytest.mark.long
def test_a_commune_then_a_quartier_open_by_a_click_again_after_the_way_back_and_stay_after_a_reload(
    demonstration: str, open: Ouvrir
) -> None:
    page = open("about:blank")
    cartes = Cartes(page)
    page.goto(f"{demonstration}/?{PERIMETRE}&cible_equilibre=45")
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 45")
    au_repos(page)
    dite = page.locator(".st-key-levier").inner_text()
    for n_lectures in (2, 1):
        commune = named(cartes, "Tourcoing")
        click(cartes, commune)
        is_at(page, "Tourcoing", commune.code, n_lectures)
        quartier = max(cartes.lieux(), key=lambda x: x.aire)
        for n in range(n_lectures):
            click(cartes, quartier)
            is_at(page, nom_de(quartier.dit), quartier.code, 2 - n)
            page.get_by_role("button", name="‹ Tourcoing").click()
            expect(page.locator(LIEU)).to_have_text("Tourcoing")
            au_repos(page)
        page.get_by_role("button", name="‹ ICI 2").click()
        expect(page.locator(LIEU)).to_have_count(0)
        expect(page.locator(".st-key-levier")).to_contain_text("Viser 45")
        au_repos(page)
        assert page.locator(".st-key-levier").inner_text() == dite
        expect(page).not_to_have_url(re.compile("lieu="))


@pytest.mark.long
def test_a_mark_of_the_chart_opens_its_quartier_and_opens_it_again(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/?{PERIMETRE}&lieu=59599")
    for _ in range(2):
        expect(page.locator(LIEU)).to_have_text("Tourcoing")
        au_repos(page)
        expect(page.locator(".st-key-image_longue .barlayer .point path").first).to_be_attached()
        marques = [m.bounding_box() for m in page.locator(".st-key-image_longue .barlayer .point path").all()]
        marque = next(m for m in marques if m and m["width"] > 20)
        page.mouse.move(marque["x"] + marque["width"] / 2, marque["y"] + marque["height"] / 2)
        dite = page.locator(".hoverlayer .hovertext")
        expect(dite).to_have_count(1)
        quartier = nom_de(dite.text_content() or "")
        page.mouse.click(marque["x"] + marque["width"] / 2, marque["y"] + marque["height"] / 2)
        expect(page.locator(LIEU)).to_have_text(quartier)
        page.get_by_role("button", name="‹ Tourcoing").click()


def test_keys_alone_go_down_and_back(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/?{PERIMETRE}")
    au_repos(page)
    page.locator(".st-key-commune_descente input").focus()
    page.keyboard.type("Hem")
    page.keyboard.press("Enter")
    expect(page.locator(LIEU)).to_have_text("Hem")
    au_repos(page)
    page.locator(".st-key-quartier_descente input").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(LIEU)).not_to_have_text("Hem")
    au_repos(page)
    for nom in ("‹ Hem", "‹ ICI 2"):
        page.get_by_role("button", name=nom).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=nom)).to_have_count(0)
        au_repos(page)
    expect(page.get_by_role("slider")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("lieu", ["lieu=59599", "lieu=59599&objectif=aci"])
def test_the_screen_of_a_place_holds_without_scrolling_and_whole(demonstration: str, open: Ouvrir, lieu: str) -> None:
    page = open(f"{demonstration}/?{PERIMETRE}&{lieu}")
    expect(page.locator(".figure .main-svg").first).to_be_visible()
    au_repos(page)
    for taille in (ECRAN, GRAND_ECRAN):
        seen_at(page, taille)
        dessine_en_entier(page)
        assert bas(page, ".figure") <= taille[1]
        assert page.evaluate("document.documentElement.scrollWidth") <= taille[0]
        if "aci" not in lieu:
            assert coupe_par(page, f"{CARTE} canvas") == ""
            boite = page.locator(f"{CARTE} canvas").bounding_box()
            assert boite is not None
            page.mouse.move(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2)
            expect(page.locator(BULLE).first).to_be_visible()
            assert coupe_par(page, BULLE) == ""
    assert not re.search(r"\b(nan|None|NaN)\b", page.locator(".stMainBlockContainer").inner_text())
