"""The same tables as CSV and as an OpenDocument workbook: the same rows, whatever wrote the workbook."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from mel_core.contrat.controle import check
from mel_core.contrat.lecture.fichiers import Donne
from tests.contrat.dessins import AUJOURDHUI
from tests.hostiles.fabrique import feuille, ods, place

ENTETE = ["id_retour", "code_qpv", "date", "n_candidats", "observation"]


def test_a_sheet_is_read_as_it_is_in_a_workbook_or_in_a_csv(tmp_path: Path) -> None:
    lignes = [["C1", "QPF001", "30/09/2017", "12", "à suivre"], ["C2", "QPF001", "2017-10-02", "3", ""]]
    texte = "\n".join(";".join(ligne) for ligne in (ENTETE, *lignes)).encode()
    csv = check(place(tmp_path / "commissions_qpv.csv", texte), aujourdhui=AUJOURDHUI)
    classeur = ods(tmp_path / "jeu.ods", feuille("commissions_qpv", [ENTETE, *lignes]))
    assert check(classeur, aujourdhui=AUJOURDHUI).tables == csv.tables
    assert csv.tables["commissions_qpv"]["date"].to_pylist() == [date(2017, 9, 30), date(2017, 10, 2)]


def test_dates_amounts_and_repeated_rows_are_those_that_are_seen(tmp_path: Path) -> None:
    """An empty sheet of a spreadsheet ends with a million rows repeated; a code typed twice is one cell, repeated."""
    jour = '<table:table-cell office:value-type="date" office:date-value="2017-09-30"><text:p>30/09/17</text:p>'
    douze = '<table:table-cell office:value-type="float" office:value="12"><text:p>12,0</text:p></table:table-cell>'
    note = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>vu</text:p></office:annotation>'
        "<text:p>à <text:span>suivre</text:span></text:p></table:table-cell>"
    )
    vides = '<table:table-row table:number-rows-repeated="{}"><table:table-cell/></table:table-row>'
    ligne = feuille("x", [["C1", "QPF001"]]).partition("<table:table-row>")[2].partition("</table:table-row>")[0]
    corps = (
        feuille("commissions_qpv", [ENTETE]).removesuffix("</table:table>")
        + vides.format(3)
        + f"<table:table-row>{ligne}{jour}</table:table-cell>{douze}{note}</table:table-row>"
        + vides.format(1_048_500)
        + "</table:table>"
    )
    jeu = check(ods(tmp_path / "jeu.ods", corps), aujourdhui=AUJOURDHUI)
    (lu,) = jeu.tables["commissions_qpv"].to_pylist()
    assert lu == {
        "id_retour": "C1",
        "code_qpv": "QPF001",
        "date": date(2017, 9, 30),
        "n_candidats": 12,
        "n_designes": None,
        "n_refuses": None,
        "observation": "à suivre",
    }


def test_a_sheet_of_any_name_is_given_to_a_table_and_what_is_rejected_has_its_row(tmp_path: Path) -> None:
    lignes = [["Retours des commissions"], ENTETE, ["C1", "QPF001", "30/09/2017"], ["C2", "QPF001", "31/09/2017"]]
    chemin = ods(tmp_path / "retours 2017.ods", feuille("Feuille1", lignes))
    jeu = check((Donne(chemin, "commissions_qpv"),), aujourdhui=AUJOURDHUI)
    rejets = [(a.ligne, a.colonne, a.valeur) for a in jeu.rapport.anomalies if a.gravite == "rejet"]
    assert rejets == [(4, "date", "31/09/2017")]
    assert jeu.rapport.tables["commissions_qpv"].gardees == 1


def test_a_workbook_cut_in_its_content_is_refused_and_loses_no_row_in_silence(tmp_path: Path) -> None:
    lignes = [["code_bailleur", "nom"], *([f"B{n}", os.urandom(8).hex()] for n in range(500))]
    entier = feuille("bailleurs", lignes)
    (anomalie,) = check(ods(tmp_path / "jeu.ods", entier[: len(entier) // 2] + "<")).rapport.anomalies
    assert (anomalie.regle, "enregistrer de nouveau" in anomalie.message) == ("illisible", True)
