"""Préparer › Qualité in a real browser: the leases to ask for. What the files lack, as the command counts it, is traced
in `tests/ecrans/test_qualite`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from mel_core.journal import Journal
from tests.navigateur.conftest import RACINE, au_repos
from tests.navigateur.test_suivre import MESSAGE, PERIMETRE, Ouvrir

pytestmark = pytest.mark.navigateur


def commander(donnees: Path, *mots: str) -> str:
    commande = [sys.executable, "-m", "mel_core", *mots, "--dossier-donnees", str(donnees)]
    return subprocess.run(commande, cwd=RACINE, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def ask(donnees: Path, quoi: str) -> list[dict]:
    return json.loads(commander(donnees, "qualite", quoi, "--seance", "2017S2", "--periode", "annee", "--ici", "ICI 2"))


def test_the_leases_of_a_bailleur_are_taken_under_a_name_and_the_journal_says_so(
    demonstration: str, donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    page = open(f"{demonstration}/qualite?{PERIMETRE}&qualite=attributions")
    au_repos(page)
    message = page.locator(MESSAGE).bounding_box()
    assert message is not None
    assert message["y"] + message["height"] <= 768
    assert page.locator(".qualite td.manque").count()
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
