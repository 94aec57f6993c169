"""Préparer › Qualité in a real browser: what the files lack, as the command counts it, and the leases to ask for."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from mel_core.journal import Journal
from mel_core.socle.langue import nombre
from tests.navigateur.conftest import RACINE, application, au_repos
from tests.navigateur.test_listes import prendre_le_profil
from tests.navigateur.test_parcours import simple
from tests.navigateur.test_suivre import MESSAGE, PERIMETRE, Ouvrir, texte

pytestmark = pytest.mark.navigateur
MATRICE = ".qualite table"


@pytest.fixture(scope="module")
def donnees(demonstration_copiee: Path) -> Path:
    return demonstration_copiee


@pytest.fixture(scope="module")
def adresse(donnees: Path) -> Iterator[str]:
    with application(donnees) as url:
        yield url


def commander(donnees: Path, *mots: str) -> str:
    commande = [sys.executable, "-m", "mel_core", *mots, "--dossier-donnees", str(donnees)]
    return subprocess.run(commande, cwd=RACINE, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def ask(donnees: Path, quoi: str) -> list[dict]:
    return json.loads(commander(donnees, "qualite", quoi, "--seance", "2017S2", "--periode", "annee", "--ici", "ICI 2"))


def rangees(page: Page) -> list[list[str]]:
    return [
        [simple(c) for c in ligne.locator("th, td").all_inner_texts()]
        for ligne in page.locator(f"{MATRICE} tbody tr").all()
    ]


@pytest.mark.parametrize("vue", ["attributions", "demandes", "residences"])
def test_each_cell_is_the_share_that_the_command_counts_and_the_marked_ones_are_those_to_complete(
    adresse: str, donnees: Path, open: Ouvrir, vue: str
) -> None:
    page = open(f"{adresse}/qualite?{PERIMETRE}&qualite={vue}")
    au_repos(page)
    lues = ask(donnees, vue)
    porteurs = list(dict.fromkeys(x["porteur"] for x in lues))
    rangs = rangees(page)
    assert len(rangs) == len(porteurs)
    for porteur, (_, n, *parts) in zip(porteurs, rangs, strict=True):
        siennes = [x for x in lues if x["porteur"] == porteur]
        assert n == simple(nombre(siennes[0]["n"]))
        for x, part in zip(siennes, parts, strict=True):
            if x["part"] is None:
                assert part == "—"
                continue
            dite = float(part.replace("à compléter : ", "").strip("▼ %").replace(",", "."))
            assert dite == pytest.approx(100 * x["part"], abs=0.5)
    assert page.locator(".qualite td.manque").count() == sum(x["est_a_completer"] for x in lues)
    message = page.locator(MESSAGE).bounding_box()
    assert message is not None
    assert message["y"] + message["height"] <= 768


def test_a_month_without_an_event_is_marked_where_leases_were_signed(adresse: str, donnees: Path, open: Ouvrir) -> None:
    page = open(f"{adresse}/qualite?{PERIMETRE}&qualite=evenements")
    au_repos(page)
    lues = ask(donnees, "evenements")
    silences = sum(x["est_silence"] for x in lues)
    assert silences
    expect(page.locator(".qualite td.manque")).to_have_count(silences)
    assert f"({silences} mois en tout" in texte(page, MESSAGE)
    assert sum(int(c.replace(" ", "")) for r in rangees(page) for c in r[2:] if c != "aucun") == sum(
        x["n_evenements"] for x in lues
    )


def test_the_leases_of_a_bailleur_are_taken_under_a_name_and_the_journal_says_so(
    adresse: str, donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    page = open(f"{adresse}/qualite?{PERIMETRE}&qualite=attributions")
    au_repos(page)
    expect(page.get_by_role("button", name="Préparer l’export")).to_have_count(0)
    page.get_by_label("Votre nom").fill("Mme Martin")
    page.keyboard.press("Enter")
    au_repos(page)
    page.get_by_role("button", name="Préparer l’export").click()
    with page.expect_download() as attendu:
        page.get_by_role("button", name="Télécharger le classeur").click()
    fichier = tmp_path / "baux.xlsx"
    attendu.value.save_as(fichier)
    classeur = CalamineWorkbook.from_path(fichier)
    tetes, *lignes = classeur.get_sheet_by_name("Liste").to_python()
    assert tetes == ["Attribution", "Date du bail", "Commune", "Résidence", "À compléter"]
    (premier,) = {x["porteur"] for x in ask(donnees, "attributions")[10:11]}  # the first row under the ensemble
    siens = json.loads(
        commander(
            donnees, *("qualite", "baux", "--bailleur", premier), *("--seance", "2017S2"),
            *("--periode", "annee", "--ici", "ICI 2"),
        )
    )  # fmt: skip
    assert [x[0] for x in lignes] == [x["id_attribution"] for x in siens]
    tampon = dict(classeur.get_sheet_by_name("À lire").to_python())
    assert "Mme Martin" in str(tampon["Extrait par"])
    traces = Journal.du_dossier(donnees).find_all("audit", geste="export", organisation=premier)
    assert [f.contenu["n"] for f in traces] == [len(siens)]


def test_only_a_co_pilot_reads_who_fills_in_what(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/qualite?{PERIMETRE}")
    prendre_le_profil(page, "Animateur (projection)")
    expect(page.locator(".refus")).to_contain_text("Seul un co-pilote")
    expect(page.locator(MATRICE)).to_have_count(0)
