"""Contours as IGN gives them, imported on a store that has none: the map of the quartiers is not offered before."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mel_core.demo.reglages_demo import CONTOURS
from mel_core.journal import Journal
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.vue import open, texte


def seen() -> str:
    pieces = open(page="fragilite", ici="MEL", seance="2017S2", carte="quartier")
    return " ".join(texte(str(p.contenu)) for p in pieces if p.genre != "graphique").replace("\u00a0", " ")


def test_contours_that_are_imported_are_drawn_and_the_same_file_twice_changes_nothing(
    demonstration_publiee: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copie = tmp_path / "donnees"
    shutil.copytree(demonstration_publiee, copie, ignore=shutil.ignore_patterns("contours", "*.wal"))
    monkeypatch.setenv("MEL_DONNEES", str(copie))
    st.cache_resource.clear()
    st.cache_data.clear()
    entites = json.loads(CONTOURS.read_bytes())["features"]
    for e in entites:
        code = e["properties"]["code_quartier"]
        e["properties"] = {"code_iris": code, "nom_iris": f"IRIS {code}"}
    ign = json.dumps({"type": "FeatureCollection", "features": entites[:-1]}).encode()

    assert "importer les contours depuis Préparer" in seen()
    assert "Fragilité du quartier" not in seen()
    for dit in ("Contours publiés", "étaient déjà publiés"):
        ecran = AppTest.from_file(donnees.RACINE / fichier("imports"), default_timeout=60).run()
        ecran.text_input(key="saisie_auteur").set_value("C. Essai").run()
        ecran.file_uploader(key="contours").set_value([("iris.geojson", ign, "application/json")]).run()
        ecran.button(key="publier_contours").click().run()
        (publie,) = ecran.success
        assert dit in publie.value
        assert "516 contours lus = 516 gardés" in publie.value.replace("\u00a0", " ")
    ecran = AppTest.from_file(donnees.RACINE / fichier("imports"), default_timeout=60).run()
    assert any("Quartiers (IRIS) : 516 contours" in m.value.replace("\u00a0", " ") for m in ecran.markdown)
    vu = seen()
    assert "Carte des quartiers : fragilité" in vu
    assert "1 quartier sans contour, non dessiné." in vu
    assert "Découpage fictif" not in vu
    (fiche,) = Journal.du_dossier(copie).find_all("contours")
    assert fiche.contenu["couche"] == "quartiers"
    assert fiche.auteur.nom == "C. Essai"
