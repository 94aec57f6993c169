"""`dossier` on the command line: paths on the output, what is missing apart, one sentence and a code when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.cli.commandes import MAL_APPELE, REFUSE, principal
from mel_core.entrepot import Entrepot

Sorties = pytest.CaptureFixture[str]


def appeler(entrepot: Entrepot, sortie: Path, ici: str = "ICI 2", seance: str = "2017S2") -> int:
    options = ["--seance", seance, "--ici", ici, "--sortie", str(sortie)]
    return principal(["--dossier-donnees", str(entrepot.dossier), "dossier", *options])


def test_the_output_lists_the_files_and_nothing_else(entrepot: Entrepot, tmp_path: Path, capfd: Sorties) -> None:
    assert appeler(entrepot, tmp_path / "sortie") == 0
    dits = capfd.readouterr()
    fichiers = [Path(x) for x in dits.out.splitlines()]
    assert {f.suffix for f in fichiers} == {".pptx", ".pdf", ".html", ".docx", ".xlsx"}
    assert sorted(fichiers) == sorted(f for f in (tmp_path / "sortie").rglob("*") if f.is_file())
    assert dits.err.startswith("Contrôle avant séance")


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
