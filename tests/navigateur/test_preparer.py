"""Préparer in a real browser: questions answered, vintages compared, a version of a parameter added and seen."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.mots import d_un_trait
from tests.navigateur.conftest import application, au_repos

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]


def write(dossier: Path, n_aci: int) -> Path:
    """Ten first-access attributions of 2017S2, `n_aci` to ACI households; names and codes are not the contract's."""
    dossier.mkdir()
    (dossier / "bailleurs.csv").write_text("code_bailleur;appellation\nB1;Essai\n", encoding="utf-8")
    with (dossier / "attributions.csv").open("w", encoding="utf-8", newline="") as fichier:
        plume = csv.writer(fichier, delimiter=";")
        noms = "id_attribution numero_unique date_bail code_insee code_bailleur mutation reservataire aci dalo pdalhpd"
        plume.writerow(noms.split())
        for i in range(10):
            aci = "O" if i < n_aci else "N"
            qui = "Ville" if i else "Panier"
            plume.writerow([f"A{i}", f"999{i:015d}", "30/09/2017", "59350", "B1", "N", qui, aci, "N", "N"])
    return dossier


def deposer(page: Page, jeu: Path) -> None:
    au_repos(page)
    page.locator(".st-key-depot input[type=file]").set_input_files(sorted(jeu.iterdir()))
    page.get_by_role("button", name="Contrôler").click()
    expect(page.get_by_text("Rapport de contrôle")).to_be_visible()


def sign(page: Page) -> None:
    au_repos(page)
    if page.get_by_label("Votre nom, qui signe").count():  # asked once a session
        page.get_by_label("Votre nom, qui signe").fill("Camille Essai")
        page.get_by_label("Votre nom, qui signe").press("Enter")
        expect(page.get_by_role("button", name="Saisi par Camille Essai")).to_be_visible()


def choose(page: Page, rang: int, reponse: str) -> None:
    """By typing: only the options in view exist in the page; a list that opens closes when the page scrolls."""
    au_repos(page)
    champ = page.get_by_test_id("stForm").get_by_role("combobox").nth(rang)
    champ.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    champ.fill(reponse)
    page.get_by_role("option", name=re.compile(f"^{reponse}( |$)")).click()


@pytest.mark.long
def test_questions_are_answered_once_two_vintages_compared_and_a_version_added(tmp_path, open):
    premier, second = write(tmp_path / "premier", 4), write(tmp_path / "second", 6)
    with application(tmp_path / "donnees") as adresse:
        page = open(f"{adresse}/imports")
        page.get_by_text("Ces données sont fictives").click()
        deposer(page, premier)
        expect(page.get_by_text("1 question et 2 propositions à vérifier avant de publier")).to_be_visible()
        formulaire = page.get_by_test_id("stForm")
        assert "Que veut dire « Panier » dans « Réservataire » ?" in d_un_trait(formulaire.inner_text())
        proposees = formulaire.locator("button[aria-pressed=true]")
        assert sorted(map(d_un_trait, proposees.all_inner_texts())) == [
            "Ville → COLTER collectivité territoriale",
            "appellation (Essai…) → Nom du bailleur",
        ]
        # By the keyboard: what is unticked is asked next, without its proposal.
        au_repos(page)
        proposees.filter(has_text="Ville").focus()
        page.keyboard.press("Space")
        expect(proposees).to_have_count(1)
        choose(page, 0, "AUTRES")
        page.get_by_role("button", name="Garder ces réponses").click()
        expect(page.get_by_text("1 question avant de publier")).to_be_visible()
        assert "Que veut dire « Ville » dans « Réservataire » ?" in d_un_trait(formulaire.inner_text())
        choose(page, 0, "COLTER")
        page.get_by_role("button", name="Garder ces réponses").click()
        expect(page.get_by_text("5 réponses gardées")).to_be_visible()
        sign(page)
        page.get_by_role("button", name="Publier ce jeu de données").click()
        expect(page.get_by_text("Jeu de données publié")).to_be_visible()

        # The next import of the same export asks nothing, and says what it would move: 4 of 10, then 6 of 10.
        page.goto(f"{adresse}/imports")
        page.get_by_text("Données fictives en place : 2 tables sur 10").click()
        en_place = page.locator('table.lu:has(caption:text-is("Tables en place")) tbody tr')
        expect(en_place.filter(has_text="demandes")).to_contain_text("table absente")
        expect(en_place.filter(has_text="attributions")).to_contain_text("typologie")
        page.get_by_text("Ces données sont fictives").click()
        deposer(page, second)
        expect(page.get_by_text(re.compile("questions?|propositions? à vérifier"))).to_have_count(0)
        page.get_by_role("button", name="Comparer").click()
        expect(page.get_by_text("Ce que la publication changerait")).to_be_visible()
        chiffres = page.locator('table.lu:has(caption:text-is("Chiffres avant et après")) tbody tr')
        expect(chiffres).to_have_count(4)
        aci = next(d_un_trait(t) for t in chiffres.all_inner_texts() if "ACI" in t)
        assert "40 % (4 sur 10)" in aci
        assert "60 % (6 sur 10)" in aci
        assert "2 reclassées" in aci
        sign(page)
        page.get_by_role("button", name="Publier ce jeu de données").click()
        expect(page.get_by_text("Jeu de données publié")).to_be_visible()

        page.goto(f"{adresse}/objectifs?seance=2017S2")
        page.get_by_role("tab", name="Ajouter une version").click()
        au_repos(page)
        page.get_by_test_id("stForm").get_by_role("combobox").first.click()
        page.get_by_role("option", name="Ménages prioritaires (ACI)").click()
        au_repos(page)
        page.get_by_label("Part visée (%)").fill("55")
        expect(page.get_by_role("button", name="Ajouter cette version")).to_be_disabled()
        sign(page)
        page.get_by_label("Source").fill("Avenant d’essai")
        page.get_by_role("button", name="Ajouter cette version").click()
        expect(page.get_by_text("Version ajoutée")).to_be_visible()
        lues = page.locator("table.lu:has(caption:text-matches('^Paramètres en vigueur')) tbody tr")
        expect(lues.filter(has_text="Camille Essai")).to_have_count(1)
        ligne = next(d_un_trait(t) for t in lues.all_inner_texts() if "ACI" in t)
        assert "55 % 01/07/2017 en vigueur" in ligne
        assert "Avenant d’essai Camille Essai" in ligne


def test_a_reminder_is_copied_and_a_file_given_by_keys_that_are_seen_and_named_in_french(demonstration, open):
    page = open(f"{demonstration}/atelier?seance=2017S2&ici=ICI%202")
    copier = page.locator(".stCode").get_by_role("button", name="Copier")
    expect(copier).to_be_visible()
    copier.focus()
    expect(copier).to_be_focused()
    page = open(f"{demonstration}/imports")
    depot = page.get_by_test_id("stFileUploaderDropzone").first
    expect(depot.get_by_role("button", name="Choisir ou déposer", exact=True)).to_be_visible()
    expect(page.get_by_text("Upload", exact=True)).to_have_count(0)


def test_a_text_that_the_journal_refuses_is_there_after_a_reload_and_in_its_tab_alone(magasin, tmp_path, open):
    jeu = shutil.copytree(magasin, tmp_path / "donnees")
    with application(jeu) as adresse:
        page = open(f"{adresse}/blocages?ici=ICI%202&etape=Signaler")
        page.get_by_label("Votre nom").press_sequentially("C. Essai\n")
        page.get_by_label("Ce qui bloque").press_sequentially("Rappeler le 06 12 34 56 78")
        refuse = page.get_by_role("alert").filter(has_text="contient un numéro de téléphone")
        expect(refuse).to_contain_text("Ce champ reste dans votre onglet")
        for _ in range(2):
            page.reload()
            page.get_by_label("Votre nom").press_sequentially("C. Essai\n")
            expect(page.get_by_label("Ce qui bloque")).to_have_value("Rappeler le 06 12 34 56 78")
            expect(refuse).to_be_visible()
        assert page.evaluate("Object.keys(sessionStorage).filter((cle) => cle.startsWith('retenu'))") == []
        assert not re.search(r"Rappeler|06.?12", page.url)
    assert b"06 12" not in b"".join(f.read_bytes() for f in jeu.glob("journal.sqlite*"))
