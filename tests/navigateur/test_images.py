"""What a hand does with a picture: what it says under the pointer, its full screen, its image; where none is drawn."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from inline_snapshot import snapshot
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from lancer import find_chromium
from pages.adaptateur.enveloppe import EN_TETES
from tests.navigateur.conftest import ATTENTE_S, CARTES_VIDES, ECRAN, GRAND_ECRAN, OPTIONS, au_repos
from tests.navigateur.images import BULLE, CARTE, Cartes, Lieu, coupe_par

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
PERIMETRE = "seance=2017S2&ici=ICI%202"
NOMBRE = r"\d[\d\u202f]*"
PART = r"\d+(,\d)?\u202f%"
# Name, share, denominator, numerator, interval.
ENTIER = re.compile(
    rf".+\s: ({PART} de {NOMBRE}\s(premiers accès|attributions?)\s; {NOMBRE} sur {NOMBRE}\s; "
    rf"intervalle à 95\s% de {PART} à {PART}|aucun)"
)
FIGURE, OUTILS = ".st-key-mesure_vue .figure", ("Plein écran", "Image PNG")
SANS_WEBGL = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--no-first-run")
LARGEUR_MIN = 900  # of an image that is kept: its title is read in it
PARTIE = "net::ERR_ABORTED"  # what a page that is left had asked for
SEUL = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # no other name leads anywhere
SANS_CARTE = "Ce navigateur ne dessine pas les cartes (WebGL est éteint) : les mêmes chiffres sont dans le tableau."
# Whether two places are apart.
ETENDU = """(dite) => {
  const [a, b] = [dite, dite.parentNode.querySelector('.cartouche')].map((e) => e.getBoundingClientRect());
  return a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
}"""
CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'self'; object-src 'none'"
)
AVEC_IMAGES = (
    f"?{PERIMETRE}&coupe=carte",
    f"?{PERIMETRE}&coupe=levier",
    f"simuler?{PERIMETRE}",
    f"orientations?{PERIMETRE}&vue=offre",
    f"orientations?{PERIMETRE}&vue=offre&offre_par=besoins",
)


@pytest.fixture
def page(open: Ouvrir, demonstration: str) -> Page:
    """The bilan of an ICI, at rest: its bars."""
    page = open(f"{demonstration}/?{PERIMETRE}")
    expect(page.locator(f"{FIGURE} .bar, {FIGURE} .point").first).to_be_attached()
    au_repos(page)
    return page


def drawn(page: Page) -> None:
    expect(page.locator(f"{CARTE} canvas").first).to_be_visible()
    au_repos(page)


def extremes(lieux: list[Lieu]) -> list[Lieu]:
    """The smallest places, and those at the four edges of the map."""
    bords = [choisir(lieux, key=lambda x, axe=axe: x.milieu[axe]) for axe in (0, 1) for choisir in (min, max)]
    return [*sorted(lieux, key=lambda x: x.aire)[:4], *bords]


@pytest.mark.long
def test_the_smallest_commune_and_those_at_the_edges_say_their_whole_figure_under_the_pointer(
    demonstration: str, open_drawn: Ouvrir
) -> None:
    page = open_drawn("about:blank")
    cartes = Cartes(page)
    for perimetre in (PERIMETRE, "seance=2017S2"):
        page.goto(f"{demonstration}/?{perimetre}&coupe=carte")
        drawn(page)
        for lieu in extremes(cartes.lieux()):
            assert cartes.pointer(*lieu.milieu) == lieu.dit
            assert ENTIER.match(lieu.dit), lieu.dit
            assert coupe_par(page, BULLE) == "", lieu.dit


@pytest.mark.ci
def test_in_a_room_no_name_beside_a_map_is_cut_nor_touches_another(demonstration: str, open: Ouvrir) -> None:
    page = open("about:blank")
    cartes = Cartes(page)
    for ici, adresse in (("MEL", "?coupe=carte"), ("ICI 3", "?coupe=carte"), ("ICI 3", "fragilite?carte=habitants")):
        page.goto(f"{demonstration}/{adresse}&seance=2017S2&ici={ici}&salle=oui")
        expect(page.locator(f"{CARTE} canvas").first).to_be_visible()
        au_repos(page)
        noms = cartes.noms()
        assert len(noms) > 4
        assert [nom.dit for nom in noms if not nom.est_dans(page.locator(CARTE).first)] == [], (ici, adresse)
        assert [f"{a.dit} × {b.dit}" for a, b in combinations(noms, 2) if a.touche(b)] == [], (ici, adresse)


@pytest.mark.long
def test_every_commune_is_filled_with_the_tone_that_the_server_says(demonstration: str, open_drawn: Ouvrir) -> None:
    page = open_drawn("about:blank")
    cartes = Cartes(page)
    for adresse in (f"?{PERIMETRE}&coupe=carte", f"?{PERIMETRE}&objectif=aci&coupe=carte", f"simuler?{PERIMETRE}"):
        page.goto(f"{demonstration}/{adresse}")
        if adresse.startswith("simuler"):  # folded under the answer
            page.locator(".st-key-deplie_carte summary").click()
        expect(page.locator(f"{CARTE} canvas").first).to_be_visible()
        au_repos(page)
        page.mouse.move(0, 0)
        voulus = cartes.remplis()
        assert len(set(voulus.values())) > 1
        vus = cartes.tons()
        for lieu in cartes.lieux():
            assert voulus[lieu.code] in vus[lieu.code], (adresse, lieu.dit)


def test_a_bar_says_its_share_its_numerator_its_denominator_and_its_interval_whole(page: Page) -> None:
    barres = page.locator(f"{FIGURE} .barlayer .trace").nth(1).locator(".point path")
    for barre, nom in zip(barres.all(), ("Quartiers fragiles", "Fragilité moyenne", "Sans fragilité"), strict=True):
        boite = barre.bounding_box()
        assert boite is not None
        page.mouse.move(boite["x"] + boite["width"] * 0.9, boite["y"] + boite["height"] / 2)
        bulle = page.locator(f"{FIGURE} .hoverlayer .hovertext")
        expect(bulle).to_have_text(re.compile(f"^{nom} : "))
        dit = bulle.text_content() or ""
        lu = re.fullmatch(
            rf"(.+) : ({PART}) \(({NOMBRE}) sur ({NOMBRE})\), intervalle à 95 % de ({PART}) à ({PART})", dit
        )
        assert lu, dit
        part, _, numerateur, denominateur, bas, _, haut, _ = lu.groups()[1:]
        assert en_nombre(part) == round(100 * en_nombre(numerateur) / en_nombre(denominateur), 1)
        assert en_nombre(bas) < en_nombre(part) < en_nombre(haut)
        assert coupe_par(page, f"{FIGURE} .hoverlayer .hovertext") == "", dit


def en_nombre(dit: str) -> float:
    return float(re.sub(r"[\u202f%]", "", dit).replace(",", "."))


@pytest.mark.ci
def test_an_image_is_kept_as_a_png_of_the_width_of_the_chart_with_its_title_and_its_marks(
    page: Page, tmp_path: Path
) -> None:
    page.locator(FIGURE).hover()
    with page.expect_download() as attendu:
        page.locator(FIGURE).get_by_role("button", name="Image PNG").click()
    assert attendu.value.suggested_filename == snapshot("Part de ménages modestes par type de quartiers.png")
    fichier = tmp_path / "image.png"
    attendu.value.save_as(fichier)
    largeur = page.locator(f"{FIGURE} .toile").evaluate("t => t.clientWidth")
    with Image.open(fichier) as lue:
        assert lue.format == "PNG"
        assert lue.width == 2 * max(LARGEUR_MIN, largeur)
        vue = lue.convert("RGB")
    tons = {ton for _, ton in vue.getcolors(1 << 24) or ()}
    for barre in page.locator(f"{FIGURE} .barlayer .trace").nth(1).locator(".point path").all():
        ton = barre.evaluate("b => getComputedStyle(b).fill")
        assert tuple(map(int, re.findall(r"\d+", ton))) in tons  # each bar
    for bande in ((0, 60), (60, 150)):  # the title, then whose data these are
        assert len(vue.crop((0, bande[0], vue.width, bande[1])).getcolors(1 << 16) or ()) > 1


RETENIR = """() => {
  const garder = Plotly.toImage;
  Plotly.toImage = (figure, options) => { window.gardee = figure.layout; return garder(figure, options); };
}"""


@pytest.mark.parametrize("coupe", ["commune", "bailleur"])
def test_what_is_taken_away_of_a_picture_says_of_which_seance_and_ici_and_a_spreadsheet_reads_its_numbers(
    demonstration: str, open: Callable[[str], Page], tmp_path: Path, coupe: str
) -> None:
    page = open(f"{demonstration}/?{PERIMETRE}&coupe={coupe}")
    expect(page.locator(f"{FIGURE} .point").first).to_be_attached()
    au_repos(page)
    page.evaluate(RETENIR)
    page.locator(FIGURE).hover()
    with page.expect_download() as attendu:
        page.locator(FIGURE).get_by_role("button", name="Image PNG").click()
    attendu.value.save_as(tmp_path / "image.png")
    with Image.open(tmp_path / "image.png") as lue:
        largeur, hauteur = page.locator(f"{FIGURE} .toile").evaluate("t => [t.clientWidth, t.clientHeight]")
        assert lue.size == (2 * max(LARGEUR_MIN, largeur), 2 * (hauteur + 80))
    gardee = page.evaluate("window.gardee")
    sous_titre = gardee["title"]["subtitle"]["text"]
    assert sous_titre.startswith("2017S2 · ICI 2 · année 2017<br>DONNÉES FICTIVES · Données publiées le ")
    assert gardee["legend"]["y"] == pytest.approx(hauteur / (hauteur + 80))  # under the title, not over it
    page.get_by_text("Le tableau", exact=True).click()
    expect(page.get_by_role("button", name="Télécharger ce tableau (CSV)")).to_be_visible()
    au_repos(page)
    with page.expect_download() as attendu:
        page.get_by_role("button", name="Télécharger ce tableau (CSV)").click()
    assert attendu.value.suggested_filename == f"equilibre-50-50-par-{coupe}-2017S2-ici-2.csv"
    attendu.value.save_as(tmp_path / "table.csv")
    lignes = list(csv.reader((tmp_path / "table.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert len(lignes) > 10
    assert {len(ligne) for ligne in lignes} == {8}
    for _, *comptes, part, points, attributions, _lecture in lignes[1:]:
        assert all(re.fullmatch(r"\d+", n) for n in comptes)
        assert re.fullmatch(r"[01](,\d+)?|", part)
        assert re.fullmatch(r"-?\d+(,\d)?|", points)
        assert re.fullmatch(r"-?\d+|\+\d+ −\d+|", attributions), attributions


@pytest.mark.long
def test_a_map_is_kept_as_a_png_with_its_tones_its_legend_and_its_title(
    demonstration: str, open_drawn: Ouvrir, tmp_path: Path
) -> None:
    page = open_drawn("about:blank")
    cartes = Cartes(page)
    page.goto(f"{demonstration}/?{PERIMETRE}&coupe=carte")
    drawn(page)
    image = page.locator("[class*=st-key-carte_]").get_by_role("button", name="Image PNG")
    image.focus()
    with page.expect_download() as attendu:
        page.keyboard.press("Enter")
    assert attendu.value.suggested_filename == snapshot("Carte des communes selon leur écart à l’objectif.png")
    fichier = tmp_path / "carte.png"
    attendu.value.save_as(fichier)
    with Image.open(fichier) as lue:
        assert lue.format == "PNG"
        assert lue.width >= 2 * LARGEUR_MIN
        vue = lue.convert("RGB")
    comptes = {ton: n for n, ton in vue.getcolors(1 << 24) or ()}
    for ton in set(cartes.remplis().values()):
        assert comptes.get(ton, 0) > 400, ton  # more than its square in the legend
    assert len(vue.crop((0, 0, vue.width, 60)).getcolors(1 << 16) or ()) > 1


@pytest.mark.long
def test_a_map_that_was_moved_says_the_same_where_it_was_put_and_is_centred_again(
    demonstration: str, open_drawn: Ouvrir
) -> None:
    page = open_drawn("about:blank")
    cartes = Cartes(page)
    page.goto(f"{demonstration}/?{PERIMETRE}&coupe=carte")
    drawn(page)
    lieu = max(cartes.lieux(), key=lambda x: x.aire)
    assert cartes.pointer(*lieu.milieu) == lieu.dit
    x, y = cartes.pixel(*lieu.milieu)
    page.mouse.down()
    page.mouse.move(x + 40, y - 30, steps=8)
    page.mouse.up()
    au_repos(page)
    page.mouse.move(x + 42, y - 30)
    expect(page.locator(BULLE).first).to_have_text(lieu.dit)
    page.get_by_role("button", name="Recentrer").click()
    au_repos(page)
    expect(page.locator(f"{CARTE} canvas")).to_be_visible()
    page.wait_for_timeout(500)
    assert cartes.pointer(*lieu.milieu).startswith(lieu.dit.split("\u00a0:")[0])


@pytest.mark.long
def test_a_chart_goes_full_screen_and_comes_back_as_it_was(page: Page) -> None:
    toile = page.locator(f"{FIGURE} .toile")
    avant, page_avant = toile.bounding_box(), toile.text_content()
    page.locator(FIGURE).hover()
    page.locator(FIGURE).get_by_role("button", name="Plein écran").click()
    page.wait_for_function("() => document.fullscreenElement?.classList.contains('figure')")
    page.wait_for_function(
        "() => document.querySelector('.figure .main-svg').getBoundingClientRect().height > 0.85 * innerHeight"
    )
    assert coupe_par(page, f"{FIGURE} .main-svg") == ""
    page.locator(FIGURE).hover()
    page.locator(FIGURE).get_by_role("button", name="Plein écran").click()
    page.wait_for_function("() => !document.fullscreenElement")
    au_repos(page)
    expect(toile).to_have_text(page_avant or "")
    assert toile.bounding_box() == avant


@pytest.mark.ci
def test_full_screen_and_image_are_reached_and_used_by_the_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Pourquoi ce chiffre ?").focus()
    for outil in OUTILS:
        for _ in range(20):
            if page.evaluate("document.activeElement.textContent") == outil:
                break
            page.keyboard.press("Tab")
        bouton = page.locator(FIGURE).get_by_role("button", name=outil)
        expect(bouton).to_be_focused()
        assert bouton.evaluate("b => Number(getComputedStyle(b.parentElement).opacity)") == 1  # seen
        if outil == "Image PNG":
            with page.expect_download():
                page.keyboard.press("Enter")
            continue
        for est_entree in (True, False):
            page.keyboard.press("Enter")
            page.wait_for_function("(entree) => Boolean(document.fullscreenElement) === entree", arg=est_entree)
            expect(bouton).to_be_focused()


@contextmanager
def launched(chromium: Browser, *options: str) -> Iterator[Page]:
    """A page of another browser of the same kind, with options of its own."""
    chemin = find_chromium()
    autre = chromium.browser_type.launch(executable_path=str(chemin) if chemin else None, args=list(options))
    try:
        page = autre.new_page(viewport={"width": ECRAN[0], "height": ECRAN[1]}, locale="fr-FR")
        page.set_default_timeout(ATTENTE_S * 1000)
        yield page
    finally:
        autre.close()


@pytest.mark.ci
def test_without_webgl_the_place_of_a_map_says_so_in_one_sentence_and_the_table_stands(
    demonstration: str, chromium: Browser
) -> None:
    with launched(chromium, *SANS_WEBGL) as page:
        for adresse in (f"?{PERIMETRE}&coupe=carte", f"fragilite?{PERIMETRE}"):
            page.goto(f"{demonstration}/{adresse}")
            absente = page.locator(".sans_carte")
            expect(absente).to_be_visible()
            expect(absente).to_have_text(SANS_CARTE)
            au_repos(page)
            expect(page.locator(f"{CARTE} canvas")).not_to_be_visible()
            assert coupe_par(page, ".sans_carte") == ""
            assert absente.evaluate(ETENDU), "it stands apart from the legend"
            expect(page.locator(".cartouche")).to_be_visible()
            if "coupe=carte" in adresse:
                page.get_by_text("Le tableau", exact=True).click()
            expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
            assert not re.search(r"WebGL(?! est éteint)|luma|deck\.gl|Error", page.locator(".stApp").inner_text())


@pytest.mark.long  # that no page asks another host is asserted of each page that a test opens
def test_charts_and_maps_ask_nothing_of_another_host_and_nothing_more_of_the_browser(
    demonstration: str, chromium: Browser
) -> None:
    """The address of the application is the only one that leads anywhere."""
    with launched(chromium, *OPTIONS, SEUL) as page:
        page.add_init_script(CARTES_VIDES)
        demandees, refusees = set(), []
        page.on("request", lambda r: demandees.add(urlsplit(r.url).hostname))
        page.on("requestfailed", lambda r: refusees.append(r.url) if r.failure != PARTIE else None)
        for adresse in AVEC_IMAGES:
            reponse = page.goto(f"{demonstration}/{adresse}")
            assert reponse is not None
            assert reponse.headers["content-security-policy"] == EN_TETES["Content-Security-Policy"] == CSP
            expect(page.locator(f".figure .main-svg, {CARTE} canvas").first).to_be_visible()
            au_repos(page)
        assert demandees - {None} == {"127.0.0.1"}
        assert refusees == []


def test_a_picture_that_was_left_comes_back_undrawn_and_follows_the_window_and_the_click(
    open: Ouvrir, demonstration: str
) -> None:
    page = open(f"{demonstration}/bilan?{PERIMETRE}&objectif=aci&coupe=bailleur")
    toile = page.locator(f"{FIGURE} .toile")
    expect(toile.locator(".main-svg").first).to_be_visible()
    au_repos(page)
    toile.evaluate("toile => (toile.vue = true)")
    dite = toile.text_content()
    for lieu, attendu in (("10h30", 0), ("9h30", 1)):
        page.locator(".st-key-agenda a", has_text=lieu).click()
        expect(page.locator(FIGURE)).to_have_count(attendu)
    assert toile.evaluate("toile => toile.vue") is True
    assert toile.text_content() == dite
    au_repos(page)

    page.set_viewport_size({"width": GRAND_ECRAN[0], "height": GRAND_ECRAN[1]})
    page.wait_for_function("() => document.querySelector('.toile .main-svg').getBoundingClientRect().width > 1400")
    assert coupe_par(page, f"{FIGURE} .main-svg") == ""
    marque = page.locator(".figure .scatterlayer .points path").last.bounding_box()
    assert marque
    page.mouse.click(marque["x"] + marque["width"] / 2, marque["y"] + marque["height"] / 2)
    expect(page.locator("table.fiche")).to_be_visible()


@pytest.mark.ci
def test_a_picture_of_the_desk_is_forgotten_once_a_room_draws_one(open: Ouvrir, demonstration: str) -> None:
    page = open(f"{demonstration}/bilan?{PERIMETRE}&objectif=aci&coupe=bailleur")
    toile = page.locator(f"{FIGURE} .toile")
    expect(toile.locator(".main-svg").first).to_be_visible()
    au_repos(page)
    toile.evaluate("toile => { window.laissee = toile }")
    page.locator(".st-key-agenda a", has_text="10h30").click()
    expect(page.locator(FIGURE)).to_have_count(0)
    au_repos(page)
    assert page.evaluate("Boolean(window.laissee._fullLayout)")  # kept, for who comes back to it
    page.get_by_role("button", name=re.compile("^Co-pilote")).click()
    page.get_by_role("button", name="Passer en Salle").click()
    expect(page).to_have_url(re.compile("message=introduction"))
    expect(page.locator(".bande_salle")).to_contain_text("9h00")  # the address says it before the keys know it
    au_repos(page)
    page.keyboard.press("PageDown")
    expect(page.locator(f"{FIGURE} .main-svg").first).to_be_visible()
    page.wait_for_function("() => !window.laissee._fullLayout")
