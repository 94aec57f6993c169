"""The background warm-up finds every module by itself, and what may be shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mel_core.cli.commandes import principal
from pages.commun import donnees, prechauffe


def test_the_modules_that_pages_share_are_all_there() -> None:
    noms = {m.__name__ for m in prechauffe.modules()}
    assert {"pages.commun.cadre", "pages.commun.mesures.essai", "pages.commun.prechauffe"} <= noms


def test_where_nothing_is_published_there_is_nothing_to_protect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path))
    donnees.entrepot.clear()
    donnees.proteger_d_avance()


def test_the_protections_of_the_latest_seance_are_ready_for_whoever_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path))
    donnees.entrepot.clear()
    assert principal(["--dossier-donnees", str(tmp_path), "demo"]) == 0
    donnees.proteger_d_avance()
    identifiant = donnees.entrepot().instantane().identifiant
    seance = donnees.choix(identifiant)[0][0]
    # The data folder is gone from under it: only what is kept can answer.
    shutil.rmtree(tmp_path)
    for indicateur in ("npru", "aci", "q1_hors_qpv", "autres_en_qpv"):
        for coupe in ("commune", "quartier", "residence"):
            assert len(donnees.groupes(identifiant, seance, indicateur, coupe, None))
