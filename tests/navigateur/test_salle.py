"""The lock of the room in a real browser: neither a reload nor a restart of the server opens it, a co-pilot does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.entrepot import Entrepot
from tests.jeux import chargement
from tests.navigateur.conftest import application
from tests.navigateur.test_orientations import monde

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
LISTES = "mes_listes?seance=2017S2&segment=poulidor"
NOM = "Votre nom, qui signe ce que vous écrivez"


@pytest.fixture(scope="module")
def magasin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entrepot = Entrepot(tmp_path_factory.mktemp("donnees"))
    with entrepot.reserver():
        entrepot.publier(chargement(**monde()))
    return entrepot.dossier


def basculer(page: Page, geste: str) -> None:
    page.get_by_role("button", name=re.compile("^(Co-pilote|Salle verrouillée)")).click()
    page.get_by_role("button", name=geste).click()


def refuse(page: Page) -> None:
    expect(page.locator(".refus")).to_contain_text("La salle est verrouillée")
    expect(page.get_by_label(NOM)).to_have_count(0)
    expect(page.locator(".stDataFrame")).to_have_count(0)


def test_only_a_co_pilot_who_unlocks_it_opens_a_locked_room(magasin: Path, ouvrir: Ouvrir) -> None:
    with application(magasin) as url:
        page = ouvrir(f"{url}/{LISTES}")
        (biscuit,) = (c for c in page.context.cookies() if c["name"] == "salle")
        assert (biscuit["httpOnly"], biscuit["sameSite"]) == (True, "Strict")
        expect(page.get_by_label(NOM)).to_be_visible()
        basculer(page, "Verrouiller la salle (projection)")
        refuse(page)
        page.reload()
        refuse(page)
        onglet = page.context.new_page()  # the same room
        onglet.goto(f"{url}/{LISTES}")
        refuse(onglet)
        ailleurs = ouvrir(f"{url}/{LISTES}")  # another browser is another room
        expect(ailleurs.get_by_label(NOM)).to_be_visible()
        assert biscuit in page.context.cookies()
    with application(magasin) as url:
        page.goto(f"{url}/{LISTES}")
        refuse(page)
        basculer(page, "Déverrouiller la salle")
        expect(page.get_by_label(NOM)).to_be_visible()
        page.reload()
        expect(page.get_by_label(NOM)).to_be_visible()


def test_a_profile_that_is_rehearsed_holds_through_a_reload_in_its_browser_alone(magasin: Path, ouvrir: Ouvrir) -> None:
    with application(magasin) as url:
        page = ouvrir(f"{url}/{LISTES}")
        onglet = page.context.new_page()  # opened before: it keeps its own profile
        onglet.goto(f"{url}/{LISTES}")
        expect(onglet.get_by_role("button", name=re.compile("^Co-pilote"))).to_be_visible()
        page.get_by_role("button", name=re.compile("^Co-pilote")).click()
        page.get_by_label("Profil", exact=True).click()
        page.get_by_role("option", name="Animateur (projection)").click()
        page.get_by_role("button", name="Prendre ce profil").click()
        expect(page.get_by_role("button", name=re.compile("^Animateur"))).to_be_visible()
        onglet.get_by_role("link", name="Clôture").click()
        expect(onglet.locator(".st-key-message")).to_be_visible()
        expect(onglet.get_by_role("button", name=re.compile("^Co-pilote"))).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name=re.compile("^Animateur"))).to_be_visible()
        # No address gives a profile, and another browser is another person.
        expect(ouvrir(page.url).get_by_role("button", name=re.compile("^Co-pilote"))).to_be_visible()
    with application(magasin) as url:
        page.goto(f"{url}/{LISTES}")
        page.get_by_role("button", name=re.compile("^Animateur")).click()
        page.get_by_label("Profil", exact=True).click()
        page.get_by_role("option", name="Co-pilote").click()
        page.get_by_role("button", name="Prendre ce profil").click()
        expect(page.get_by_role("button", name=re.compile("^Co-pilote"))).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name=re.compile("^Co-pilote"))).to_be_visible()
