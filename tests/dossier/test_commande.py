"""`dossier` on the command line: paths on the output, what is missing apart, one sentence and a code when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.cli.commandes import MAL_APPELE, REFUSE, principal
from mel_core.entrepot import Entrepot

Sorties = pytest.CaptureFixture[str]


def appeler(
    entrepot: Entrepot, sortie: Path, ici: str = "ICI 2", seance: str = "2017S2", document: str = "dossier"
) -> int:
    options = ["--seance", seance, "--ici", ici, "--sortie", str(sortie), "--document", document]
    return principal(["--dossier-donnees", str(entrepot.dossier), "dossier", *options])


def test_the_output_lists_the_files_and_nothing_else(entrepot: Entrepot, tmp_path: Path, capfd: Sorties) -> None:
    assert appeler(entrepot, tmp_path / "sortie") == 0
    dits = capfd.readouterr()
    fichiers = [Path(x) for x in dits.out.splitlines()]
    assert {f.suffix for f in fichiers} == {".pptx", ".pdf", ".html", ".docx", ".xlsx"}
    assert sorted(fichiers) == sorted(f for f in (tmp_path / "sortie").rglob("*") if f.is_file())
    assert dits.err.startswith("Contrôle avant séance")


def test_what_was_acted_is_written_without_a_screen(entrepot: Entrepot, tmp_path: Path, capfd: Sorties) -> None:
    for document in ("releve", "synthese"):
        assert appeler(entrepot, tmp_path / "sortie", document=document) == 0
        ecrits = [Path(x) for x in capfd.readouterr().out.splitlines()]
        assert [f.name for f in ecrits] == [f"{document}-2017S2-ici-2.{suffixe}" for suffixe in ("docx", "pdf")]
        assert all(f.stat().st_size for f in ecrits)
    assert appeler(entrepot, tmp_path / "sortie", "ICI 9", document="releve") == MAL_APPELE


@pytest.mark.parametrize(
    ("ici", "seance", "code"),
    [
        ("ICI 9", "2017S2", MAL_APPELE),
        ("ICI 2", "2017T4", MAL_APPELE),
        ("ICI 2", "2010S1", REFUSE),
        ("ICI 2", "2018S1", REFUSE),
    ],
)
def test_a_wrong_call_is_told_in_one_sentence(
    ici: str, seance: str, code: int, entrepot: Entrepot, tmp_path: Path, capfd: Sorties
) -> None:
    assert appeler(entrepot, tmp_path / "sortie", ici, seance) == code
    dits = capfd.readouterr()
    assert dits.out == ""
    (phrase,) = dits.err.splitlines()
    assert phrase.endswith(".")


def test_a_folder_that_can_t_be_written_is_named(entrepot: Entrepot, tmp_path: Path, capfd: Sorties) -> None:
    (tmp_path / "fichier").write_text("déjà là", encoding="utf-8")
    assert appeler(entrepot, tmp_path / "fichier") == REFUSE
    (phrase,) = capfd.readouterr().err.splitlines()
    assert "ne peut pas être écrit" in phrase
