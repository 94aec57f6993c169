"""A measure of the bilan in a real browser: chosen, cut, linked, drawn. Its figures are traced in
`tests/ecrans/test_un_nombre`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, seen_at
from tests.navigateur.images import dessine_en_entier

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

RESIDENCES = 'table.lu:has(caption:text-is("Relogements NPRU, par résidence"))'


def test_a_measure_is_chosen_from_the_list_kept_in_the_address_drawn_and_left_by_an_objective(
    demonstration: str, open: Callable[[str], Page]
) -> None:
    page = open(f"{demonstration}/?seance=2017S2&ici=ICI%202")
    expect(page.locator(".st-key-mesure_vue .figure")).to_be_visible()
    page.get_by_label("Autres mesures du bilan").click()
    page.get_by_role("option", name="Relogements NPRU").click()
    expect(page.locator(".st-key-message")).to_contain_text("NPRU")
    # an axis of households is marked at whole ones: three at most in a quartier
    page.get_by_role("radio", name="Quartier", exact=True).click()
    expect(page.locator(".st-key-mesure_vue .figure .xtick text", has_text=re.compile("^1$")).first).to_be_attached()
    marques = page.locator(".st-key-mesure_vue .figure text").all_text_contents()
    assert [m for m in marques if re.fullmatch(r"\d+,\d+", m)] == []
    page.get_by_role("radio", name="Bailleur × commune").click()
    expect(page.get_by_role("img", name="Relogements NPRU, par commune et bailleur")).to_be_visible()
    page.get_by_text("Le tableau", exact=True).click()
    expect(page.get_by_role("button", name="Télécharger ce tableau (CSV)")).to_be_visible()
    page.get_by_role("radio", name="Résidence").click()
    expect(page.locator(RESIDENCES)).to_be_attached()
    # in the address
    expect(page).to_have_url(re.compile("objectif=npru"))
    expect(page).to_have_url(re.compile("coupe=residence"))
    autre = open(page.url)
    autre.get_by_text("Le tableau", exact=True).click()
    expect(autre.locator(RESIDENCES)).to_be_attached()
    # an objective again
    page.get_by_role("radio", name="ACI en premier accès").click()
    expect(page.locator(".st-key-message")).to_contain_text("ménages ACI")
    expect(page).to_have_url(re.compile("objectif=aci(&|$)"))


def test_a_room_reads_whole_the_one_picture_of_the_reservataires(
    demonstration: str, open: Callable[[str], Page]
) -> None:
    page = open(f"{demonstration}/bilan?objectif=reservataires&seance=2017S2&ici=ICI%202&salle=oui")
    for taille in (ECRAN, GRAND_ECRAN):
        expect(page.locator(".st-key-mesure_vue .figure")).to_have_count(1)
        seen_at(page, taille)
        dessine_en_entier(page)


def test_the_sentence_and_the_picture_hold_on_the_screen_without_scrolling(
    demonstration: str, open: Callable[[str], Page]
) -> None:
    page = open(f"{demonstration}/?seance=2017S2&ici=ICI%202&objectif=aci_lieux&coupe=quartier")
    dessin = page.locator(".st-key-mesure_vue .figure")
    for taille in (ECRAN, GRAND_ECRAN):
        expect(dessin).to_be_visible()
        seen_at(page, taille)
        dessine_en_entier(page)
        boite = dessin.bounding_box()
        assert boite is not None
        assert boite["y"] + boite["height"] <= taille[1]
        assert page.evaluate("document.documentElement.scrollWidth") <= taille[0]


def test_the_latest_data_are_shown_though_the_former_come_last(demonstration: str, open: Callable[[str], Page]) -> None:
    page = open(f"{demonstration}/?seance=2017S2&ici=ICI%202")
    dits = page.evaluate(
        """async () => {
            const { montrer } = await import(new URL("app/static/adaptateur/dom.js", document.baseURI));
            const lieu = document.body.appendChild(document.createElement("p"));
            const dire = (texte) => (lieu.textContent = texte);
            const attendre = () => new Promise((suite) => setTimeout(suite, 20));
            montrer(lieu, "quartiers", dire);
            montrer(lieu, "communes", dire)(); // called last, and taken back at once
            await attendre();
            const derniere = lieu.textContent;
            montrer(lieu, "bailleurs", dire);
            await attendre();
            return [derniere, lieu.textContent];
        }"""
    )
    assert dits == ["quartiers", "bailleurs"]
