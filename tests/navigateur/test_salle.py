"""Salle in a real browser, without a login: a rehearsal of one tab, that says so."""

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
    with entrepot.reserve():
        entrepot.publish(chargement(**monde()))
    return entrepot.dossier


def test_a_rehearsed_salle_closes_the_lists_of_its_tab_says_so_and_opens_on_a_confirmation(
    magasin: Path, open: Ouvrir
) -> None:
    with application(magasin) as url:
        page = open(f"{url}/{LISTES}")
        expect(page.get_by_label(NOM)).to_be_visible()
        page.get_by_role("button", name=re.compile("^Co-pilote")).click()
        page.get_by_role("button", name="Passer en Salle").click()
        expect(page.locator(".refus")).to_contain_text("en Salle, où aucune liste ne s’ouvre")
        expect(page.get_by_label(NOM)).to_have_count(0)
        expect(page.locator(".stDataFrame")).to_have_count(0)
        expect(page.get_by_role("button", name=re.compile("^En Salle"))).to_be_visible()
        expect(page.get_by_text("Sans connexion, c’est une répétition")).to_be_visible()
        page.get_by_role("button", name="Revenir en Préparation").click()
        page.get_by_role("button", name="Confirmer le retour en Préparation").click()
        expect(page.get_by_label(NOM)).to_be_visible()
        page.get_by_role("button", name="Passer en Salle").click()
        expect(page.locator(".refus")).to_be_visible()
        page.reload()  # as its sentence says
        expect(page.get_by_label(NOM)).to_be_visible()
        assert [c["name"] for c in page.context.cookies() if not c["name"].startswith("_streamlit")] == []
