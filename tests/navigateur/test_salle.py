"""Salle in a real browser, without a login: a rehearsal of one tab, that says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Blocage, blocages
from mel_core.seance.preuves import Secteur
from mel_core.socle.periodes import Seance
from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, application, au_repos, seen_at
from tests.navigateur.test_coordination import AVANT, BAS, ICI, ROUBAIX, adresse_de, publish

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
LISTES = "mes_listes?seance=2017S2&segment=poulidor"
NOM = "Votre nom"


def test_a_rehearsed_salle_closes_the_lists_of_its_tab_says_so_and_opens_on_a_confirmation(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/{LISTES}")
    expect(page.get_by_label(NOM)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Co-pilote")).click()
    page.get_by_role("button", name="Passer en Salle").click()
    expect(page.locator(".refus")).to_contain_text("en Salle, où aucune liste ne s’ouvre")
    expect(page.get_by_label(NOM)).to_have_count(0)
    expect(page.locator(".stDataFrame")).to_have_count(0)
    # The menu closed with the desk: over a message, it would hide it.
    expect(page.get_by_text("Sans connexion, c’est une répétition")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^En Salle")).click()
    expect(page.get_by_text("Sans connexion, c’est une répétition")).to_be_visible()
    page.get_by_role("button", name="Revenir en Préparation").click()
    page.get_by_role("button", name="Confirmer le retour en Préparation").click()
    expect(page.get_by_label(NOM)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Co-pilote")).click()
    page.get_by_role("button", name="Passer en Salle").click()
    expect(page.locator(".refus")).to_be_visible()
    page.reload()  # the room stays where it was
    expect(page.locator(".refus")).to_be_visible()
    expect(page.get_by_label(NOM)).to_have_count(0)
    assert [c["name"] for c in page.context.cookies() if not c["name"].startswith("_streamlit")] == []


def test_a_room_at_the_end_of_the_day_signs_without_scrolling_and_is_not_sent_to_where_the_dossier_is_made(
    demonstration: str, open: Ouvrir
) -> None:
    for salle, est_dite in (("non", True), ("oui", False)):
        page = open(f"{demonstration}/cloture?seance=2017S2&ici=ICI%202&salle={salle}")
        expect(page.get_by_role("button", name="Relevé de décisions (docx)")).to_be_visible()
        expect(page.get_by_text("se compose dans Préparer")).to_be_visible(visible=est_dite)
    page.get_by_role("button", name="Relu, à signer").click()
    expect(page.get_by_role("button", name="Signer le relevé")).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Préparer › Blocages")).to_have_count(0)


MESSAGE_ABSENT = "bilan?seance=2017S2&ici=ICI 2&message=zz"
LEVIER_AU_DELA = "bilan?seance=2017S2&ici=ICI 2&objectif=equilibre&coupe=levier&cible_equilibre=250"
SEGMENT_ABSENT = "orientations?seance=2017S2&ici=ICI 2&segment=zzz"


@pytest.mark.ci
@pytest.mark.parametrize(
    ("lien", "demande"),
    [
        (MESSAGE_ABSENT, "zz"),
        pytest.param(LEVIER_AU_DELA, "250", marks=pytest.mark.long),
        pytest.param(SEGMENT_ABSENT, "zzz", marks=pytest.mark.long),
    ],
)
def test_a_link_to_nothing_is_said_once_all_rests_above_the_page_or_in_the_strip_of_salle_which_is_not_pushed(
    demonstration: str, open: Ouvrir, lien: str, demande: str
) -> None:
    dit = f"Le lien demande «\u00a0{demande}\u00a0», qui n’existe pas ici"
    page = open(f"{demonstration}/{lien}")
    expect(page.locator(".refus")).to_contain_text(dit)
    page.wait_for_timeout(500)  # a lever asks for its answers once it is drawn: its piece of the page is drawn again
    au_repos(page)
    expect(page.locator(".refus")).to_contain_text(dit)
    page = open(f"{demonstration}/{lien}&salle=oui")
    avis, ou = page.locator(".bande_salle .avis"), "voir «\u00a0Où aller\u00a0?\u00a0»."
    expect(avis).to_have_text(f"{dit}\u00a0: {ou}")
    au_repos(page)
    expect(avis).to_have_text(f"{dit}\u00a0: {ou}")
    expect(page.locator(".refus")).to_have_count(0)
    assert avis.evaluate("a => a.scrollWidth <= a.clientWidth")  # whole
    bande, bouton = (page.locator(x).bounding_box() for x in (".bande_salle", ".bande_salle button >> nth=-1"))
    assert bande is not None
    assert bouton is not None
    assert bouton["x"] + bouton["width"] <= bande["width"]
    page.keyboard.press("PageDown")
    expect(avis).to_have_count(0)


@pytest.mark.parametrize("lieu", ["fiche=zz", "lieu=zz"])
def test_a_link_to_a_place_that_is_not_there_is_said_in_the_strip_and_opens_no_menu(
    demonstration: str, open: Ouvrir, lieu: str
) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=equilibre&salle=oui&{lieu}")
    expect(page.locator(".bande_salle .avis")).to_contain_text("Le lien demande «\u00a0zz\u00a0»")
    expect(page.locator(".refus")).to_have_count(0)
    expect(page.locator(".st-key-agenda")).to_be_hidden()


def test_one_goes_up_to_the_metropole_and_back_to_the_message_that_was_left(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=equilibre&coupe=commune&salle=oui")
    bande = page.locator(".bande_salle")
    expect(bande).to_contain_text(re.compile(r"\d+ / \d+"))
    au_repos(page)
    page.keyboard.press("ArrowUp")
    expect(bande).to_contain_text("‹ revenir à : Équilibre 50/50 : commune")
    au_repos(page)
    page.keyboard.press("PageUp")
    expect(page).to_have_url(re.compile("ici=ICI\\+2.*message=bilan-equilibre-commune"))
    expect(bande).not_to_contain_text("revenir à")


@pytest.mark.ci
def test_passing_into_salle_opens_the_first_message_of_the_day_and_later_the_one_that_was_left(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI%202&objectif=aci")
    expect(page.locator(".st-key-message")).to_contain_text("ménages ACI")
    page.get_by_role("button", name=re.compile("^Co-pilote")).click()
    page.get_by_role("button", name="Passer en Salle").click()
    expect(page).to_have_url(re.compile("introduction.*message=introduction"))
    expect(page.locator(".bande_salle")).to_contain_text("9h00")
    au_repos(page)
    page.keyboard.press("PageDown")
    expect(page).to_have_url(re.compile("message=(?!introduction)"))
    laisse = page.url.partition("message=")[2].partition("&")[0]
    au_repos(page)
    page.get_by_role("button", name="Où aller ?").click()
    page.get_by_role("button", name="Séance, ICI, profil, retour en Préparation").click()
    page.get_by_role("button", name=re.compile("^En Salle")).click()
    page.get_by_role("button", name="Revenir en Préparation").click()
    page.get_by_role("button", name="Confirmer le retour en Préparation").click()
    au_repos(page)  # both frames are in the page while one follows the other
    page.get_by_role("link", name="Simuler").click()
    au_repos(page)
    page.get_by_role("button", name=re.compile("^Co-pilote")).click()
    page.get_by_role("button", name="Passer en Salle").click()
    expect(page).to_have_url(re.compile(f"message={re.escape(laisse)}(&|$)"))


def test_a_message_longer_than_the_screen_is_read_to_its_end_by_the_key_of_the_remote(
    tmp_path: Path, open: Ouvrir
) -> None:
    dossier = publish(tmp_path / "donnees")
    journal, auteur, seance = Journal.du_dossier(dossier), Auteur("C. Essai", "MEL"), Seance.read(AVANT)
    for rang in range(14):
        dit = f"Les grands logements manquent, {rang}"
        blocage = Blocage(seance, ROUBAIX, Secteur(ICI, (ROUBAIX,)), dit, dit=dit)
        fiche = blocages.report(journal, blocage, auteur, identifiant=f"b{rang}", op_id=f"b{rang}")
        if not rang:
            porteur = blocages.retain(journal, fiche, auteur, "retenu")
        else:
            blocages.tie(journal, fiche, porteur, auteur, f"m{rang}")
    with application(dossier) as adresse:
        page = open(adresse_de(adresse, "coordination", AVANT, point="b0", salle="oui"))
        bande, sous = page.locator(".bande_salle"), page.locator(".preuves tbody tr").last
        expect(bande).to_contain_text("suite ↓")
        bas = bande.evaluate("b => b.getBoundingClientRect().top")
        assert sous.evaluate(BAS) > bas
        url = page.url
        for _ in range(4):
            page.keyboard.press("PageDown")
            if sous.evaluate(BAS) <= bas:
                break
        assert sous.evaluate(BAS) <= bas
        assert page.url == url
        for taille in (GRAND_ECRAN, ECRAN):  # what the message is about stays over what it says
            seen_at(page, taille)
            expect(page.locator(".st-key-message")).to_be_in_viewport(ratio=1)
            expect(page.locator(".st-key-decision").get_by_label(NOM)).to_be_in_viewport(ratio=1)
        page.keyboard.press("PageUp")
        assert sous.evaluate(BAS) > bas
        while "suite ↓" in bande.inner_text():
            page.keyboard.press("PageDown")
        page.keyboard.press("PageDown")
        expect(page).not_to_have_url(url)
        au_repos(page)
        assert page.locator(".stMainBlockContainer").evaluate("p => p.scrollTop") == 0
