"""The end of a day in a real browser: what is left undecided, the way back, the signature, a text changed after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from playwright.sync_api import Page, expect

from mel_core.entrepot import Entrepot
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import blocages, decisions, signature
from mel_core.seance.preuves import Secteur
from mel_core.socle.periodes import Seance
from tests.ecrans.conftest import ROUBAIX, monde
from tests.jeux import chargement
from tests.navigateur.conftest import application, au_repos
from tests.navigateur.test_coordination import choose, se_nommer, taper
from tests.seance.positions import meet

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

S1, ICI = Seance(2017, 1), "ICI 2"


@pytest.fixture
def magasin(tmp_path: Path) -> Path:
    """One item on the agenda of Roubaix, not decided yet."""
    entrepot = Entrepot(tmp_path)
    with entrepot.reserve():
        entrepot.publish(chargement(**monde()))
    journal, auteur = Journal.du_dossier(tmp_path), Auteur("A. Essai", "MEL")
    blocage = blocages.Blocage(S1, ROUBAIX, Secteur(ICI, (ROUBAIX,)), "Peu d’ACI logés.")
    fiche = blocages.report(journal, blocage, auteur, identifiant="b0", op_id="s0")
    blocages.retain(journal, fiche, auteur, "r0")
    meet(journal, S1, ICI)
    return tmp_path


def test_what_is_left_undecided_leads_back_to_it_and_a_text_written_after_the_signature_makes_it_fall(
    magasin: Path, open: Callable[[str], Page]
) -> None:
    journal = Journal.du_dossier(magasin)
    with application(magasin) as adresse:
        page = open(f"{adresse}/cloture?seance={S1}&ici=ICI%202")
        message = page.locator(".st-key-message")
        expect(message).to_contain_text(re.compile(r"1\s+point de l’ordre du jour reste sans décision"))
        page.get_by_role("button", name="Revoir à 10h30").click()
        page.wait_for_url("**/coordination*point=b0*")
        se_nommer(page, "C. Essai")
        taper(page, "Décision", "Doubler les ACI")
        choose(page, "Responsable", "MEL")
        # By the Tab key, the date opens no calendar over the fields below; its button does.
        page.get_by_role("spinbutton", name="jour, Échéance").press("Tab")
        au_repos(page)
        calendrier = page.get_by_test_id("stDateInputCalendar")
        expect(calendrier).to_be_hidden()
        page.get_by_role("button", name="Choisir une date").press("Enter")
        expect(calendrier).to_be_visible()
        page.keyboard.press("Escape")
        expect(calendrier).to_be_hidden()
        # Out of range, the field says so in French.
        annee = page.get_by_role("spinbutton", name="année, Échéance")
        annee.press("2")
        page.keyboard.type("016")
        page.keyboard.press("Tab")
        expect(page.get_by_test_id("stDateInput")).to_contain_text(re.compile("Choisir une date entre .+ et .+"))
        expect(page.get_by_test_id("stDateInput")).not_to_contain_text("allowed")
        annee.press("2")
        page.keyboard.type("017")
        page.keyboard.press("Tab")
        expect(page.get_by_test_id("stDateInput")).not_to_contain_text("Choisir une date entre")
        au_repos(page)
        choose(page, "Actent", "MEL")
        page.get_by_role("button", name="Acter la décision").click()
        expect(page.get_by_role("radio", name=re.compile("✓"))).to_be_visible()  # the agenda says it at once
        page.get_by_role("link", name="Clôture").click()
        expect(message).to_contain_text("projet de relevé, non signé")
        expect(message).not_to_contain_text("sans décision")
        au_repos(page)
        taper(page, "Qui préside et signe", "P. Présidente")
        taper(page, "En qualité de", "vice-présidente")
        au_repos(page)
        page.get_by_role("link", name="10h30 Coordination").click()  # back to an item before signing
        page.wait_for_url("**/coordination*")
        au_repos(page)
        page.get_by_role("link", name="Clôture").click()
        expect(page.get_by_label("Qui préside et signe")).to_have_value("P. Présidente")
        expect(page.get_by_label("En qualité de")).to_have_value("vice-présidente")
        au_repos(page)
        page.get_by_text("ont été relus en séance").click()
        au_repos(page)
        page.get_by_role("button", name="Signer le relevé").click()
        expect(message).to_contain_text("relevé signé")

        choose(page, "Corriger une décision après la signature, qui tombera", "Doubler")
        expect(page.get_by_label("Décision", exact=True)).to_have_count(0)
        page.get_by_text("Écrire quand même : la signature tombera").click()
        au_repos(page)
        page.get_by_label("Décision", exact=True).press("Control+End")
        page.keyboard.type(" dès janvier")
        page.keyboard.press("Control+Enter")
        expect(message).to_contain_text("projet modifié depuis la signature")
        expect(page.locator(".relue")).to_contain_text("Doubler les ACI dès janvier (version 2, modifié depuis")
        au_repos(page)
    ((_, decision),) = decisions.find_all(journal)
    assert decision.texte == snapshot("Doubler les ACI dès janvier")
    assert not signature.est_a_jour(journal, signature.read(journal, S1, ICI)[1])
