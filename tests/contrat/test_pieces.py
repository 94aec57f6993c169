"""What dropped files hold: a file or a sheet whose name says no table is asked about, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import xlsxwriter

from mel_core.contrat.lecture.fichiers import pieces


def dites(*chemins: Path, modele: str = "") -> list[tuple[str, str | None, bool]]:
    return [(p.dite, p.table, p.est_jeu) for p in pieces(chemins, modele)]


def test_a_file_and_each_sheet_of_a_workbook_are_pieces(tmp_path: Path) -> None:
    (tmp_path / "Vilogia.csv").write_text("a;b\n", encoding="utf-8")
    (tmp_path / "demandes.csv").write_text("a;b\n", encoding="utf-8")
    with xlsxwriter.Workbook(tmp_path / "LMH.xlsx") as cahier:
        cahier.add_worksheet("1er semestre").write(0, 0, "a")
        cahier.add_worksheet("Bailleurs").write(0, 0, "a")
        cahier.add_worksheet("Ancien").hide()
        graphique = cahier.add_chart({"type": "line"})
        graphique.add_series({"values": "='1er semestre'!$A$1:$A$1"})
        cahier.add_chartsheet("Courbe").set_chart(graphique)
    assert dites(tmp_path / "Vilogia.csv", tmp_path / "LMH.xlsx", tmp_path / "demandes.csv") == [
        ("Vilogia.csv", None, False),
        ("LMH.xlsx › 1er semestre", None, False),
        ("LMH.xlsx › Bailleurs", "bailleurs", False),
        ("LMH.xlsx › Ancien (feuille masquée)", None, False),
        ("demandes.csv", "demandes", False),
    ]


def test_an_archive_of_named_tables_or_of_the_sne_is_not_asked_about(tmp_path: Path) -> None:
    for nom, dedans in {"jeu": "demandes.csv", "lots": "lille.csv", "xml": "1.xml"}.items():
        with zipfile.ZipFile(tmp_path / f"{nom}.zip", "w") as archive:
            archive.writestr(dedans, "a;b\n")
    jeu, lots, xml = (tmp_path / f"{nom}.zip" for nom in ("jeu", "lots", "xml"))
    assert dites(jeu, lots, xml) == [("jeu.zip", None, True), ("lots.zip", None, False), ("xml.zip", None, True)]
    assert dites(lots, modele="sne") == [("lots.zip", None, True)]


def test_what_can_t_be_read_is_left_to_the_check_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "abime.zip").write_bytes(b"PK\x03\x04 coupe")
    (tmp_path / "faux.xlsx").write_bytes(b"%PDF-1.7")
    assert dites(tmp_path / "abime.zip", tmp_path / "faux.xlsx") == [
        ("abime.zip", None, True),
        ("faux.xlsx", None, True),
    ]


def test_the_dwellings_of_rpls_are_residences_under_any_name(tmp_path: Path) -> None:
    (tmp_path / "parc.csv").write_text("a;b\n", encoding="utf-8")
    (tmp_path / "rpls_2017.csv").write_text("a;b\n", encoding="utf-8")
    assert dites(tmp_path / "parc.csv", modele="rpls") == [("parc.csv", "residences", False)]
    assert dites(tmp_path / "rpls_2017.csv", modele="sne") == [("rpls_2017.csv", "residences", False)]
