"""The card of a place in a browser: three letters, whole and large enough on one screen, one step of Back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, au_repos, seen_at
from tests.navigateur.mots import MOTS_MAX, NOMBRES_MAX, count_vus
from tests.navigateur.test_accessibilite import find_faults
from tests.navigateur.test_messages import BANDE, is_whole_and_large, shows_what_is_legible

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
ROUBAIX, LYS, LANNOY, HEM, LILLE, LAMBERSART = "59512", "59367", "59332", "59299", "59350", "59328"
# Where each mark of the picture is, and the letters of what is written beside one.
MARQUES = """() => [...document.querySelectorAll('.figure .scatterlayer :is(.points path, .text text)')]
  .map((marque) => [marque.getBoundingClientRect(), marque.matches('text') ? 0.3 : 0])
  .filter(([{ height }]) => height)
  .map(([{ left, right, top, bottom, height }, blanc]) =>
    [left + 2 * blanc * height, right - 2 * blanc * height, top + blanc * height, bottom - blanc * height])"""
DEPASSE = "() => document.querySelector('.stMain').scrollHeight - document.querySelector('.stMain').clientHeight"


def ask(page: Page, lettres: str) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type(lettres)


@pytest.fixture
def salle(demonstration: str, open: Ouvrir) -> Page:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=equilibre&coupe=commune&salle=oui")
    expect(page.locator(BANDE)).to_contain_text("9h30 Bilan")
    au_repos(page)
    return page


def test_three_letters_open_the_card_of_a_commune_then_of_a_bailleur_whatever_their_case_and_accents(
    salle: Page,
) -> None:
    noms = {"LYS": "Lys-lez-Lannoy", "vilo": "Vilogia (fictif)", "immobiliere": "Immobilière Nord Artois (fictif)"}
    for lettres, nom in noms.items():
        ask(salle, lettres)
        salle.keyboard.press("Enter")
        expect(salle.locator(".lieu")).to_have_text(nom)
        expect(salle.locator("table.fiche")).to_be_visible()
        au_repos(salle)
    expect(salle.locator(".st-key-message")).to_contain_text("chez Immobilière")


def test_of_several_places_one_is_chosen_in_the_list_and_none_says_so(salle: Page) -> None:
    ask(salle, "tou")
    salle.keyboard.press("Enter")
    premiere, seconde = (salle.locator(".choix button").nth(rang) for rang in (0, 1))
    expect(premiere).to_be_focused()
    expect(seconde).to_contain_text("Tourcoing")
    salle.keyboard.press("ArrowDown")
    salle.keyboard.press("Enter")
    expect(salle.locator(".lieu")).to_have_text("Tourcoing")
    au_repos(salle)
    ask(salle, "tou")
    salle.keyboard.press("Enter")
    salle.keyboard.type("f")  # one types on
    expect(salle.locator(".choix button")).to_have_count(1)
    salle.keyboard.press("Enter")
    expect(salle.locator(".lieu")).to_have_text("Toufflers")
    au_repos(salle)
    ask(salle, "zzz")
    expect(salle.locator(".choix.vide")).to_be_attached()
    salle.keyboard.press("Enter")
    expect(salle.get_by_role("dialog")).to_be_visible()
    salle.keyboard.press("Escape")
    expect(salle.locator(".lieu")).to_have_text("Toufflers")


COUTS = """() => {
  const { salle } = document.querySelector('.bande_salle').parentElement;
  const simple = (texte) => texte.normalize('NFD').replace(/\\p{M}/gu, '').toLowerCase();
  const lignes = () => [...salle.choix.querySelectorAll('button')].map((b) => b.textContent);
  const couts = new Map();
  salle.filtre.value = '';
  salle.filtrer();
  const sortes = ['Commune', 'Bailleur', 'ICI 1', 'ICI 2', 'ICI 3'];
  const lieux = lignes().filter((dit) => sortes.some((sorte) => dit.startsWith(sorte)));
  const essais = new Set();
  for (const dit of lieux) {
    const mots = simple(sortes.reduce((nom, sorte) => nom.replace(sorte, ''), dit)).split(/[^a-z0-9]+/).filter(Boolean);
    for (const mot of mots) for (const n of [1, 2, 3, 4]) essais.add(mot.slice(0, n));
    for (const a of mots) for (const b of mots) essais.add(`${a[0]} ${b[0]}`);
  }
  for (const essai of essais) {
    salle.filtre.value = essai;
    salle.filtrer();
    // « ? », what is typed, ↓ to a line under the first one, Enter; twice where the first of several is only shown.
    lignes().forEach((dit, rang) => {
      const cout = 1 + essai.length + rang + 1 + Number(rang === 0 && Boolean(salle.hesite));
      couts.set(dit, Math.min(cout, couts.get(dit) ?? 99));
    });
  }
  return lieux.map((dit) => [dit, couts.get(dit)]);
}"""


@pytest.mark.parametrize(
    "ici",
    [
        "ICI 2",
        pytest.param("MEL", marks=pytest.mark.ci),
        *(pytest.param(ici, marks=pytest.mark.long) for ici in ("ICI 1", "ICI 3")),
    ],
)
def test_any_place_is_found_in_six_keys(demonstration: str, open: Ouvrir, ici: str) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici={ici}&objectif=equilibre&coupe=commune&salle=oui")
    expect(page.locator(BANDE)).to_be_visible()
    au_repos(page)
    couts = page.evaluate(COUTS)
    assert len(couts) > 100
    assert [x for x in couts if x[1] > 6] == []


def test_a_bailleur_among_three_alike_is_found_in_six_keys_and_one_escape_leaves_the_list(salle: Page) -> None:
    ask(salle, "log")  # Logis Métropole, Logifim, then Notre Logis, which only holds the word
    expect(salle.locator(".choix button")).to_have_text(
        ["BailleurLogis Métropole (fictif)", "BailleurLogifim (fictif)", "BailleurNotre Logis (fictif)"]
    )
    salle.keyboard.press("Escape")
    expect(salle.get_by_role("dialog")).to_have_count(0)
    ask(salle, "log")  # the first one is shown as the one where the keys are: ↓ leads to the next
    premiere, seconde = (salle.locator(".choix button").nth(rang) for rang in (0, 1))
    fond = "b => getComputedStyle(b).backgroundColor"
    assert premiere.evaluate(fond) != seconde.evaluate(fond)
    salle.keyboard.press("ArrowDown")
    expect(seconde).to_be_focused()
    salle.keyboard.press("Enter")
    expect(salle.locator(".lieu")).to_have_text("Logifim (fictif)")
    # The strip is that of the card: neither the slot nor the rank of the message that was left; what is exact is said.
    expect(salle.locator(f"{BANDE} span").first).to_have_text("Fiche · ICI 2")
    expect(salle.locator(BANDE)).not_to_contain_text(re.compile(r"\d+ / \d+"))
    expect(salle.locator(BANDE)).to_contain_text("arrondies à 5 sauf les promesses")
    expect(salle.locator(BANDE)).to_contain_text("‹ revenir à")
    assert salle.locator(f"{BANDE} .suite").evaluate("b => b.scrollWidth <= b.clientWidth")  # whole


@pytest.mark.ci
def test_a_commune_of_another_ici_opens_in_its_own_which_is_said_and_one_key_comes_back(salle: Page) -> None:
    titre = salle.locator(f"{BANDE} .suite").inner_text()
    ask(salle, "lompret")
    expect(salle.locator(".choix button")).to_have_count(1)
    expect(salle.locator(".choix button")).to_contain_text("ICI 1")
    salle.keyboard.press("Enter")
    expect(salle.locator(".lieu")).to_have_text("Lompret")
    expect(salle).to_have_url(re.compile("ici=ICI(%20|\\+)1"))
    au_repos(salle)
    salle.wait_for_timeout(3000)  # a message of the ICI that was left would be asked again by then
    expect(salle.locator(".lieu")).to_have_text("Lompret")
    expect(salle.locator(f"{BANDE} span").first).to_have_text("Fiche · ICI 1")
    ask(salle, "mouvaux")  # of that ICI the other one is another: the way back is to where the room stood
    salle.keyboard.press("Enter")
    expect(salle.locator(f"{BANDE} span").first).to_have_text("Fiche · ICI 2")
    ask(salle, "vilo")  # and a bailleur of that one too, after a reload
    salle.keyboard.press("Enter")
    expect(salle.locator(".lieu")).to_have_text("Vilogia (fictif)")
    au_repos(salle)
    salle.reload()
    expect(salle.locator(BANDE)).to_contain_text("‹ revenir à : Équilibre 50/50")
    au_repos(salle)
    salle.keyboard.press("PageUp")
    expect(salle.locator(".lieu")).to_have_count(0)
    expect(salle).to_have_url(re.compile("ici=ICI\\+2.*message=bilan-equilibre-commune"))
    expect(salle.locator(f"{BANDE} .suite")).to_have_text(titre)


def test_enter_where_nothing_is_typed_goes_nowhere_and_another_perimetre_is_found_by_its_name(salle: Page) -> None:
    quittee = salle.url
    salle.keyboard.press("?")
    expect(salle.get_by_role("dialog")).to_be_visible()
    salle.keyboard.press("Enter")
    expect(salle.get_by_role("dialog")).to_have_count(0)
    au_repos(salle)
    assert salle.url == quittee
    ask(salle, "mel")
    salle.keyboard.press("Enter")
    expect(salle).to_have_url(re.compile("ici=MEL"))


def is_drawn_with_its_own_mark_named(page: Page) -> None:
    """The picture of a card: its own mark by its name, its shares read, no mark over another."""
    image = page.locator(".figure")
    nom = page.locator(".lieu").text_content()
    expect(image.locator(".legendtext").first).to_have_text(str(nom).removesuffix(" (fictif)"))
    for dit in image.locator(".scatterlayer .text text").all_text_contents():
        assert re.fullmatch(r"\d+\s%\sde\s[\d\s]+", dit.strip()), dit
    marques = page.evaluate(MARQUES)
    assert len(marques) > 6
    # The line of an objective may be crossed: it is one.
    pleines = [(g, d, h, b) for g, d, h, b in marques if d - g > 5]
    touchees = [
        (une, autre)
        for i, une in enumerate(pleines)
        for autre in pleines[i + 1 :]
        if min(une[1], autre[1]) - max(une[0], autre[0]) > 2 and min(une[3], autre[3]) - max(une[2], autre[2]) > 2
    ]
    assert touchees == []


# Each draws its own share beside those of the others.
DESSINEES = [("ICI 2", ROUBAIX), ("ICI 2", "BF01"), ("ICI 1", LAMBERSART)]
AUTRES = [("ICI 1", LILLE), ("ICI 2", HEM), ("ICI 3", "BF02"), ("ICI 2", LYS), ("ICI 2", "BF09")]
TROP_PETITE = ("ICI 2", LANNOY)  # for any share


@pytest.mark.parametrize(
    ("ici", "code"),
    [*DESSINEES[:2], TROP_PETITE, *(pytest.param(*autre, marks=pytest.mark.long) for autre in (DESSINEES[2], *AUTRES))],
)
@pytest.mark.parametrize("theme", ["clair", pytest.param("sombre", marks=pytest.mark.long)])
def test_in_a_room_it_is_whole_large_enough_legible_and_short_and_its_own_mark_is_named(
    demonstration: str, open: Ouvrir, ici: str, code: str, theme: str
) -> None:
    page = open("about:blank")
    page.add_init_script(f"localStorage.ici_salle_sombre = {'true' if theme == 'sombre' else 'false'}")
    page.goto(f"{demonstration}/bilan?seance=2017S2&ici={ici}&objectif=equilibre&fiche={code}&salle=oui")
    expect(page.locator("table.fiche")).to_be_visible()
    for taille in (ECRAN, GRAND_ECRAN):
        seen_at(page, taille)
        page.wait_for_timeout(300)  # the picture follows its window
        is_whole_and_large(page)
        assert shows_what_is_legible(page)
        n_mots, n_nombres = count_vus(page)
        assert (n_mots <= MOTS_MAX, n_nombres <= NOMBRES_MAX) == (True, True), (n_mots, n_nombres)
        if (ici, code) in DESSINEES:
            is_drawn_with_its_own_mark_named(page)
        if (ici, code) == TROP_PETITE:  # its sentence, and no empty picture
            expect(page.locator(".st-key-message")).to_contain_text("trop peu pour le dire")
            assert page.locator(".figure").count() == 0
    assert find_faults(page) == []


@pytest.mark.parametrize("code", [ROUBAIX, "BF01"])
def test_at_a_desk_it_is_on_one_screen(demonstration: str, open: Ouvrir, code: str) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=equilibre&fiche={code}")
    expect(page.locator("table.fiche")).to_be_visible()
    for taille in (ECRAN, GRAND_ECRAN):
        seen_at(page, taille)
        assert page.evaluate(DEPASSE) <= 0, taille
    assert find_faults(page) == []


def test_back_is_one_step_and_leaving_it_goes_back_to_where_one_was(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=aci&coupe=bailleur&lieu={ROUBAIX}")
    expect(page.locator(".lieu")).to_have_text("Roubaix")
    au_repos(page)
    phrase = page.locator(".st-key-message").inner_text()
    page.get_by_role("button", name="Sa fiche").click()
    expect(page.locator("table.fiche")).to_be_visible()
    au_repos(page)
    page.go_back()
    expect(page.locator("table.fiche")).to_have_count(0)
    expect(page.locator(".st-key-message")).to_have_text(phrase)
    au_repos(page)
    page.get_by_role("button", name="Sa fiche").click()
    expect(page.locator("table.fiche")).to_be_visible()
    au_repos(page)
    page.locator(".st-key-quitter_fiche button").click()
    expect(page.locator("table.fiche")).to_have_count(0)
    expect(page.locator(".st-key-message")).to_have_text(phrase)


def test_a_click_on_the_mark_of_a_bailleur_opens_its_card(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=aci&coupe=bailleur")
    au_repos(page)
    marque = page.locator(".figure .scatterlayer .points path").last.bounding_box()
    assert marque
    page.mouse.click(marque["x"] + marque["width"] / 2, marque["y"] + marque["height"] / 2)
    expect(page.locator("table.fiche")).to_be_visible()
    expect(page.locator(".st-key-message")).to_contain_text("chez ")
    au_repos(page)
    page.go_back()
    expect(page.locator("table.fiche")).to_have_count(0)
