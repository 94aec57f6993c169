"""Mes listes in a real browser: a commune reads its own households and why, exports them; nobody else does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.coffre import Coffre
from mel_core.journal import Journal
from mel_core.segments import Criteres, find_all
from mel_core.segments.listes import suites
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import add_ouvres
from tests.jeux import ROUBAIX
from tests.navigateur.conftest import application, au_repos
from tests.navigateur.test_orientations import publish

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

Ouvrir = Callable[[str], Page]


@pytest.fixture(scope="module")
def magasin(tmp_path_factory: pytest.TempPathFactory) -> Entrepot:
    return publish(tmp_path_factory.mktemp("listes"))


@pytest.fixture(scope="module")
def adresse(magasin: Entrepot) -> Iterator[str]:
    with application(magasin.dossier) as url:
        yield f"{url}/mes_listes?seance=2017S2&segment=poulidor"


def prendre_le_profil(page: Page, profil: str, code: str = "") -> None:
    """By the menu of the strip, as in a rehearsal."""
    au_repos(page)
    page.get_by_role("button", name=re.compile("^Co-pilote")).click()
    page.locator(".st-key-profil_type input").click()
    page.get_by_role("option", name=profil, exact=True).click()
    if code:
        expect(page.locator(".st-key-profil_code label")).to_contain_text(profil)
        au_repos(page)
        page.locator(".st-key-profil_code input").click()
        page.keyboard.type(code)
        page.get_by_role("option", name=code, exact=True).click()
    take = page.get_by_role("button", name="Prendre ce profil")
    take.click()
    expect(page.locator(".st-key-profil_menu button").first).to_contain_text(profil.split(" (")[0])
    if code:  # the first click may have come before the screen knew the code
        take.click()


def sign(page: Page) -> None:
    au_repos(page)
    page.get_by_label("Votre nom, qui signe ce que vous écrivez").fill("M. Martin")
    page.keyboard.press("Enter")


def taken(page: Page, dossier: Path) -> tuple[str, list[list[Any]], dict[Any, Any]]:
    """The workbook that the screen gives: its name, its list, what is stamped on it."""
    page.get_by_role("button", name="Préparer l’export").click()
    with page.expect_download() as attendu:
        page.get_by_role("button", name="Télécharger le classeur").click()
    nom = attendu.value.suggested_filename
    attendu.value.save_as(dossier / nom)
    classeur = CalamineWorkbook.from_path(dossier / nom)
    return nom, classeur.get_sheet_by_name("Liste").to_python(), dict(classeur.get_sheet_by_name("À lire").to_python())


def test_a_commune_exports_its_own_households_and_each_question_is_in_the_journal_once_with_no_household(
    adresse: str, magasin: Entrepot, open: Ouvrir, tmp_path: Path
) -> None:
    journal = Journal.du_dossier(magasin.dossier)

    def vues() -> list[tuple[str, int, str]]:
        traces = journal.find_all("audit", geste="consultation", organisation=ROUBAIX)
        return [(f.contenu["titre"], f.contenu["n"], f.contenu["filtres"]["Réglages"]) for f in traces]

    page = open(adresse)
    prendre_le_profil(page, "Commune", "Roubaix")
    sign(page)
    expect(page.locator(".st-key-seance input")).to_be_focused()  # the field of the name has gone
    expect(page.locator(".st-key-message")).to_contain_text("Roubaix")
    expect(page.locator(".st-key-message")).to_contain_text("100\u00a0demandes")
    expect(page.locator(".stDataFrame canvas").first).to_be_visible()
    # each with its reason
    nom, (tetes, *lignes), tampon = taken(page, tmp_path)
    assert nom.startswith("menages-poulidor-roubaix-")
    with magasin.open(Portee.commune(ROUBAIX)) as lecteur:
        voulue = find_all(lecteur, "poulidor", Criteres(date(2017, 12, 31)), passages_dits=True)
    dossier, pourquoi = tetes.index("Dossier"), tetes.index("Pourquoi")
    assert [(x[dossier], x[pourquoi]) for x in lignes] == list(
        voulue[["pseudonyme", "motif"]].itertuples(index=False, name=None)
    )
    assert tampon["Extrait par"] == "M. Martin (Roubaix)"
    assert tampon["Filtre : Segment"] == "Ménages Poulidor"
    traces = journal.find_all("audit", geste="export", organisation=ROUBAIX)
    assert [(f.auteur.nom, f.contenu["n"]) for f in traces] == [("M. Martin", 100)]
    assert vues() == [("Ménages Poulidor", 100, "2 fois au moins, fenêtre de 24 mois")]
    # the file of another question is not offered
    expect(page.get_by_role("button", name="Télécharger le classeur")).to_be_visible()
    page.keyboard.press("Escape")  # the menu of the profiles is still open over the filters
    page.locator(".st-key-fenetre").get_by_role("radio", name="toujours").click()
    expect(page.locator(".st-key-message")).to_contain_text("depuis toujours")
    expect(page.get_by_role("button", name="Télécharger le classeur")).to_have_count(0)
    expect(page.locator(".stDataFrame canvas").first).to_be_visible()
    assert [reglages for _, _, reglages in vues()[1:]] == snapshot(["2 fois au moins, fenêtre illimitée"])
    # another order is the same question
    page.locator(".st-key-liste_sens input").click()
    page.get_by_role("option", name="croissant", exact=True).click()
    au_repos(page)
    assert len(vues()) == 2
    # by keyboard alone, a line after the other: nine keys each, and the next one has the focus
    page.locator(".stDataFrame canvas").first.focus()
    for n in (1, 2):
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="Noter pour 1\u00a0ménage")).to_be_visible()
        au_repos(page)
        page.keyboard.press("Enter")
        page.keyboard.type("posit")
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
        au_repos(page)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Cocher une ou plusieurs lignes")).to_be_visible()
        assert len(journal.find_all(suites.OBJET, organisation=ROUBAIX, code="positionne")) == n
        # in this order what is noted stays first
        expect(page.locator(f"#glide-cell-1-{n}:focus")).to_have_count(1)
    # two lines at once, with a day that is typed and not left: the line between them comes next
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Noter pour 1\u00a0ménage")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#glide-cell-1-4:focus")).to_have_count(1)
    entre = page.locator("#glide-cell-1-3").text_content() or ""
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Noter pour 2\u00a0ménages")).to_be_visible()
    for champ, touches in (("code", ("contact",)), ("etape", ("rappeler",)), ("delai", ("ArrowDown", "End"))):
        au_repos(page)
        page.locator(f".st-key-suite_{champ} input").focus()
        for touche in touches:
            page.keyboard.press(touche) if touche[0].isupper() else page.keyboard.type(touche)
        page.keyboard.press("Enter")
    au_repos(page)
    page.locator(".st-key-suite_echeance [role=spinbutton]").first.focus()
    page.keyboard.type(f"{(jour := add_ouvres(aujourd_hui(), 30)):%d%m%Y}")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".acte")).to_contain_text("pour 2\u00a0ménages")
    assert len(journal.find_all(suites.OBJET, organisation=ROUBAIX, echeance=jour.isoformat())) == 2
    expect(page.locator("#glide-cell-1-4:focus")).to_have_text(entre)  # those two stand with the first ones
    keeps_the_focus(page)


@pytest.mark.long  # once, on a loaded server, the focus was elsewhere: not reproduced
def test_what_is_refused_of_a_note_has_the_focus(adresse: str, open: Ouvrir) -> None:
    """So does a list that nothing was chosen in, once Ctrl + Enter has closed it."""
    page = open(adresse)
    prendre_le_profil(page, "Commune", "Roubaix")
    sign(page)
    expect(page.locator(".stDataFrame canvas").first).to_be_visible()
    page.keyboard.press("Escape")
    au_repos(page)
    page.locator(".stDataFrame canvas").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Noter pour 1\u00a0ménage")).to_be_visible()
    au_repos(page)
    page.keyboard.press("Enter")
    page.keyboard.type("zzz")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".st-key-suite_code input")).to_be_focused()
    page.keyboard.type("contact")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    au_repos(page)
    note = page.get_by_label("Note (facultative)")
    note.fill("06 12 34 56 78")
    bouton = page.locator(".st-key-suite_noter button")
    bouton.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".acte")).to_contain_text("numéro de téléphone")
    expect(note).to_be_focused()


def keeps_the_focus(page: Page) -> None:
    """By keyboard: a popover has it as it opens, and gives it back or to what comes next; a filter that is taken out
    leaves it to what is beside; one Tab leaves the list, which is as high as the screen leaves."""
    au_repos(page)
    menu, volet = page.locator(".st-key-profil_menu button").first, page.get_by_test_id("stPopoverBody")
    suivant = page.locator(".st-key-seance input")
    for touches, ou in ((["Tab", "Escape"], menu), (["Tab", "Shift+Tab"], menu), (["Tab"] * 4, suivant)):
        menu.focus()
        page.keyboard.press("Enter")
        expect(volet).to_be_focused()
        for touche in touches:
            page.keyboard.press(touche)
        expect(volet).to_have_count(0)
        expect(ou).to_be_focused()
    page.locator(".st-key-liste_typologies input").focus()
    page.keyboard.type("T2")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.locator(".st-key-sans_filtre button").focus()  # of an open list, the rest of the page has no role
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-liste_sens input")).to_be_focused()
    page.locator(".stDataFrame canvas").first.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Avec les numéros uniques")).to_be_focused()
    page.locator(".st-key-segment input").focus()
    page.keyboard.type("aci en")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    for large, haut, dite in ((1366, 768, r"38[34]"), (1920, 1080, "568px")):
        page.set_viewport_size({"width": large, "height": haut})
        expect(page.locator("[class*=st-key-liste_grille_]")).to_have_css("height", re.compile(dite))


def tick_the_first_line(page: Page) -> None:
    """Its box is drawn on a canvas."""
    expect(page.locator(".stDataFrame canvas").first).to_be_visible()
    cadre = page.locator(".stDataFrame").bounding_box()
    assert cadre is not None
    au_repos(page)
    page.mouse.click(cadre["x"] + 16, cadre["y"] + 53)


@pytest.mark.long
def test_an_outcome_is_noted_for_the_line_ticked_and_a_tick_never_passes_to_another_when_the_order_changes(
    adresse: str, magasin: Entrepot, open: Ouvrir
) -> None:
    page = open(adresse)
    prendre_le_profil(page, "Commune", "Roubaix")
    sign(page)
    for ordre in ("croissant", "décroissant"):
        tick_the_first_line(page)
        expect(page.get_by_role("button", name="Noter pour 1\u00a0ménage")).to_be_visible()
        page.locator(".st-key-liste_sens input").click()
        page.get_by_role("option", name=ordre, exact=True).click()
        expect(page.get_by_text("Cocher une ou plusieurs lignes")).to_be_visible()
        expect(page.get_by_role("button", name="Noter pour 1\u00a0ménage")).to_have_count(0)
    tick_the_first_line(page)
    page.locator(".st-key-suite_code input").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="positionné").click()
    page.get_by_role("button", name="Noter pour 1\u00a0ménage").click()
    expect(page.locator(".acte")).to_contain_text("« positionné » noté pour 1\u00a0ménage")
    with magasin.open(Portee.commune(ROUBAIX)) as lecteur:
        premiere = find_all(lecteur, "poulidor", Criteres(date(2017, 12, 31)))["pseudonyme"].iloc[0]
    ((_, suite),) = suites.read(Journal.du_dossier(magasin.dossier), ROUBAIX, [premiere]).values()
    assert suite.dite == "positionné"


@pytest.mark.long
def test_a_bailleur_that_instructs_exports_the_numeros_of_its_own_candidates_and_a_co_pilot_never(
    adresse: str, magasin: Entrepot, open: Ouvrir, tmp_path: Path
) -> None:
    # In the drawn tables pseudonyms are m0 to m99: their numbers, and those of households that B1 never saw.
    Coffre(magasin.dossier).keep({f"{q}{i}": f"999{q}{i:05}" for q in "ma" for i in range(100)})
    page = open(adresse.replace("segment=poulidor", "segment=attente_24&mois_attente_24=30"))
    sign(page)
    au_repos(page)
    page.locator(".st-key-commune input").click()
    page.keyboard.type("Lille")
    page.get_by_role("option", name="Lille", exact=True).click()
    expect(page.locator(".st-key-message")).to_contain_text("Lille")
    expect(page.get_by_role("button", name="Préparer l’export")).to_be_visible()
    expect(page.get_by_text("Avec les numéros uniques")).to_have_count(0)
    _, _, tampon = taken(page, tmp_path)
    assert tampon["Extrait par"] == "M. Martin (MEL)"
    assert tampon["Filtre : Segment"] == snapshot("Plus de 30 mois sans proposition enregistrée")
    assert tampon["Filtre : Réglages"] == "attente de 30 mois"
    assert tampon["Filtre : Règle"].replace("\u00a0", " ") == snapshot(
        "les demandes qui attendent depuis plus de 30 mois sans proposition enregistrée"
    )
    # a bailleur; it reads why no more
    page.goto(adresse)
    prendre_le_profil(page, "Bailleur", "Bailleur B1")
    sign(page)
    # 100 were second twice or more; the bails of 12 of them were signed with B1
    expect(page.locator(".st-key-message")).to_contain_text("88\u00a0candidats")
    expect(page.get_by_text("Un bailleur voit ses attributions")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Avec les numéros uniques").click()
    _, (tetes, *lignes), _ = taken(page, tmp_path)
    dossiers = [x[tetes.index("Dossier")] for x in lignes]
    assert len(dossiers) == 88
    assert [x[tetes.index("Numéro unique")] for x in lignes] == [f"999m{int(str(d)[1:]):05}" for d in dossiers]
    traces = Journal.du_dossier(magasin.dossier).find_all("audit", geste="export", organisation="B1")
    assert [f.contenu["avec_numeros"] for f in traces] == [True]
