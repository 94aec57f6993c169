"""The standing views in a real browser: one sentence, one picture, the lever; figures are those of the command line."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.demo.reglages_demo import CONTOURS
from mel_core.journal import Journal
from mel_core.socle.langue import part, points
from tests.navigateur.conftest import RACINE, application, au_repos
from tests.navigateur.test_parcours import simple, table_lue

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
PERIMETRE = "seance=2017S2&ici=ICI%202"
MESSAGE, REPONSE = ".st-key-message", ".st-key-levier"


@pytest.fixture(scope="module")
def donnees(demonstration_copiee: Path) -> Path:
    return demonstration_copiee


@pytest.fixture(scope="module")
def adresse(donnees: Path) -> Iterator[str]:
    with application(donnees) as url:
        yield url


def simuler(donnees: Path, dossier: Path, simulation: str, **leviers: str) -> dict:
    lignes = [f'simulation = "{simulation}"', 'nom = "essai"', 'auteur = "essai"', 'seance = "2017S2"', 'ici = "ICI 2"']
    fichier = dossier / "scenario.toml"
    fichier.write_text("\n".join([*lignes, "[leviers]", *(f"{k} = {v}" for k, v in leviers.items())]), encoding="utf-8")
    commande = [sys.executable, "-m", "mel_core", "simuler", str(fichier), "--format", "json"]
    fini = subprocess.run(
        [*commande, "--dossier-donnees", str(donnees)], cwd=RACINE, check=True, capture_output=True, text=True
    )
    return json.loads(fini.stdout)


def texte(page: Page, ou: str) -> str:
    return simple(page.locator(ou).inner_text())


def arrows(page: Page, libelle: str, touche: str, fois: int) -> None:
    curseur = page.get_by_role("slider", name=libelle)
    au_repos(page)
    curseur.focus()
    for _ in range(fois):
        curseur.press(touche)


@pytest.mark.parametrize("page_", ["convergence", "programmation", "fragilite", "accueil"])
def test_the_message_and_the_picture_are_seen_without_scrolling_in_french(
    adresse: str, open: Ouvrir, page_: str
) -> None:
    page = open(f"{adresse}/{page_}?{PERIMETRE}")
    expect(page.locator("canvas").first).to_be_visible()
    for ou in (MESSAGE, "svg.dessin"):
        boite = page.locator(ou).first.bounding_box()
        assert boite is not None
        assert boite["y"] + boite["height"] <= 768
        assert boite["x"] + boite["width"] <= 1366
    # What is drawn last on the row reaches its end: nothing squeezes the pictures into a corner.
    derniers = {"programmation": ".exemple", "fragilite": ".indices"}
    bout = page.locator(derniers.get(page_, "svg.dessin")).last.bounding_box()
    assert bout is not None
    assert bout["x"] + bout["width"] >= 0.95 * 1366
    assert texte(page, MESSAGE).startswith("Dans l’ICI 2, ")
    assert page.locator(".refus").count() == 0
    assert not re.search(r"\b(nan|None|NaN)\b", page.locator(".stMainBlockContainer").inner_text())


def test_the_share_of_plai_moves_by_keyboard_and_says_what_the_command_says(
    adresse: str, donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    page = open(f"{adresse}/programmation?{PERIMETRE}")
    expect(page.locator(REPONSE)).to_contain_text("Viser 25")
    arrows(page, "Part de PLAI", "ArrowRight", 5)
    expect(page.locator(REPONSE)).to_contain_text("Viser 30")
    attendu = simuler(donnees, tmp_path, "programmation", part_plai='"30 %"')["synthese"]
    assert f": {attendu['n_plai']} sur {attendu['n_sociaux']}, soit {simple(part(attendu['part_plai']))}." in texte(
        page, REPONSE
    )
    expect(page.locator('table.lu:has(caption:text-is("Programmation par opération"))')).to_be_attached()
    lignes = table_lue(page, "Programmation par opération")
    assert sum(int(ligne[10]) for ligne in lignes) == attendu["n_plai"]
    assert page.url.split("?")[1].count("part_plai=30") == 1
    page.reload()
    expect(page.locator(REPONSE)).to_contain_text("Viser 30")


def test_the_operation_of_the_deck_is_drawn_to_the_unit(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/programmation?{PERIMETRE}&part_plai=25")
    exemple = page.locator(".exemple")
    expect(exemple).to_contain_text("C’est un PLAI à la place d’un PLUS")
    lus = [simple(t) for t in exemple.locator("b").all_inner_texts()]
    assert lus == ["7 PLUS + 2 PLAI", "6 PLUS + 3 PLAI"]
    assert [exemple.locator("p").nth(i).locator("i.plai").count() for i in (0, 1)] == [2, 3]


def test_the_gap_halves_on_screen_when_the_command_says_so(
    adresse: str, donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    page = open(f"{adresse}/convergence?{PERIMETRE}&entrees=objectif&horizon=20")
    expect(page.locator(REPONSE)).to_contain_text("réduit de moitié")
    cibles = dict.fromkeys(("cible_fragile", "cible_moyenne", "cible_sans"), '"50 %"')
    attendu = simuler(donnees, tmp_path, "convergence", **cibles, horizon="20")["synthese"]
    assert f"au {attendu['semestre_moitie']}e semestre" in texte(page, REPONSE)
    assert f"{simple(points(100 * attendu['ecart_initial'])).lstrip('+')} d’écart" in texte(page, MESSAGE)
    assert f"{simple(points(100 * attendu['ecart_horizon'])).lstrip('+')} au 20e semestre" in texte(page, REPONSE)


def test_entrants_as_observed_say_what_lettings_never_reach(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/convergence?{PERIMETRE}")
    page.get_by_role("radio", name="Comme constaté").click()
    expect(page.locator(REPONSE)).to_contain_text("n’est pas réduit de moitié")
    expect(page.locator(REPONSE)).to_contain_text("hors de portée des attributions seules")


def test_the_map_of_the_referential_changes_and_its_link_reopens_it(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/fragilite?{PERIMETRE}")
    expect(page.locator(".indices tbody tr").first).to_contain_text("4")
    page.get_by_role("radio", name="Fragilité de la commune").click()
    expect(page.locator(".lu", has_text="Carte des communes : fragilité de la commune")).to_be_attached()
    page.reload()
    expect(page.locator(".lu", has_text="Carte des communes : fragilité de la commune")).to_be_attached()
    expect(page.locator('table.lu:has(caption:text-is("Référentiel par commune"))')).to_be_attached()
    assert "fragile" in {ligne[2] for ligne in table_lue(page, "Référentiel par commune")}


def test_the_volumes_of_the_network_add_up_by_actor(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/accueil?{PERIMETRE}")
    expect(page.locator(MESSAGE)).to_contain_text("en ligne")
    total = re.search(r"ont enregistré ([\d ]+) demandes", texte(page, MESSAGE))
    assert total is not None
    expect(page.locator('table.lu:has(caption:text-is("Par acteur"))')).to_be_attached()
    lignes = table_lue(page, "Par acteur")
    assert sum(int(ligne[3].replace(" ", "")) for ligne in lignes) == int(total[1].replace(" ", ""))
    page.get_by_role("radio", name="Entretiens").click()
    expect(page.locator(REPONSE)).to_contain_text("Entretiens :")


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
