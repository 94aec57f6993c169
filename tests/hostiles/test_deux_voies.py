"""The same files by the two ways that people have: the command line and the screen. Each is told, neither falls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mel_core.contrat.rapport import Gravite
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.cli.appel import run
from tests.hostiles import contenants, formats, textes
from tests.hostiles.fabrique import HOSTILES, Hostile
from tests.hostiles.test_hostiles import ANGLAIS, explained

# One of each kind whenever the tests are; all of them with what is exhaustive.
COURTS = {textes.empty_file, contenants.pdf_named_xlsx, formats.parquet}
# What the system refuses to read, no browser sends.
INDEPOSABLES = {"file_that_the_system_refuses_to_read"}


def chacun(hostiles: list[Hostile]) -> list[Any]:
    return [pytest.param(h, id=h.nom, marks=[pytest.mark.long] * (h.fabriquer not in COURTS)) for h in hostiles]


A_L_ECRAN = [h for h in HOSTILES if h.nom not in INDEPOSABLES]


def deposables(chemin: Path) -> list[tuple[str, bytes, str]]:
    """What a person can drop of it: a file, or those of a folder."""
    fichiers = sorted(f for f in chemin.rglob("*") if f.is_file()) if chemin.is_dir() else [chemin]
    return [(f.name.encode(errors="replace").decode(), f.read_bytes(), "") for f in fichiers]


def test_there_are_at_least_sixty_of_them_by_each_way() -> None:
    assert min(len(HOSTILES), len(A_L_ECRAN)) >= 60
    assert {h.fabriquer for h in HOSTILES} >= COURTS


@pytest.mark.parametrize("hostile", chacun(HOSTILES))
def test_by_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: Hostile) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path / "donnees"))
    depot = tmp_path / "depot"
    depot.mkdir()
    reponse = run("controler", hostile.fabriquer(depot))
    assert reponse.returncode == hostile.code
    assert "Traceback" not in reponse.stderr
    assert hostile.dit in reponse.stdout or not hostile.faits
    assert not (tmp_path / "donnees").exists() or not list((tmp_path / "donnees").glob("*.duckdb"))


@pytest.mark.parametrize("hostile", chacun(A_L_ECRAN))
def test_by_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: Hostile) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path / "donnees"))
    st.cache_resource.clear()
    st.cache_data.clear()
    depot = tmp_path / "depot"
    depot.mkdir()
    ecran = AppTest.from_file(donnees.RACINE / fichier("imports"), default_timeout=60).run()
    ecran.file_uploader(key="depot").set_value(deposables(hostile.fabriquer(depot))).run()
    ecran.checkbox(key="fictives").check().run()  # real data are opened to who is known alone
    ecran.button(key="controler").click().run()
    phrases = [e.message for e in ecran.exception]
    assert len(phrases) <= 1  # outside the frame of the application, a refusal is this sentence
    assert all(explained(p) for p in phrases), phrases
    if not phrases:
        assert [s.value for s in ecran.header if s.value == "Rapport de contrôle"]
        tableaux = "\n".join(t.value.to_string() for t in ecran.dataframe)
        assert not [e.value for e in ecran.error if ANGLAIS.search(e.value)]
        assert "Traceback" not in tableaux
        if hostile.gravite is Gravite.BLOQUANT:
            assert [e for e in ecran.error if "bloquante" in e.value]
            assert not [b for b in ecran.button if b.key == "publier"]
