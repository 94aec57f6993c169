"""A blocage over two séances, and what typing survives: double clicks, two people, a kill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from mel_core.entrepot import Entrepot
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import blocages, decisions
from mel_core.seance.preuves import ProfilBlocage, Secteur
from mel_core.socle.periodes import Seance
from tests.ecrans.conftest import monde
from tests.jeux import chargement
from tests.navigateur.conftest import application, au_repos

pytestmark = pytest.mark.navigateur

AVANT, APRES, ICI = "2017S1", "2017S2", "ICI 2"
ROUBAIX = "59512"


@pytest.fixture
def sans_journal(tmp_path: Path) -> Path:
    """The small world, where nothing was written yet."""
    return publish(tmp_path / "donnees")


def publish(dossier: Path) -> Path:
    entrepot = Entrepot(dossier)
    with entrepot.reserve():
        entrepot.publish(chargement(**monde()))
    return dossier


def adresse_de(adresse: str, page: str, seance: str, **reste: str) -> str:
    return f"{adresse}/{page}?seance={seance}&ici={ICI.replace(' ', '%20')}" + "".join(
        f"&{cle}={valeur.replace(' ', '%20')}" for cle, valeur in reste.items()
    )


def se_nommer(page: Page, nom: str) -> None:
    champ = page.get_by_label(re.compile("^Votre nom"))  # in a room, nothing more
    champ.fill(nom)
    champ.press("Enter")
    expect(champ).to_have_count(0)
    au_repos(page)


def choose(page: Page, libelle: str, texte: str) -> None:
    """In a list, by keyboard: type, then Enter."""
    au_repos(page)  # a list that is drawn again while it opens closes
    page.get_by_label(libelle, exact=True).last.click()
    page.keyboard.type(texte)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    au_repos(page)


def taper(page: Page, libelle: str, texte: str) -> None:
    page.get_by_label(libelle, exact=True).click()
    page.keyboard.type(texte)
    page.keyboard.press("Tab")
    au_repos(page)


def report(page: Page, qui: str, communes: str, constat: str) -> None:
    expect(page.get_by_label("Ce qui bloque", exact=True)).to_be_visible()
    choose(page, "Signalé par", qui)
    choose(page, f"Communes (toute l’{ICI} si aucune)".replace(" 2", "\u00a02"), communes)
    taper(page, "Ce qui bloque", constat)
    expect(page.get_by_text("Brouillon gardé au journal")).to_be_visible()
    page.get_by_role("button", name="Envoyer aux co-pilotes").click()
    expect(page.get_by_text("Blocage envoyé")).to_be_visible()


def decide(page: Page, texte: str, responsable: str, temoin: str, cible: str, attendu: str = "") -> None:
    """By keyboard alone, from the first field to the key that acts."""
    taper(page, "Décision", texte)
    choose(page, "Responsable", responsable)
    choose(page, "Ce qui le dira", temoin)
    taper(page, "Cible (%)", cible)
    if attendu:
        choose(page, "Attendu", attendu)
    expect(page.get_by_text("Aujourd’hui :")).to_be_visible()
    choose(page, "Actent", "MEL")  # the key that empties it has the focus: it acts, and forgets nobody
    page.keyboard.press("Control+Enter")
    expect(page.locator(".acte")).to_contain_text(texte)


def journal_seme(dossier: Path, seance: str = AVANT, nom: str = "0") -> Journal:
    """One blocage, `b` and its name, kept on the agenda of this séance."""
    journal, auteur = Journal.du_dossier(dossier), Auteur("A. Essai", "MEL")
    blocage = blocages.Blocage(
        Seance.read(seance),
        ROUBAIX,
        Secteur(ICI, (ROUBAIX,)),
        "Mutations internes à l’arrêt.",
        ProfilBlocage(acces="mutation"),
    )
    fiche = blocages.report(journal, blocage, auteur, identifiant=f"b{nom}", op_id=f"s{nom}")
    blocages.order(journal, [blocages.retain(journal, fiche, auteur, f"r{nom}")], auteur, f"o{nom}")
    return journal


@pytest.fixture(scope="module")
def seme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Journal]]:
    """The small world, served, and its journal: `b0` at the first séance, `b1` at the next one, each for one test that
    writes there."""
    dossier = publish(tmp_path_factory.mktemp("seme"))
    journal = journal_seme(dossier)
    journal_seme(dossier, APRES, "1")
    with application(dossier) as adresse:
        yield adresse, journal


@pytest.mark.ci
def test_a_blocage_is_reported_sorted_decided_and_the_next_seance_opens_on_what_it_gave(sans_journal, open):
    with application(sans_journal) as adresse:
        page = open(adresse_de(adresse, "blocages", AVANT))
        se_nommer(page, "C. Essai")
        report(page, "Roubaix", "Roubaix", "Trop peu de premiers accès")
        page.get_by_role("radio", name="Trier et objectiver").click()
        page.get_by_role("button", name="Retenir").first.click()
        expect(page.get_by_role("button", name="Retenir")).to_have_count(0)
        expect(page.locator(".preuves").first).to_contain_text("Attributions")

        journal = Journal.du_dossier(sans_journal)
        ((fiche, retenu),) = blocages.find_all(journal, seance=AVANT, ici=ICI)
        assert (retenu.etat, retenu.rang, retenu.organisation) == ("retenu", 1, ROUBAIX)
        page.goto(adresse_de(adresse, "coordination", AVANT, point=fiche.identifiant))
        se_nommer(page, "C. Essai")
        # Kept at a pause, without leaving the field.
        page.get_by_label("Décision", exact=True).press_sequentially("Décision")
        expect(page.get_by_text("Brouillon gardé au journal")).to_be_visible()
        page.reload()
        se_nommer(page, "C. Essai")
        expect(page.get_by_label("Décision", exact=True)).to_have_value("Décision")
        decide(page, " de Roubaix", "Roubaix", "Ménages prioritaires (ACI) · Roubaix", "45")
        ((_, decision),) = decisions.find_all(journal, seance=AVANT)
        assert (decision.sens, decision.positions["MEL"]) == ("hausse", "acte")
        expect(page.get_by_text("Brouillon gardé au journal")).to_have_count(0)  # what is acted says itself
        page.goto(adresse_de(adresse, "introduction", APRES))
        expect(page.locator(".suites tbody tr")).to_contain_text("Décision de Roubaix")

        page.goto(adresse_de(adresse, "cloture", AVANT))
        expect(page.locator(".relue")).to_have_count(1)
        for dit, suffixe in (("docx", ".docx"), ("PDF", ".pdf")):
            with page.expect_download() as attendu:
                page.get_by_role("button", name=f"Relevé de décisions ({dit})").click()
            assert attendu.value.suggested_filename.startswith("releve-2017S1-ici-2-")
            assert attendu.value.suggested_filename.endswith(suffixe)
        lues = [p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(attendu.value.path())]
        assert "Décision de Roubaix" in "".join(lues)


@pytest.mark.ci
def test_what_is_worded_for_the_room_survives_a_reload_with_its_card_and_its_merge_is_said(sans_journal, open):
    journal = Journal.du_dossier(sans_journal)
    auteur = Auteur("Anne", "MEL", "copilote")
    for nom in ("b0", "b1"):
        blocage = blocages.Blocage(Seance.read(AVANT), ROUBAIX, Secteur(ICI, (ROUBAIX,)), f"Blocage {nom}")
        blocages.report(journal, blocage, auteur, identifiant=nom, op_id=nom)
    with application(sans_journal) as adresse:
        page = open(adresse_de(adresse, "blocages", AVANT, etape="Trier et objectiver"))
        se_nommer(page, "C. Essai")
        page.get_by_role("button", name="Objectiver et trier").last.click()
        au_repos(page)
        page.get_by_label("Ce que la Salle lira").press_sequentially("Ce que lira la Salle")
        expect(page.get_by_text("Brouillon gardé au journal")).to_be_visible()
        page.reload()
        expect(page.get_by_label("Ce que la Salle lira")).to_have_value("Ce que lira la Salle")
        expect(page).to_have_url(re.compile("blocage=b1"))
        se_nommer(page, "C. Essai")
        page.get_by_role("button", name="Garder cette formulation").click()
        expect(page.get_by_text("Formulation gardée")).to_be_visible()
        choose(page, "Regrouper avec", "Roubaix")
        page.get_by_role("button", name="Regrouper", exact=True).click()
        expect(page.get_by_text("Blocage regroupé avec")).to_be_in_viewport()  # its key is at the foot of the page
        expect(page.locator(".membre")).to_contain_text("La Salle lira : Ce que lira la Salle")


def test_a_report_sent_twice_leaves_an_empty_form_and_what_is_refused_or_corrected_is_in_sight(sans_journal, open):
    with application(sans_journal) as adresse:
        page = open(adresse_de(adresse, "blocages", AVANT, etape="Signaler"))
        se_nommer(page, "C. Essai")
        page.set_viewport_size({"width": 1366, "height": 700})  # the key is half under the strip
        page.get_by_role("button", name="Envoyer aux co-pilotes").click()
        expect(page.locator(".refuse")).to_contain_text("Le champ « Signalé par » est vide")
        au_repos(page)
        bande = page.locator(".diffusion").bounding_box()["y"]
        champ = page.get_by_role("combobox", name="Signalé par")
        expect(champ).to_be_focused()  # the field that the refusal names
        assert all(dit.evaluate(BAS) < bande for dit in (page.locator(".refuse"), champ))

        choose(page, "Signalé par", "Roubaix")
        choose(page, "Bailleur concerné (facultatif)", "B1")
        bailleur = page.get_by_label("Bailleur concerné (facultatif)")
        bailleur.press("Escape")  # the list is shut: what was chosen stays
        au_repos(page)
        expect(bailleur).to_have_value(re.compile("B1"))
        page.get_by_label("Ce qui bloque", exact=True).press_sequentially("Trop de refus")
        page.keyboard.press("Control+Enter")
        page.keyboard.press("Control+Enter")
        au_repos(page)  # while one form takes the place of another, both are on the page
        expect(page.get_by_label("Ce qui bloque", exact=True)).to_have_value("")
        au_repos(page)
        expect(page.get_by_label("Bailleur concerné (facultatif)", exact=True)).to_have_value("")
        choose(page, "Signalé par", "Roubaix")
        taper(page, "Ce qui bloque", "Un ascenseur en panne")
        page.get_by_role("button", name="Envoyer aux co-pilotes").click()
        expect(page.get_by_text("Blocage envoyé")).to_be_in_viewport()
        envoyes = [(b.constat, b.bailleur) for _, b in blocages.find_all(Journal.du_dossier(sans_journal))]
        assert envoyes == [("Trop de refus", "B1"), ("Un ascenseur en panne", "")]

        page.get_by_role("button", name="Corriger", exact=True).last.click()
        au_repos(page)
        expect(page.get_by_label("Ce qui bloque", exact=True)).to_be_focused()
        expect(page.get_by_text("Vous corrigez")).to_be_in_viewport(ratio=1)


TOUCHE, BANDE = ".st-key-acter_decision", ".bande_salle"
BAS = "x => x.getBoundingClientRect().bottom"
HAUTEURS = """() => [...document.querySelectorAll('.st-key-decision *')]
  .filter((x) => x.checkVisibility() && [...x.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((x) => [x.textContent, parseFloat(getComputedStyle(x).fontSize) / innerHeight])"""


def test_in_a_room_the_form_of_a_decision_is_labelled_as_large_as_what_is_looked_up(seme, open):
    page = open(adresse_de(seme[0], "coordination", AVANT, point="b0", salle="oui"))
    se_nommer(page, "C. Premier")
    expect(page.locator(".st-key-decision").get_by_text("Avec réserve").first).to_be_visible()
    hauteurs = page.evaluate(HAUTEURS)
    assert "Avec réserve" in [dit for dit, _ in hauteurs]
    assert [x for x in hauteurs if x[1] < 0.0249] == []
    # The fields scroll over the key that acts, never under it; why an empty decision is refused is read over the key.
    page.get_by_role("button", name="Acter la décision").click()
    expect(page.locator(".refuse")).to_have_text("Le champ « Décision » est vide : le remplir.")
    expect(page.get_by_label("Décision", exact=True)).to_be_focused()
    places = [page.locator(f".stApp {x}").bounding_box() for x in (".st-key-champs_decision", ".refuse", TOUCHE, BANDE)]
    assert all(haut["y"] + haut["height"] <= bas["y"] + 1 for haut, bas in pairwise(places))


@pytest.mark.ci
def test_a_double_click_or_two_tabs_make_one_decision_and_a_second_text_is_shown_beside_the_first(seme, open):
    adresse, journal = seme
    lien = adresse_de(adresse, "coordination", AVANT, point="b0")
    une, autre = open(lien), open(lien)
    se_nommer(une, "C. Premier")
    se_nommer(autre, "D. Second")
    decide(une, "Le premier texte", "MEL", "Mutations complexes ou bloquées · Roubaix", "6")
    une.get_by_role("button", name="Corriger la décision").dblclick()
    au_repos(une)
    ((_, decision),) = decisions.find_all(journal, seance=AVANT)
    assert decision.texte == "Le premier texte"
    assert journal.historique("decision", decisions.find_all(journal, seance=AVANT)[0][0].identifiant)[-1].version == 1

    # The second one had the empty form on screen, and types over it.
    taper(autre, "Décision", "Le second texte")
    expect(autre.locator("section.version")).to_contain_text("Le premier texte")
    expect(autre.get_by_role("button", name="Garder le mien")).to_be_visible()
    expect(autre.get_by_label("Décision", exact=True)).to_have_value("Le second texte")
    assert decisions.find_all(journal, seance=AVANT)[0][1].texte == "Le premier texte"


@pytest.mark.long  # what a cut loses is played once by test_coupures
def test_a_kill_of_the_server_loses_at_most_the_field_that_was_not_left(sans_journal, open):
    journal = journal_seme(sans_journal)
    for tour in range(3):
        with application(sans_journal, tuer=True) as adresse:
            page = open(adresse_de(adresse, "coordination", AVANT, point="b0"))
            se_nommer(page, "C. Essai")
            champ = page.get_by_label("Décision", exact=True)
            champ.fill(f"Texte du tour {tour}")
            champ.press("Tab")
            au_repos(page)
            expect(page.get_by_text("Brouillon gardé au journal")).to_be_visible()
            champ.press("Control+End")
            page.keyboard.type(", et ce qui n’est pas quitté")
    with application(sans_journal) as adresse:
        page = open(adresse_de(adresse, "coordination", AVANT, point="b0"))
        se_nommer(page, "C. Essai")
        expect(page.get_by_label("Décision", exact=True)).to_have_value("Texte du tour 2")
    textes = [f.contenu.get("texte") for f in journal.ecritures() if f.objet == "brouillon-decision"]
    assert sorted(textes) == [f"Texte du tour {tour}" for tour in range(3)]
    assert journal.verify() == []


@pytest.mark.long
def test_the_key_that_acts_takes_the_last_word_typed(sans_journal, open):
    journal = journal_seme(sans_journal)
    with application(sans_journal) as adresse:
        page = open(adresse_de(adresse, "coordination", AVANT, point="b0"))
        se_nommer(page, "C. Essai")
        choose(page, "Responsable", "MEL")
        for fin in ("mutations", "mutations une par une"):
            page.get_by_label("Décision", exact=True).press("ControlOrMeta+a")
            page.keyboard.type(f"Reprendre les {fin}")
            page.keyboard.press("Control+Enter")  # before the field is left
            expect(page.locator(".acte")).to_contain_text(f"Reprendre les {fin} (")
        ((fiche, decision),) = decisions.find_all(journal)
        assert (decision.texte, fiche.version) == ("Reprendre les mutations une par une", 2)
        choose(page, "Ce qui le dira", "Mutations complexes ou bloquées · Roubaix")
        choose(page, "Attendu", "au moins")
        for cible in ("6", "7"):
            page.get_by_label("Cible (%)", exact=True).press("ControlOrMeta+a")
            page.keyboard.type(cible)
            page.keyboard.press("Control+Enter")
            au_repos(page)
            assert decisions.find_all(journal)[0][1].cible == Fraction(int(cible), 100)


@pytest.mark.long
def test_a_list_open_gives_one_name_to_enter_and_nothing_to_the_key_that_acts(sans_journal, open):
    journal = journal_seme(sans_journal)
    with application(sans_journal) as adresse:
        page = open(adresse_de(adresse, "coordination", AVANT, point="b0"))
        se_nommer(page, "C. Essai")
        choose(page, "Responsable", "MEL")
        taper(page, "Décision", "Reprendre les mutations")
        reserve = page.get_by_label("Avec réserve", exact=True)
        reserve.click()
        page.get_by_role("option").first.wait_for()
        assert not {"Tout choisir", "Select all"} & set(page.get_by_role("option").all_inner_texts())
        page.keyboard.type("e")  # several of them match
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        au_repos(page)
        page.get_by_label("Renvoyé", exact=True).click()
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("Control+Enter")  # closes the list, and takes nobody
        expect(page.get_by_role("option")).to_have_count(0)
        au_repos(page)
        assert decisions.find_all(journal) == []
        page.keyboard.press("Control+Enter")
        expect(page.locator(".acte")).to_contain_text("Reprendre les mutations")
        ((_, decision),) = decisions.find_all(journal)
        assert [p for p in decision.positions.values() if p != "non_exprimee"] == ["reserve"]


@pytest.mark.long
def test_the_timer_of_an_item_goes_on_through_a_reload_and_starts_again_when_asked(sans_journal, open):
    journal_seme(sans_journal)

    def ecoule(page: Page) -> int:
        minutes, secondes = page.locator("#minuteur b").inner_text().split(":")
        return 60 * int(minutes) + int(secondes)

    with application(sans_journal) as adresse:
        page = open(adresse_de(adresse, "coordination", AVANT, point="b0"))
        au_repos(page)
        ouvert = "() => sessionStorage.setItem(Object.keys(sessionStorage).find(c => c.startsWith('minuteur ')), {})"
        expect(page.locator("#minuteur b")).to_have_text(re.compile(r"00:0[1-9]"))
        # Opened three minutes ago, then loaded again.
        page.evaluate(ouvert.format("Date.now() / 1000 - 180"))
        page.reload()
        expect(page.locator("#minuteur b")).to_have_text(re.compile(r"03:\d\d"))
        page.get_by_role("button", name="Relancer").click()
        expect(page.locator("#minuteur b")).to_have_text(re.compile(r"00:\d\d"))
        page.reload()
        au_repos(page)
        assert ecoule(page) < 120  # from the new start
        # The evening before, in the same tab: another day begins from nothing.
        page.evaluate(ouvert.format("Date.now() / 1000 - 12 * 3600"))
        page.reload()
        expect(page.locator("#minuteur b")).to_have_text(re.compile(r"00:\d\d"))


def textes_gardes(journal: Journal) -> list[str]:
    return [f.contenu.get("texte", "") for f in journal.find_all("brouillon-decision")]


@pytest.mark.ci
def test_without_network_what_is_typed_and_acted_waits_and_makes_one_decision(seme, open):
    adresse, journal = seme
    page = open(adresse_de(adresse, "coordination", APRES, point="b1"))
    se_nommer(page, "C. Essai")
    choose(page, "Responsable", "MEL")
    page.context.set_offline(True)
    page.get_by_label("Décision", exact=True).click()
    page.keyboard.type("Écrit sans réseau", delay=60)
    page.wait_for_timeout(4000)
    assert not any("réseau" in texte for texte in textes_gardes(journal))
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(3000)
    assert decisions.find_all(journal, seance=APRES) == []
    page.context.set_offline(False)
    expect(page.locator(".acte")).to_contain_text("Écrit sans réseau")
    expect(page.get_by_label("Décision", exact=True)).to_have_value("Écrit sans réseau")
    ((fiche, decision),) = decisions.find_all(journal, seance=APRES)
    assert (decision.texte, len(journal.historique("decision", fiche.identifiant))) == ("Écrit sans réseau", 1)
