"""The guide of a day is true to the letter: each of its numbered steps is done on the demonstration, as written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.commun.emplacement import RACINE
from tests.cli.appel import run
from tests.navigateur.conftest import application, au_repos
from tests.navigateur.test_messages import is_whole_and_large

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

GUIDE = (RACINE / "docs" / "journee.md").read_text(encoding="utf-8")
ETAPE = re.compile(r"^\d+\. (.+)$", re.MULTILINE)
GESTE = re.compile(
    r"Ouvrir \*(?P<page>[^*]+)\*\.|Cliquer « (?P<clic>[^»]+) »\.|Écrire `(?P<texte>[^`]+)` dans « (?P<champ>[^»]+) »\.|"
    r"Choisir « (?P<choix>[^»]+) », en haut\.|"
    r"Presser \*\*(?P<touche>[^*]+)\*\*(?: jusqu’à « (?P<terme>[^»]+) »)?\.|Lire « (?P<lu>[^»]+) »\."
)
TOUCHES = {"Page suivante": "PageDown", "Entrée": "Enter", "?": "?"}
PAS_MAX = 40  # messages of a day
MOTS_MAX, IMAGES_MAX = 1750, 4  # six printed pages


def visible(page: Page, dit: str) -> Locator:
    """The first control that is named so, whatever it is."""
    controles = "button, a, [role=radio], [role=tab], summary, label"
    nomme = page.locator(controles).filter(has_text=re.compile(rf"^\s*{re.escape(dit)}")).filter(visible=True)
    return nomme.or_(page.get_by_role("button", name=dit).filter(visible=True)).first


def go(page: Page, ou: str) -> None:
    menu, _, nom = ou.rpartition(" › ")
    if menu:
        page.locator(".st-key-agenda").get_by_role("button", name=menu).click()
    page.get_by_role("link", name=nom, exact=True).filter(visible=True).click()


def press(page: Page, touche: str, terme: str | None) -> None:
    bande = page.locator(".bande_salle")
    for _ in range(PAS_MAX if terme else 1):
        page.keyboard.press(TOUCHES[touche])
        if terme:
            au_repos(page)
            if terme in bande.inner_text():
                return
    assert not terme, f"« {terme} » never came"


def is_on_first(page: Page) -> bool:
    """Whether a room is on the first message of its day: what comes back of the last séance."""
    return any("\n1 / " in bande for bande in page.locator(".bande_salle").all_inner_texts())


def do(page: Page, geste: re.Match[str]) -> None:
    dits = geste.groupdict()
    if dits["page"]:
        go(page, dits["page"])
    elif dits["clic"]:
        visible(page, dits["clic"]).click()
    elif dits["champ"]:
        champ = page.get_by_label(dits["champ"]).first
        champ.fill(dits["texte"])
        if "nom" in dits["champ"]:
            champ.press("Enter")
    elif dits["choix"]:
        page.get_by_label("ICI", exact=True).click()
        page.get_by_role("option", name=dits["choix"], exact=True).click()
    elif dits["touche"]:
        press(page, dits["touche"], dits["terme"])
    else:
        expect(page.get_by_text(dits["lu"]).filter(visible=True).first).to_be_visible()


@pytest.mark.parametrize("est_marchee", [False, pytest.param(True, marks=pytest.mark.long)])
def test_each_step_of_the_guide_is_done_as_it_is_written(
    tmp_path: Path, open: Callable[[str], Page], est_marchee: bool
) -> None:
    etapes = ETAPE.findall(GUIDE)
    assert len(etapes) > 15
    assert len(GUIDE.split()) < MOTS_MAX
    assert GUIDE.count("](images/") <= IMAGES_MAX
    run("--dossier-donnees", tmp_path, "demo", "--repetition")  # with its séances, as the launcher makes it
    marches = 0
    with application(tmp_path) as adresse:
        page = open(adresse)  # as the terminal prints it: the guide chooses the rest
        for numero, etape in enumerate(etapes, 1):
            gestes = list(GESTE.finditer(etape))
            marches += sum(bool(geste["terme"]) for geste in gestes)
            assert "".join(g[0] for g in gestes) == etape.replace(". ", "."), f"step {numero} says what nobody can do"
            if not est_marchee and marches > 1 and any(geste["terme"] for geste in gestes):
                continue  # the other slots are walked by the whole day of test_messages
            for geste in gestes:
                au_repos(page)
                do(page, geste)
            if is_on_first(page):  # the store that test_messages walks has no last séance
                is_whole_and_large(page)
