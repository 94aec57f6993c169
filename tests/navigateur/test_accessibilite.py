"""What axe-core finds on each page, at rest, on the demonstration data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pages.commun import navigation
from tests.navigateur.conftest import application

pytestmark = pytest.mark.navigateur

PAGES = sorted(navigation.PAGES)
MATRICE = "bilan?objectif=npru&coupe=commune_bailleur"
# Streamlit's own drop zone is both `role="presentation"` and labelled; nothing of ours can take one of them away.
CONNUES = {("presentation-role-conflict", 'data-testid="stFileUploaderDropzone"')}


@pytest.fixture(scope="module")
def adresse(demonstration_copiee: Path) -> Iterator[str]:
    with application(demonstration_copiee) as url:
        yield url


@pytest.mark.parametrize("chemin", [*PAGES, MATRICE])
def test_axe_finds_nothing_on_the_page(adresse: str, open: Callable[[str], Page], chemin: str) -> None:
    page = open(f"{adresse}/{chemin}{'&' if '?' in chemin else '?'}seance=2017S2&ici=ICI%202")
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator(".stSpinner, .stSkeleton")).to_have_count(0)
    expect(page.locator("body")).to_contain_text("9h30 Bilan")
    trouvees = Axe().run(page).response["violations"]
    assert [
        (v["id"], n["target"], n["html"])
        for v in trouvees
        for n in v["nodes"]
        if not any(v["id"] == regle and marque in n["html"] for regle, marque in CONNUES)
    ] == []
