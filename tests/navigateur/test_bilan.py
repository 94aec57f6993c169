"""The 9h30 screen as the room sees it, on drawn data: nothing to scroll for, French, one link that reopens the view."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from mel_core.contrat.reference import communes
from mel_core.indicateurs.catalogue import MESURES, OBJECTIFS
from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, au_repos, seen_at
from tests.navigateur.fil import Serveur, est_parti_avant, guetter
from tests.navigateur.images import CARTE, Cartes, coupe_par, dessine_en_entier, rvb
from tests.navigateur.mots import CONTROLES_AU_BUREAU, MOTS_AU_BUREAU, count_au_bureau

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
ANGLAIS = re.compile(
    r"\b(deploy|loading|running|upload|browse|error|settings|show|download|search|sort|select|choose|none)\b", re.I
)


def bas(page: Page, selecteur: str) -> float:
    cadre = page.locator(selecteur).bounding_box()
    assert cadre is not None
    return cadre["y"] + cadre["height"]


def choose_vue(page: Page, nom: str) -> None:
    page.get_by_role("radio", name=nom, exact=True).click()
    expect(page.get_by_role("radio", name=nom, exact=True)).to_be_checked()
    au_repos(page)


def holds_without_scrolling(page: Page, vue: str, *images: str) -> None:
    """Message and picture, at both sizes; the message is sized for the last row: 1/50 of the width at least."""
    choose_vue(page, vue)
    for image in images:
        expect(page.locator(image).first).to_be_visible()
    for taille in (GRAND_ECRAN, ECRAN):
        seen_at(page, taille)
        for image in images:
            assert coupe_par(page, image) == "", (vue, image, taille)
        dessine_en_entier(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= taille[0]
        lettres = page.locator(".st-key-message p").evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
        assert lettres >= taille[0] / 50


def each_picture_holds_without_scrolling(page: Page, *coupes: str) -> None:
    """The cuts of the objective, its map, its lever: one at a time."""
    for coupe in coupes:
        holds_without_scrolling(page, coupe, ".st-key-mesure_vue .figure")
    holds_without_scrolling(page, "Carte", f"{CARTE} canvas", ".cartouche")
    holds_without_scrolling(page, "Viser une autre part", ".st-key-levier .figure", ".st-key-levier")


def has_the_font_that_is_shipped(page: Page) -> None:
    page.evaluate("document.fonts.ready")
    assert "loaded" in page.evaluate("[...document.fonts].filter(f => /Atkinson/.test(f.family)).map(f => f.status)")
    assert "Atkinson" in page.locator(".st-key-message p").evaluate("p => getComputedStyle(p).fontFamily")


def draws_every_commune_from_local_contours(page: Page, cartes: Cartes) -> None:
    """Each is on the map, in a tone of its legend, and says its name under the pointer."""
    attendues = {code: commune.nom for code, commune in communes().items() if commune.ici == "ICI 2"}
    lieux = cartes.lieux()
    assert {lieu.code for lieu in lieux} == set(attendues)
    for lieu in lieux:
        assert cartes.pointer(*lieu.milieu) == lieu.dit
        assert lieu.dit.startswith(attendues[lieu.code])
    page.mouse.move(0, 0)
    tons = page.locator(".cartouche li span").evaluate_all("tous => tous.map(t => getComputedStyle(t).backgroundColor)")
    for code, vus in cartes.tons().items():
        assert vus & {rvb(ton) for ton in tons}, attendues[code]


def is_french_to_machines_and_to_people(page: Page) -> None:
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.get_by_role("button", name="Pourquoi ce chiffre ?").click()
    expect(page.get_by_text("Numérateur")).to_be_visible()
    vu = re.sub(r"select columns.*", "", page.locator(".stApp").inner_text(), flags=re.S)
    assert ANGLAIS.search(vu) is None, ANGLAIS.search(vu)
    page.keyboard.press("Escape")


def says_in_french_what_streamlit_writes_itself(page: Page) -> None:
    expect(page.get_by_text("Aller au contenu")).to_have_count(1)
    page.get_by_text("Le tableau", exact=True).click()
    grille = page.get_by_test_id("stDataFrame").first
    grille.scroll_into_view_if_needed()
    place = grille.bounding_box()
    assert place is not None
    says_its_cells_as_they_are_read(page, grille)
    page.mouse.move(place["x"] + 60, place["y"] + 15)
    page.mouse.click(place["x"] + place["width"] - 14, place["y"] + 15)
    expect(page.get_by_text("Trier par ordre croissant")).to_be_visible()
    expect(page.get_by_text("Figer la colonne")).to_be_visible()


def says_its_cells_as_they_are_read(page: Page, grille: Locator) -> None:
    """By arrows a screen reader has the words, in the order of the screen, not what sorts them."""
    page.wait_for_function("document.querySelectorAll('.stDataFrame canvas td').length > 9")
    bruts = page.locator("table.lu td[data-brut]").count()
    assert bruts > 9
    cellules = grille.locator("canvas tbody tr").first.locator("td").all_text_contents()
    lignes = page.locator("table.lu tbody tr").all()
    assert [x for x in cellules if x] in [[x for x in ligne.locator("td").all_text_contents() if x] for ligne in lignes]


@pytest.mark.long
def test_the_screen_as_the_room_sees_it(adresse: str, open_drawn: Ouvrir) -> None:
    page = open_drawn("about:blank")
    cartes = Cartes(page)
    page.goto(adresse)
    each_picture_holds_without_scrolling(page, "Fragilité des quartiers", "Commune", "Bailleur")
    choose_vue(page, "Carte")
    draws_every_commune_from_local_contours(page, cartes)
    has_the_font_that_is_shipped(page)
    page.get_by_role("radio", name="ACI en premier accès").click()
    choose_vue(page, "Commune")
    expect(page.locator(".st-key-message")).to_contain_text("ménages ACI")
    for coupe in ("Bailleur", "Commune"):
        holds_without_scrolling(page, coupe, ".st-key-mesure_vue .figure")
    is_french_to_machines_and_to_people(page)
    says_in_french_what_streamlit_writes_itself(page)


@pytest.mark.ci
def test_what_is_chosen_follows_from_page_to_page_and_into_a_link(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse.split('?')[0]}fragilite?seance=2017S1&ici=ICI%202")
    expect(page.locator(".st-key-message")).to_contain_text("ICI")
    # the séance and the ICI; the menu closes
    page.get_by_role("button", name="Préparer").click()
    page.get_by_role("link", name="Objectifs").click()
    expect(page.get_by_role("heading", name="Préparer › Objectifs")).to_be_visible()
    expect(page).to_have_url(re.compile(r"seance=2017S1&ici=ICI(\+|%20)2"))
    expect(page.get_by_role("link", name="Imports")).to_have_count(0)
    # the objective and its lever
    page.goto(f"{adresse}&coupe=levier")
    expect(page.get_by_role("slider")).to_be_visible()
    page.get_by_text("ACI en premier accès").click()
    expect(page.locator(".st-key-message")).to_contain_text("ménages ACI")
    page.get_by_role("slider").press("ArrowRight")
    expect(page.locator(".st-key-levier")).to_contain_text("Hypothèse de séance")
    page.get_by_role("button", name="Préparer").click()
    page.get_by_role("link", name="Imports").click()
    expect(page.get_by_role("heading", name="Préparer › Imports")).to_be_visible()
    page.get_by_role("link", name="9h30 Bilan").click()
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 46")
    for morceau in ("seance=2017S2", "ici=ICI", "objectif=aci", "coupe=levier", "cible_aci=46"):
        expect(page).to_have_url(re.compile(morceau))
    # another visitor, by the link
    autre = open(page.url)
    expect(autre.locator(".st-key-levier")).to_contain_text("Viser 46")
    autre.get_by_role("button", name="Revenir à l’objectif voté").click()
    expect(autre.locator(".st-key-levier")).to_contain_text("Objectif voté")
    expect(autre.locator(".st-key-levier")).to_contain_text("Viser 45")


@pytest.mark.long
def test_a_step_of_the_lever_redraws_in_place_and_it_is_gone_before_the_sentence_speaks_of_another_objective(
    adresse: str, open: Ouvrir
) -> None:
    """Keys pressed on a lever that is about to leave are lost: whoever reads the new sentence must not find it."""
    page = open("about:blank")
    serveur = Serveur(page)
    page.goto(f"{adresse}&coupe=levier")
    expect(page.locator(".st-key-levier .main-svg").first).to_be_visible()
    page.get_by_role("slider").press("ArrowLeft")
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 49")
    au_repos(page)
    marquees = page.locator(".st-key-levier .toile, .st-key-levier .main-svg")
    n = marquees.evaluate_all("tous => tous.map((e) => { e.dataset.marque = 'la' }).length")
    page.get_by_role("slider").press("ArrowLeft")
    expect(page.locator(".st-key-levier")).to_contain_text("Viser 48")
    expect(page.locator(".st-key-levier .figure", has_text="hypothèse 48")).to_have_count(1)
    au_repos(page)
    expect(page.locator(".st-key-levier [data-marque=la]")).to_have_count(n)
    expect(marquees).to_have_count(n)

    curseur = page.get_by_role("slider", name="Part visée")
    expect(curseur).to_be_visible()
    au_repos(page)
    guetter(curseur, "ménages ACI")
    serveur.retain()
    page.get_by_text("ACI en premier accès").click()
    page.wait_for_timeout(1000)
    serveur.lacher(pas_ms=30)
    expect(page.locator(".st-key-message")).to_contain_text("ménages ACI")
    expect(page.get_by_role("slider", name="Part visée")).to_have_value("45")
    au_repos(page)
    assert est_parti_avant(page)


VUES_DU_BUREAU = [f"objectif={code}&coupe={vue}" for code in OBJECTIFS for vue in MESURES[code].vues]
PREMIERES_DU_BUREAU = [f"objectif={code}" for code in OBJECTIFS]
AUTRES_DU_BUREAU = ("objectif=npru", "objectif=flux", "objectif=equilibre&lieu=59512", "fiche=59512", "fiche=BF02")
ICIS = ("ICI 2", "ICI 1", "ICI 3", "MEL")


@pytest.mark.parametrize(
    "vues",
    [
        [(ICIS[rang % 4], vue) for rang, vue in enumerate((*PREMIERES_DU_BUREAU, *AUTRES_DU_BUREAU))],
        pytest.param([(ici, vue) for ici in ICIS for vue in VUES_DU_BUREAU], marks=pytest.mark.long),
    ],
    ids=["each measure of an ICI in turn", "of each ICI"],
)
def test_at_a_desk_few_words_and_few_controls_stand_above_the_fold(
    demonstration: str, open: Ouvrir, vues: list[tuple[str, str]]
) -> None:
    page = open("about:blank")
    page.set_viewport_size({"width": ECRAN[0], "height": ECRAN[1]})
    comptes = {}
    for ici, vue in vues:
        page.goto(f"{demonstration}/bilan?seance=2017S2&ici={ici}&{vue}")
        expect(page.locator(".st-key-mesure_vue, .st-key-fil").first).to_be_visible()
        au_repos(page)
        n_mots, controles = count_au_bureau(page)
        if n_mots > MOTS_AU_BUREAU or len(controles) > CONTROLES_AU_BUREAU:
            comptes[ici, vue] = n_mots, controles
    assert comptes == {}
