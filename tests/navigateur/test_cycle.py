"""A whole day with absences, reserves, postponements and nobody: what was said is what the signed relevé prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from playwright.sync_api import Page, expect

from mel_core.entrepot import Entrepot
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import blocages, decisions, seances_tenues, signature
from mel_core.seance.coordination.decisions import Position
from mel_core.seance.preuves import Secteur
from mel_core.socle.periodes import Seance
from tests.ecrans.conftest import ROUBAIX, monde
from tests.jeux import chargement
from tests.mots import d_un_trait
from tests.navigateur.conftest import application, au_repos
from tests.navigateur.test_coordination import choose, se_nommer, taper

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

S1, ICI = Seance(2017, 1), "ICI 2"
AUTEUR = Auteur("A. Essai", "MEL")
# Item → who says what: of the first, by the label of its field; of the others, as the journal keeps it.
A_L_ECRAN = {"Avec réserve": ["Roubaix"], "Absents": ["AR-Habitat"]}
DITS = {
    "b1": {"MEL": Position.RENVOYE, "AR-Habitat": Position.ABSENT},
    "b2": dict.fromkeys(["MEL", "DDTM", "AR-Habitat", "Action Logement", ROUBAIX], Position.ABSENT),
    "b3": {},
}
ITEMS = ("b0", *DITS)


@pytest.fixture
def magasin(tmp_path: Path) -> Path:
    """Four items on the agenda of the ICI, whose day is fixed."""
    entrepot, journal = Entrepot(tmp_path), Journal.du_dossier(tmp_path)
    with entrepot.reserve():
        entrepot.publish(chargement(**monde()))
    seances_tenues.create(journal, entrepot, S1, ICI, date(2017, 9, 28), AUTEUR, "jour")
    retenus = []
    for nom in ITEMS:
        blocage = blocages.Blocage(S1, ROUBAIX, Secteur(ICI, (ROUBAIX,)), f"Ce qui bloque en {nom}.")
        fiche = blocages.report(journal, blocage, AUTEUR, identifiant=nom, op_id=f"s{nom}")
        retenus.append(blocages.retain(journal, fiche, AUTEUR, f"r{nom}"))
    blocages.order(journal, retenus, AUTEUR, "o")
    return tmp_path


def decide(page: Page) -> None:
    """Those noted present act, but for who is set apart."""
    taper(page, "Décision", "Décision de b0")
    choose(page, "Responsable", "AR-Habitat")
    for libelle, noms in A_L_ECRAN.items():
        for qui in noms:
            choose(page, libelle, qui)
    page.get_by_label("Tous les présents actent").press("Space")
    au_repos(page)
    page.get_by_role("button", name="Acter la décision").dblclick()  # the same click twice
    expect(page.locator(".acte")).to_contain_text("Décision de b0")
    au_repos(page)


def act_others(journal: Journal) -> None:
    for nom, positions in DITS.items():
        decision = decisions.Decision(
            *(S1, ICI, f"Décision de {nom}", "AR-Habitat", S1.suivante.fin),
            blocage=nom,
            positions=positions,
            porteur="AR-Habitat",
        )
        identifiant = decisions.identifiant_de(journal, nom)
        decisions.act(journal, decision, AUTEUR, identifiant=identifiant, op_id=f"a{nom}")


def note_presents(page: Page, *noms: str) -> None:
    page.get_by_role("button", name="Noter les présents").click()
    expect(page.get_by_label("Présents", exact=True)).to_be_visible()
    for nom in noms:
        choose(page, "Présents", nom)
    page.get_by_role("button", name="Garder").click()
    expect(page.get_by_role("button", name="Noter les présents")).to_have_count(0)
    au_repos(page)


def docx(chemin: Path) -> str:
    document = Document(str(chemin))
    cellules = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return d_un_trait(" ".join([*(p.text for p in document.paragraphs), *cellules]))


def pdf(chemin: Path) -> str:
    return d_un_trait(" ".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(chemin)))


@pytest.mark.long
def test_what_was_said_of_each_item_is_what_the_signed_releve_prints(
    magasin: Path, open: Callable[[str], Page], tmp_path: Path
) -> None:
    journal = Journal.du_dossier(magasin)
    with application(magasin) as adresse:
        page = open(f"{adresse}/coordination?seance={S1}&ici=ICI%202&point=b0")
        se_nommer(page, "C. Essai")
        page.get_by_label("Tous les présents actent").press("Space")
        au_repos(page)
        expect(page.get_by_text("Position non exprimée : MEL")).to_be_visible()  # nobody is noted present
        page.get_by_label("Tous les présents actent").press("Space")
        au_repos(page)
        note_presents(page, "MEL", "Action Logement")
        decide(page)
        act_others(journal)
        assert len(decisions.find_all(journal)) == len(ITEMS)

        page.goto(f"{adresse}/cloture?seance={S1}&ici=ICI%202")
        page.reload()
        message = page.locator(".st-key-message")
        expect(message).to_contain_text(re.compile(r"1\s+décision actée et 1\s+décision renvoyée"))
        expect(message).to_contain_text(re.compile(r"2\s+points de l’ordre du jour restent sans décision"))
        relues = page.locator(".relue")
        expect(relues).to_have_count(2)
        acte = "Acté : MEL et Action Logement ; avec réserve : Roubaix ; absent : AR-Habitat ; position non exprimée"
        assert acte in d_un_trait(relues.nth(0).inner_text())
        assert "AR-Habitat (porteur absent : à confirmer)" in d_un_trait(relues.nth(0).inner_text())
        assert "Renvoyé : MEL ; absent : AR-Habitat" in d_un_trait(relues.nth(1).inner_text())
        se_nommer(page, "C. Essai")
        page.set_viewport_size({"width": 1280, "height": 700})  # a projector is plugged in: the page is run again
        au_repos(page)
        page.get_by_role("button", name="Noter les présents").click()
        expect(page.get_by_test_id("stPopoverBody")).to_contain_text("MEL")
        page.keyboard.press("Escape")
        au_repos(page)
        taper(page, "Qui préside et signe", "P. Présidente")
        taper(page, "En qualité de", "vice-présidente")
        page.get_by_text("ont été relus en séance").click()
        au_repos(page)
        page.get_by_role("button", name="Signer le relevé").click()
        expect(message).to_contain_text("relevé signé")
        for dit, read in (("docx", docx), ("PDF", pdf)):
            with page.expect_download() as attendu:
                page.get_by_role("button", name=f"Relevé de décisions ({dit})").click()
            lu = read(Path(attendu.value.path()))
            assert "Signé par P. Présidente" in lu
            for attendue in (
                *("Acté MEL et Action Logement", "Avec réserve Roubaix", "Absent AR-Habitat", "Renvoyé MEL"),
                *("AR-Habitat (porteur absent : à confirmer)", "renvoyée à la séance 2017S2"),
                "« Décision de b2 » Absent : AR-Habitat, MEL, État (DDTM), Action Logement et Roubaix.",
                "« Décision de b3 » Position non exprimée : ",
            ):
                assert attendue in lu, (dit, attendue)
            assert lu.count("Acté") == 1
    signee = signature.read(journal, S1, ICI)
    assert signee is not None
    assert {nom: version for nom, version in signee[1].decisions.items() if not version} == {"b2": 0, "b3": 0}
    assert {f.identifiant for f, _ in decisions.laisses(journal, S1, ICI)} == {"b1", "b2", "b3"}
