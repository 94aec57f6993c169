"""Going down from the bilan in a real browser: by a click, by keys, by a link, and back; the same click twice."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, au_repos, seen_at
from tests.navigateur.images import BULLE, CARTE, Cartes, Lieu, coupe_par, dessine_en_entier
from tests.navigateur.test_bilan import bas
from tests.navigateur.test_messages import BANDE, MONTEES, is_whole_and_large, knows

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

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
    demonstration: str, open_drawn: Ouvrir
) -> None:
    page = open_drawn("about:blank")
    cartes = Cartes(page)
    page.goto(f"{demonstration}/?{PERIMETRE}&coupe=carte")
    expect(page.locator(CARTE)).to_be_visible()
    au_repos(page)
    dite = page.locator(MESSAGE).inner_text()
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
        expect(page.get_by_role("radio", name="Carte", exact=True)).to_be_checked()  # the picture that it was left by
        au_repos(page)
        assert page.locator(MESSAGE).inner_text() == dite
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
    page = open(f"{demonstration}/?{PERIMETRE}&coupe=levier&cible_equilibre=45")
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 45")
    au_repos(page)
    page.locator("[class*=st-key-commune_descente] input").focus()
    page.keyboard.type("Hem")
    page.keyboard.press("Enter")
    expect(page.locator(LIEU)).to_have_text("Hem")
    au_repos(page)
    open_down(page, "quartier_descente")
    page.keyboard.press("Enter")
    expect(page.locator(LIEU)).not_to_have_text("Hem")
    au_repos(page)
    for nom in ("‹ Hem", "‹ ICI 2"):
        page.get_by_role("button", name=nom).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=nom)).to_have_count(0)
        au_repos(page)
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 45")


def test_the_browser_goes_back_one_step_at_a_time_and_forward_again(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/?{PERIMETRE}")
    au_repos(page)
    type_down(page, "commune_descente", "Hem")
    expect(page.locator(LIEU)).to_have_text("Hem")
    au_repos(page)
    type_down(page, "quartier_descente", "Jardins")
    expect(page.locator(LIEU)).to_have_text("Les Jardins")
    au_repos(page)
    page.go_back()
    expect(page.locator(LIEU)).to_have_text("Hem")
    au_repos(page)
    page.go_back()
    expect(page.locator(LIEU)).to_have_count(0)
    au_repos(page)
    page.go_forward()
    expect(page.locator(LIEU)).to_have_text("Hem")


def test_the_browser_takes_back_the_measure_and_the_page_that_were_chosen(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/?{PERIMETRE}")
    au_repos(page)
    for nom in ("ACI en premier accès", "Bailleur"):
        page.get_by_role("radio", name=nom, exact=True).click()
        expect(page.get_by_role("radio", name=nom, exact=True)).to_be_checked()
        au_repos(page)
    page.get_by_role("link", name="9h00 Introduction").click()
    expect(page).to_have_url(re.compile("/introduction"))
    au_repos(page)
    for nom in ("Bailleur", "Commune", "Fragilité des quartiers"):
        page.go_back()
        expect(page.get_by_role("radio", name=nom, exact=True)).to_be_checked()
        au_repos(page)
    # A page that says no ICI in its address decides of none, reached back as by its link.
    page.get_by_role("button", name="Préparer").click()
    page.get_by_role("link", name="Imports").click()
    expect(page).to_have_url(re.compile("/imports"))
    au_repos(page)
    retour_au_bilan = page.get_by_role("link", name="9h30 Bilan")
    retour_au_bilan.click()
    au_repos(page)
    page.go_back()
    expect(page).to_have_url(re.compile("/imports"))
    au_repos(page)
    retour_au_bilan.click()
    expect(page).to_have_url(re.compile(r"ici=ICI\+2"))


def type_down(page: Page, cle: str, lettres: str) -> None:
    """At a desk: the list `cle`, reached by its key, then what is typed there."""
    page.locator(f"[class*=st-key-{cle}] input").focus()
    page.keyboard.type(lettres)
    page.keyboard.press("Enter")


def open_down(page: Page, cle: str) -> None:
    """At a desk: the list `cle`, open under its key; pressed again by who sees that nothing opened: a chart that is
    drawn meanwhile shuts it."""
    champ, nom = page.locator(f"[class*=st-key-{cle}] input"), page.get_by_role("option").first
    for _ in range(10):
        champ.focus()
        expect(champ).to_be_focused()
        page.keyboard.press("ArrowDown")
        with contextlib.suppress(AssertionError):
            return expect(nom).to_be_visible(timeout=3000)
    return expect(nom).to_be_visible()


def ask_down(page: Page, _cle: str, lettres: str) -> None:
    """In the room: ↓, then what is typed."""
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type(lettres)
    page.keyboard.press("Enter")


def is_read(page: Page, taille: tuple[int, int], *, est_en_salle: bool) -> None:
    """The screen of a place, without a refusal, whole at this size."""
    au_repos(page)
    dessine_en_entier(page)
    assert page.locator(".refus, .incident").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= taille[0]
    carte = f"{CARTE} canvas"
    if not est_en_salle:
        expect(page.locator(carte).first).to_be_visible()  # it is drawn last
    dessins = [choix for choix in (".figure", carte) if page.locator(choix).count()]
    assert len(dessins) == (1 if est_en_salle else 2)  # one picture over the whole width of a room
    for choix in dessins:
        assert bas(page, choix) <= taille[1]
        assert coupe_par(page, choix) == ""
    for nom in page.locator(".figure .ytick text, .figure .y2tick text").all():
        boite, figure = nom.bounding_box(), page.locator(".figure").bounding_box()
        assert boite is not None
        assert figure is not None
        assert boite["x"] >= figure["x"] - 1
        assert boite["x"] + boite["width"] <= figure["x"] + figure["width"] + 1
    if est_en_salle:
        is_whole_and_large(page)


@pytest.mark.parametrize(
    ("mode", "taille"),
    [
        ("preparation", ECRAN),
        pytest.param("preparation", GRAND_ECRAN, marks=pytest.mark.long),
        pytest.param("salle", ECRAN, marks=pytest.mark.long),
        pytest.param("salle", GRAND_ECRAN, marks=pytest.mark.long),
    ],
)
def test_keys_walk_from_the_metropole_to_roubaix_its_quartiers_the_residences_of_one_and_back(
    demonstration: str, open: Ouvrir, mode: str, taille: tuple[int, int]
) -> None:
    est_en_salle = mode == "salle"
    page = open("about:blank")
    page.set_viewport_size({"width": taille[0], "height": taille[1]})
    page.goto(f"{demonstration}/bilan?seance=2017S2&ici=MEL&objectif=equilibre{'&salle=oui' if est_en_salle else ''}")
    if est_en_salle:
        expect(page.locator(BANDE)).to_contain_text("9h30 Bilan")
    au_repos(page)
    down = ask_down if est_en_salle else type_down
    dites = [page.locator(MESSAGE).inner_text()]
    if est_en_salle:  # from the Métropole a room goes by an ICI
        knows(page, MONTEES[3])
        down(page, "", "ici 2")
        expect(page).to_have_url(re.compile(r"ici=ICI(\+|%20)2"))
        knows(page, MONTEES[2])
        au_repos(page)
        dites.append(page.locator(MESSAGE).inner_text())
    for cle, lettres, adresse, dessus in (
        ("commune_descente", "Roubaix", "lieu=59512(&|$)", MONTEES[1]),
        ("quartier_descente", "Les Jardins", r"lieu=59512\d{4}(&|$)", MONTEES[0]),
    ):
        down(page, cle, lettres)
        expect(page.locator(LIEU)).to_have_text(lettres)
        expect(page).to_have_url(re.compile(adresse))
        if est_en_salle:
            knows(page, dessus)
        is_read(page, taille, est_en_salle=est_en_salle)
        dites.append(page.locator(MESSAGE).inner_text())
    # where many begin by the same word, a name too long keeps its end
    residences = page.locator(".figure .ytick text", has_text=re.compile("Résidence|… fictive"))
    expect(residences.first).to_be_visible()
    assert residences.count() > 5
    for avant, dessus in zip(reversed(dites[:-1]), MONTEES[1:], strict=False):
        if est_en_salle:
            page.keyboard.press("ArrowUp")
        else:
            retour = page.get_by_role("button", name="‹ Roubaix").or_(page.get_by_role("button", name="‹ Métropole"))
            retour.last.focus()
            page.keyboard.press("Enter")
        expect(page.locator(MESSAGE)).to_have_text(avant)
        if est_en_salle:
            knows(page, dessus)
        au_repos(page)
    expect(page.locator(LIEU)).to_have_count(0)


@pytest.mark.long
@pytest.mark.parametrize("lieu", ["lieu=59599", "lieu=59599&objectif=aci"])
def test_the_screen_of_a_place_holds_without_scrolling_and_whole(
    demonstration: str, open_drawn: Ouvrir, lieu: str
) -> None:
    page = open_drawn(f"{demonstration}/?{PERIMETRE}&{lieu}")
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
