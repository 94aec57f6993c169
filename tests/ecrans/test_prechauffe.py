"""The background warm-up finds every module by itself, and what may be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core import diffusion
from mel_core.entrepot.annexes import DOSSIER
from pages.commun import donnees, prechauffe
from tests.ecrans.conftest import Publier, monde


def test_the_modules_that_pages_share_are_all_there() -> None:
    noms = {m.__name__ for m in prechauffe.modules()}
    assert {"pages.commun.cadre", "pages.commun.mesures.essai", "pages.commun.prechauffe"} <= noms


def test_where_nothing_is_published_there_is_nothing_to_prepare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path))
    assert prechauffe.suivre(None) is None


def test_what_each_new_snapshot_may_show_is_ready_for_whoever_comes(
    publier: Publier, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tables = monde()
    premier = publier(**tables)
    assert prechauffe.suivre(None) == premier.identifiant
    assert prechauffe.suivre(premier.identifiant) == premier.identifiant
    second = publier(**{**tables, "attributions": tables["attributions"].slice(0, 150)})
    assert prechauffe.suivre(premier.identifiant) == second.identifiant
    assert "ScriptRunContext" not in caplog.text
    prets = {f: f.stat().st_mtime_ns for f in (tmp_path / DOSSIER).rglob("*.gz")}
    assert {f.parent.name for f in prets} == {premier.identifiant, second.identifiant}
    for indicateur in diffusion.REFERENCES:
        for coupe in ("commune", "quartier", "residence"):
            donnees.groupes(second.identifiant, "2017S2", indicateur, coupe, None)
    assert {f: f.stat().st_mtime_ns for f in (tmp_path / DOSSIER).rglob("*.gz")} == prets


def test_data_that_cannot_be_read_stop_no_server(
    publier: Publier, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publie = publier(**monde())
    (tmp_path / "jeux" / f"{publie.identifiant}.duckdb").unlink()
    assert prechauffe.suivre(None) == publie.identifiant
    assert str(tmp_path) not in caplog.text
