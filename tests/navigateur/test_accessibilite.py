"""What axe-core finds on each page, at rest, on the demonstration data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pages.commun import navigation
from tests.navigateur.conftest import GRAND_ECRAN, seen_at

pytestmark = pytest.mark.navigateur

PAGES = sorted(navigation.PAGES)
VUES = ("bilan", "imports", "simuler")  # at each run: one of each kind
MATRICE = "bilan?objectif=npru&coupe=commune_bailleur"
# The bilan opens on its first cut: the other kinds of pictures.
IMAGES = tuple(f"bilan?objectif=equilibre&coupe={vue}" for vue in ("commune", "quartier", "carte", "levier", "seances"))
# Streamlit's own drop zone is both `role="presentation"` and labelled; nothing of ours can take one of them away.
CONNUES = {("presentation-role-conflict", 'data-testid="stFileUploaderDropzone"')}
# What Streamlit says before the label of ours that it names.
ANGLAIS = ("Help for ", "Remove ", "Choose ", "Open ", "Clear ", "Close ", "Selected ")


def reach(open: Callable[[str], Page], demonstration: str, chemin: str, ici: str = "ICI%202") -> Page:
    page = open(f"{demonstration}/{chemin}{'&' if '?' in chemin else '?'}seance=2017S2&ici={ici}")
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator(".stSpinner, .stSkeleton")).to_have_count(0)
    expect(page.locator("body")).to_contain_text("9h30 Bilan")
    return page


def find_faults(page: Page) -> list[tuple[Any, ...]]:
    trouvees = Axe().run(page).response["violations"]
    return [
        (v["id"], n["target"], n["html"])
        for v in trouvees
        for n in v["nodes"]
        if not any(v["id"] == regle and marque in n["html"] for regle, marque in CONNUES)
    ]


@pytest.mark.parametrize(
    "chemin", [pytest.param(p, marks=() if p in VUES else pytest.mark.long) for p in (*PAGES, MATRICE, *IMAGES)]
)
def test_axe_finds_nothing_on_the_page(demonstration: str, open: Callable[[str], Page], chemin: str) -> None:
    page = reach(open, demonstration, chemin)
    assert find_faults(page) == []
    noms = page.locator("[aria-label]").evaluate_all("ceux => ceux.map(celui => celui.ariaLabel)")
    assert [nom for nom in noms if nom.startswith(ANGLAIS)] == []


@pytest.mark.long
@pytest.mark.parametrize("ici", ["ICI%201", "ICI%202", "ICI%203", "MEL"])
@pytest.mark.parametrize("chemin", [*PAGES, MATRICE, *IMAGES])
def test_axe_finds_nothing_on_the_page_at_any_size_of_any_ici(
    demonstration: str, open: Callable[[str], Page], chemin: str, ici: str
) -> None:
    page = reach(open, demonstration, chemin, ici)
    for taille in ((1280, 720), GRAND_ECRAN):
        seen_at(page, taille)
        assert find_faults(page) == []
