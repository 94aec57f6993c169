"""Salle does not fall: whatever happens while a lever is dragged or a decision is typed, the room finds the same
message, lever and draft again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.journal import Journal
from mel_core.seance.coordination import blocages
from tests.navigateur.conftest import au_repos, demarrer, port_libre, wait_until_up
from tests.navigateur.test_coordination import journal_seme, se_nommer
from tests.navigateur.test_messages import BANDE, is_whole_and_large

pytestmark = [pytest.mark.navigateur, pytest.mark.long]

COUPURE_MS, CAPOT_MS = 60_000, 20_000
BILAN = "bilan?seance=2017S2&ici=ICI 2&objectif=aci&coupe=levier&salle=oui"
COORDINATION = "coordination?seance=2017S1&ici=ICI 2&point=b0&salle=oui"
TEXTE = "Une mutation sur deux passe en commission."


@dataclass
class Serveur:
    """An application that can be killed, and started again at the same address."""

    donnees: Path
    port: int
    processus: subprocess.Popen[bytes]
    adresse: str

    def tuer(self) -> None:
        self.processus.kill()
        self.processus.wait(10)

    def relever(self) -> None:
        self.processus, _ = demarrer(self.donnees, port=self.port)
        wait_until_up(self.processus, self.adresse)


@pytest.fixture
def serveur(demonstration: str, donnees: Path) -> Iterator[Serveur]:
    port = port_libre()
    leve = Serveur(donnees, port, *demarrer(donnees, port=port))
    wait_until_up(leve.processus, leve.adresse)
    yield leve
    leve.tuer()


def redemarre(page: Page, serveur: Serveur) -> None:
    serveur.tuer()
    page.wait_for_timeout(2000)
    serveur.relever()


def sans_reseau(page: Page, serveur: Serveur) -> None:
    page.context.set_offline(True)
    page.wait_for_timeout(COUPURE_MS)
    page.context.set_offline(False)


def capot_ferme(page: Page, serveur: Serveur) -> None:
    cdp = page.context.new_cdp_session(page)
    cdp.send("Page.setWebLifecycleState", {"state": "frozen"})
    page.wait_for_timeout(CAPOT_MS)
    cdp.send("Page.setWebLifecycleState", {"state": "active"})


def recharge(page: Page, serveur: Serveur) -> None:
    page.reload()


def touches_de_trop(page: Page, serveur: Serveur) -> None:
    """Those of Streamlit (« c », « r »), Échap, and a double click beside everything."""
    page.locator(BANDE).dblclick(position={"x": 5, "y": 5})
    for touche in ("Escape", "c", "r", "Escape"):
        page.keyboard.press(touche)


CHUTES = {f.__name__: f for f in (redemarre, sans_reseau, capot_ferme, recharge, touches_de_trop)}


def revient(page: Page, dite: str) -> None:
    """The same message, whole, where the strip says that it is."""
    expect(page.locator(BANDE)).to_contain_text(dite, timeout=120_000)
    au_repos(page)
    assert page.get_by_role("dialog").count() == 0
    is_whole_and_large(page)


def ou_suis_je(page: Page) -> str:
    return re.search(r"\d+ / \d+", page.locator(BANDE).inner_text())[0]  # type: ignore[index]


@pytest.mark.parametrize("chute", CHUTES.values(), ids=CHUTES)
def test_a_lever_that_was_being_dragged_is_where_the_hand_left_it(
    serveur: Serveur, open: Callable[[str], Page], chute: Callable[[Page, Serveur], None]
) -> None:
    page = open(f"{serveur.adresse}/{BILAN}")
    expect(page.locator(BANDE)).to_contain_text("9h30 Bilan")
    au_repos(page)
    dite, curseur = ou_suis_je(page), page.get_by_role("slider")
    boite = curseur.bounding_box()
    assert boite
    ou = lambda part: (boite["x"] + part * boite["width"], boite["y"] + boite["height"] / 2)  # noqa: E731
    page.mouse.move(*ou(0.45))
    page.mouse.down()
    page.mouse.move(*ou(0.60), steps=8)
    page.wait_for_timeout(1000)
    tenue = curseur.input_value()
    chute(page, serveur)
    if chute is not recharge:  # a page that is loaded again has let the lever go
        page.mouse.move(*ou(0.7), steps=8)
        tenue = curseur.input_value()
    page.mouse.up()
    revient(page, dite)
    expect(page.locator(".demande").first).to_contain_text(f"Viser {tenue}")
    expect(page).to_have_url(re.compile(f"cible_aci={tenue}(&|$)"))
    page.reload()
    revient(page, dite)
    expect(page.locator(".demande").first).to_contain_text(f"Viser {tenue}")


@pytest.mark.parametrize("chute", CHUTES.values(), ids=CHUTES)
def test_a_decision_that_was_being_written_is_found_as_it_was_left(
    serveur: Serveur, open: Callable[[str], Page], chute: Callable[[Page, Serveur], None]
) -> None:
    if not blocages.find_all(Journal.du_dossier(serveur.donnees), seance="2017S1", ici="ICI 2"):
        journal_seme(serveur.donnees)
    page = open(f"{serveur.adresse}/{COORDINATION}")
    expect(page.locator(BANDE)).to_contain_text("10h30")
    au_repos(page)
    se_nommer(page, "C. Essai")
    dite, decision = ou_suis_je(page), page.get_by_label("Décision", exact=True)
    decision.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(TEXTE)  # the field is not left
    expect(page.get_by_text("Brouillon gardé au journal")).to_be_attached()  # a room has the key that acts in its place
    chute(page, serveur)
    revient(page, dite)
    if page.get_by_label("Votre nom").count():  # a new session asks it once
        se_nommer(page, "C. Essai")
    expect(decision).to_have_value(TEXTE)
