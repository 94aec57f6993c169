"""The standing views in a real browser: one sentence, one picture, the lever, the maps. Their figures are traced in
`tests/ecrans/test_suivre_chiffres`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.demo.reglages_demo import CONTOURS
from mel_core.journal import Journal
from tests.navigateur.conftest import application, au_repos
from tests.navigateur.test_parcours import simple

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
PERIMETRE = "seance=2017S2&ici=ICI%202"
MESSAGE, REPONSE = ".st-key-message", ".st-key-levier"


def texte(page: Page, ou: str) -> str:
    return simple(page.locator(ou).inner_text())


def holds_without_scrolling_in_french(page: Page, nom: str) -> None:
    expect(page.locator("canvas").first).to_be_visible()
    for ou in (MESSAGE, "svg.dessin"):
        boite = page.locator(ou).first.bounding_box()
        assert boite is not None
        assert boite["y"] + boite["height"] <= 768
        assert boite["x"] + boite["width"] <= 1366
    # What is drawn last on the row reaches its end: nothing squeezes the pictures into a corner.
    derniers = {"programmation": ".exemple", "fragilite": ".indices"}
    bout = page.locator(derniers.get(nom, "svg.dessin")).last.bounding_box()
    assert bout is not None
    assert bout["x"] + bout["width"] >= 0.95 * 1366
    assert texte(page, MESSAGE).startswith("Dans l’ICI 2, ")
    assert page.locator(".refus").count() == 0
    assert not re.search(r"\b(nan|None|NaN)\b", page.locator(".stMainBlockContainer").inner_text())


def test_each_view_is_seen_without_scrolling_in_french_and_what_is_chosen_is_in_its_link(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/accueil?{PERIMETRE}")
    holds_without_scrolling_in_french(page, "accueil")
    page.get_by_role("radio", name="Entretiens").click()
    expect(page.locator(REPONSE)).to_contain_text("Entretiens :")

    page.goto(f"{demonstration}/convergence?{PERIMETRE}")
    holds_without_scrolling_in_french(page, "convergence")
    page.get_by_role("radio", name="Comme constaté").click()
    expect(page.locator(REPONSE)).to_contain_text("hors de portée des attributions seules")

    page.goto(f"{demonstration}/programmation?{PERIMETRE}")
    holds_without_scrolling_in_french(page, "programmation")
    expect(page.locator(REPONSE)).to_contain_text("Viser 25")
    curseur = page.get_by_role("slider", name="Part de PLAI")
    au_repos(page)
    curseur.focus()
    for _ in range(5):
        curseur.press("ArrowRight")
    expect(page.locator(REPONSE)).to_contain_text("Viser 30")
    assert page.url.split("?")[1].count("part_plai=30") == 1
    page.reload()
    expect(page.locator(REPONSE)).to_contain_text("Viser 30")

    page.goto(f"{demonstration}/fragilite?{PERIMETRE}")
    holds_without_scrolling_in_french(page, "fragilite")
    page.get_by_role("radio", name="Fragilité de la commune").click()
    expect(page.locator(".lu", has_text="Carte des communes : fragilité de la commune")).to_be_attached()
    page.reload()
    expect(page.locator(".lu", has_text="Carte des communes : fragilité de la commune")).to_be_attached()


def test_contours_that_are_imported_are_drawn_and_the_same_file_twice_changes_nothing(
    donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    """As IGN gives them, on a store that has none: the map of the quartiers is not offered before."""
    copie = tmp_path / "donnees"
    shutil.copytree(donnees, copie, ignore=shutil.ignore_patterns("contours", "*.wal"))
    entites = json.loads(CONTOURS.read_bytes())["features"]
    for e in entites:
        e["properties"] = {"code_iris": e["properties"]["code_quartier"], "nom_iris": e["properties"]["nom"]}
    ign = tmp_path / "iris.geojson"
    ign.write_text(json.dumps({"type": "FeatureCollection", "features": entites[:-1]}), encoding="utf-8")
    with application(copie) as adresse:
        page = open(f"{adresse}/fragilite?ici=MEL&seance=2017S2&carte=quartier")
        expect(page.get_by_text("importer les contours depuis Préparer")).to_be_visible()
        expect(page.get_by_role("radio", name="Fragilité du quartier")).to_have_count(0)
        page.goto(f"{adresse}/imports")
        for dit in ("Contours publiés", "étaient déjà publiés"):
            page.get_by_label("Votre nom").fill("C. Essai")
            page.get_by_label("Votre nom").press("Enter")
            expect(page.get_by_role("button", name="Saisi par C. Essai")).to_be_visible()
            page.get_by_text("Contours des cartes (GeoJSON)").click()
            page.locator(".st-key-contours input[type=file]").set_input_files(ign)
            page.get_by_role("button", name="Publier ces contours").click()
            expect(page.get_by_test_id("stAlert").filter(has_text=dit)).to_contain_text("516 contours lus = 516 gardés")
            page.reload()
        page.get_by_text("Contours des cartes (GeoJSON)").click()
        expect(page.get_by_text("Quartiers (IRIS) : 516 contours")).to_be_visible()
        page.goto(f"{adresse}/fragilite?ici=MEL&seance=2017S2&carte=quartier")
        expect(page.locator(".lu", has_text="Carte des quartiers : fragilité")).to_be_attached()
        expect(page.get_by_text("1 quartier sans contour, non dessiné.")).to_be_visible()
        expect(page.get_by_text("Découpage fictif")).to_have_count(0)
    (fiche,) = Journal.du_dossier(copie).find_all("contours")
    assert fiche.contenu["couche"] == "quartiers"
