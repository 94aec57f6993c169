"""Workbooks: what a spreadsheet does to identifiers, dates and formulas; what is refused before it is opened."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from mel_core.contrat.controle import check
from mel_core.contrat.lecture import ouvrier_classeur
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.rapport import Jeu
from mel_core.contrat.valeurs import FORMULE_NON_CALCULEE
from tests.contrat.dessins import AUJOURDHUI, MANQUES, PROPRE, bilan, faits, la
from tests.contrat.ecriture import ecrire_classeur, zipper
from tests.contrat.test_hostiles import refuse

Feuille = Any


def controler_feuilles(chemin: Path, feuilles: dict[str, Callable[[Feuille, Any], None]], **options: Any) -> Jeu:
    with xlsxwriter.Workbook(chemin, options) as classeur:
        for nom, fill in feuilles.items():
            fill(classeur.add_worksheet(nom), classeur)
    return check(chemin, aujourdhui=AUJOURDHUI)


def commissions(*cellules: Any, style: str | None = None) -> Callable[[Feuille, Any], None]:
    """A sheet of commissions_qpv whose third column is a date."""

    def fill(feuille: Feuille, classeur: Any) -> None:
        feuille.write_row(0, 0, ["id_retour", "code_qpv", "date"])
        for rang, cellule in enumerate(cellules, start=1):
            feuille.write_row(rang, 0, [f"C{rang}", "QPF001"])
            feuille.write(rang, 2, cellule, classeur.add_format({"num_format": style}) if style else None)

    return fill


def test_an_identifier_stored_as_a_number_is_rejected_not_repaired(tmp_path: Path) -> None:
    def fill(feuille: Feuille, classeur: Any) -> None:
        feuille.write_row(0, 0, ["code_bailleur", "nom"])
        feuille.write_row(1, 0, ["007", "Texte"])
        feuille.write_number(2, 0, 7, classeur.add_format({"num_format": "000"}))
        feuille.write_string(2, 1, "Nombre montré 007")
        feuille.write_datetime(3, 0, datetime(2017, 3, 1), classeur.add_format({"num_format": "d-m"}))
        feuille.write_string(3, 1, "1-3 devenu une date")
        feuille.write_row(4, 0, ["008", 8])

    jeu = controler_feuilles(tmp_path / "jeu.xlsx", {"bailleurs": fill})
    assert faits(jeu) == [
        ("identifiant_numerique", 3, "code_bailleur", "7"),
        ("identifiant_numerique", 4, "code_bailleur", "2017-03-01"),
    ]
    assert jeu.tables["bailleurs"].to_pylist() == [
        {"code_bailleur": "007", "nom": "Texte"},
        {"code_bailleur": "008", "nom": "8"},
    ]


def test_a_single_code_of_a_list_stored_as_a_number_is_read_when_it_has_all_its_digits(tmp_path: Path) -> None:
    def fill(feuille: Feuille, _classeur: Any) -> None:
        feuille.write_row(0, 0, ["numero_unique", "date_creation", "etat", "n_personnes", "communes_souhaitees"])
        feuille.write_row(1, 0, ["D1", "2016-01-01", "ACTIVE", 1, 1004])  # 01004 in the Ain
        feuille.write_row(3, 0, ["D3", "2016-01-01", "ACTIVE", 1, 59512])
        feuille.write_row(2, 0, ["D2", "2016-01-01", "ACTIVE", 1, "59350"])

    jeu = controler_feuilles(tmp_path / "jeu.xlsx", {"demandes": fill})
    assert ("identifiant_numerique", 2, "communes_souhaitees", "1004") in faits(jeu)
    assert jeu.tables["demandes"]["communes_souhaitees"].to_pylist() == [["59350"], ["59512"]]


def test_a_number_in_a_closed_list_is_a_question_and_the_mapping_answers_it(tmp_path: Path) -> None:
    def fill(feuille: Feuille, _classeur: Any) -> None:
        feuille.write_row(0, 0, ["numero_unique", "date_creation", "etat", "n_personnes", "typologies"])
        feuille.write_row(1, 0, ["D1", "2016-01-01", "ACTIVE", 1, 2])
        feuille.write_row(2, 0, ["D2", "2016-01-01", "ACTIVE", 1, "T3"])

    chemin = tmp_path / "jeu.xlsx"
    jeu = controler_feuilles(chemin, {"demandes": fill})
    assert [f for f in faits(jeu) if f[2] == "typologies"] == [("valeur_inconnue", 2, "typologies", "2")]
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[demandes.valeurs.typologies]\n"2" = "T2"\n', encoding="utf-8")
    repondu = check(chemin, mapping=Mapping.read(mapping), aujourdhui=AUJOURDHUI)
    assert repondu.tables["demandes"]["typologies"].to_pylist() == [["T2"], ["T3"]]


@pytest.mark.parametrize("est_1904", [False, True])
def test_a_date_is_the_same_day_in_both_calendars_shown_as_a_date_or_as_its_number(
    tmp_path: Path, est_1904: bool
) -> None:
    # 2017-05-02 is day 42 857 of the calendar of 1900 and 41 395 of that of 1904.
    serie = 41_395 if est_1904 else 42_857
    feuilles = {"commissions_qpv": commissions(datetime(2017, 5, 2), style="dd/mm/yyyy")}
    montree = controler_feuilles(tmp_path / "a.xlsx", feuilles, date_1904=est_1904)
    nombre = controler_feuilles(tmp_path / "b.xlsx", {"commissions_qpv": commissions(serie)}, date_1904=est_1904)
    assert montree.tables["commissions_qpv"]["date"].to_pylist() == [date(2017, 5, 2)]
    assert nombre.tables["commissions_qpv"]["date"].to_pylist() == [date(2017, 5, 2)]


def test_a_date_with_an_hour_is_not_a_day(tmp_path: Path) -> None:
    feuilles = {"commissions_qpv": commissions(datetime(2017, 5, 2, 14, 5), style="dd/mm/yyyy")}
    jeu = controler_feuilles(tmp_path / "jeu.xlsx", feuilles)
    assert faits(jeu) == [("type", 2, "date", "2017-05-02 14:05:00")]


def test_a_month_typed_in_a_workbook_became_a_date_and_reads_as_the_month(tmp_path: Path) -> None:
    def fill(feuille: Feuille, classeur: Any) -> None:
        feuille.write_row(0, 0, ["code_lieu", "mois", "type_lieu", "porteur"])
        feuille.write_row(1, 0, ["L1", "", "RELAIS", "MEL"])
        feuille.write_datetime(1, 1, datetime(2017, 9, 1), classeur.add_format({"num_format": "mmm-yy"}))

    jeu = controler_feuilles(tmp_path / "jeu.xlsx", {"accueil": fill})
    assert jeu.tables["accueil"]["mois"].to_pylist() == ["2017-09"]


def test_a_formula_that_failed_is_an_error_and_not_an_empty_cell(tmp_path: Path) -> None:
    def fill(feuille: Feuille, _classeur: Any) -> None:
        feuille.write_row(0, 0, ["code_quartier", "nom", "code_insee", "population", "part_non_emploi"])
        feuille.write_row(1, 0, ["Q1", "Centre", "59350"])
        feuille.write_formula(1, 3, "=NA()", value="#N/A")
        feuille.write_row(2, 0, ["Q2", "Gare", "59350", 12])
        feuille.write_formula(2, 4, "=1/8", value=0.125)

    jeu = controler_feuilles(tmp_path / "jeu.xlsx", {"quartiers": fill})
    assert [f for f in faits(jeu) if f[0] not in MANQUES] == [("type", 2, "population", "#N/A")]
    assert jeu.tables["quartiers"].select(["code_quartier", "population", "part_non_emploi"]).to_pylist() == [
        {"code_quartier": "Q2", "population": 12, "part_non_emploi": 0.125}
    ]


def test_a_failed_formula_is_found_in_a_sheet_that_does_not_begin_in_its_corner(tmp_path: Path) -> None:
    def fill(feuille: Feuille, _classeur: Any) -> None:
        feuille.write_row("C5", ["code_bailleur", "nom"])
        feuille.write_row("C6", ["B1", "Un"])
        feuille.write("C7", "B2")
        feuille.write_formula("D7", "=1/0", value="#DIV/0!")

    jeu = controler_feuilles(tmp_path / "jeu.xlsx", {"bailleurs": fill})
    assert faits(jeu) == [("type", 7, "nom", "#DIV/0!")]


def test_empty_rows_are_skipped_and_keep_the_numbering(tmp_path: Path) -> None:
    def fill(feuille: Feuille, _classeur: Any) -> None:
        feuille.write_row(2, 1, ["code_bailleur", "nom"])
        feuille.write_row(5, 1, ["B1", "Un"])
        feuille.write_row(8, 1, ["B2"])

    jeu = controler_feuilles(tmp_path / "jeu.xlsx", {"bailleurs": fill})
    assert [f[:3] for f in faits(jeu)] == [("requise_vide", 9, "nom")]
    assert bilan(jeu, "bailleurs") == (2, 1, 1, 0)
    assert jeu.rapport.anomalies[0].fichier == "jeu.xlsx › bailleurs"


def test_a_hidden_sheet_that_bears_a_table_s_name_blocks(tmp_path: Path) -> None:
    def cacher(feuille: Feuille, _classeur: Any) -> None:
        feuille.write_row(0, 0, ["numero_unique"])
        feuille.hide()

    feuilles = {"bailleurs": lambda f, _: f.write_row(0, 0, ["code_bailleur", "nom"]), "demandes": cacher}
    jeu = controler_feuilles(tmp_path / "jeu.xlsx", feuilles)
    assert la(jeu, "feuille_masquee").valeur == "demandes"
    assert jeu.tables == {}


def test_a_sheet_that_bears_no_table_s_name_is_ignored_and_said(tmp_path: Path) -> None:
    feuilles = {
        "Bailleurs": lambda f, _: f.write_row(0, 0, ["code_bailleur", "nom"]),
        "Notes": lambda f, _: f.write(0, 0, "x"),
    }
    jeu = controler_feuilles(tmp_path / "jeu.xlsx", feuilles)
    assert faits(jeu) == [("fichier_ignore", None, None, "Notes")]
    assert list(jeu.tables) == ["bailleurs"]


def test_an_empty_sheet_is_unreadable(tmp_path: Path) -> None:
    jeu = controler_feuilles(tmp_path / "jeu.xlsx", {"bailleurs": lambda _f, _c: None})
    assert "vide" in refuse(jeu)[0][1]


def test_a_cell_that_is_too_long_is_unreadable(tmp_path: Path) -> None:
    def fill(feuille: Feuille, _classeur: Any) -> None:
        feuille.write_row(0, 0, ["code_bailleur", "nom"])
        feuille.write_row(1, 0, ["B1", "x" * 10_000])
        feuille.write_row(2, 0, ["B2", "x" * 10_001])

    ((ligne, message),) = refuse(controler_feuilles(tmp_path / "jeu.xlsx", {"bailleurs": fill}))
    assert (ligne, "10\u202f000 caractères" in message) == (3, True)


def test_a_cell_at_the_end_of_the_sheet_does_not_take_the_memory(tmp_path: Path) -> None:
    # Seventeen thousand million cells in a few kilobytes: the reader is stopped by its bound.
    def fill(feuille: Feuille, _classeur: Any) -> None:
        feuille.write_row(0, 0, ["code_bailleur", "nom"])
        feuille.write(1_048_575, 16_383, "x")

    ((_, message),) = refuse(controler_feuilles(tmp_path / "jeu.xlsx", {"bailleurs": fill}))
    assert "mémoire" in message


def test_a_workbook_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mel_core.contrat.lecture.classeur.DUREE_MAX", 0.01)
    ((_, message),) = refuse(check(ecrire_classeur(tmp_path / "jeu.xlsx", PROPRE)))
    assert "temps" in message


def test_a_workbook_that_is_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    chemin = zipper(
        tmp_path / "jeu.xlsx", {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 20_000_000}
    )
    ((_, message),) = refuse(check(chemin))
    assert "100 fois" in message


@pytest.mark.parametrize(
    "remplacees",
    [
        {"xl/workbook.xml": b"<workbook"},
        {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row><c"},
        {"xl/_rels/workbook.xml.rels": b""},
        {"xl/sharedStrings.xml": b"\xff\xfe"},
    ],
    ids=lambda r: next(iter(r)),
)
def test_a_damaged_workbook_is_refused_in_a_sentence(tmp_path: Path, remplacees: dict[str, bytes]) -> None:
    with zipfile.ZipFile(ecrire_classeur(tmp_path / "bon.xlsx", PROPRE)) as bon:
        parties = {nom: bon.read(nom) for nom in bon.namelist()} | remplacees
    ((_, message),) = refuse(check(zipper(tmp_path / "jeu.xlsx", parties)))
    assert "enregistrer de nouveau en .xlsx" in message


def test_an_old_workbook_or_one_with_a_password_is_refused(tmp_path: Path) -> None:
    (tmp_path / "jeu.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    ((_, message),) = refuse(check(tmp_path / "jeu.xlsx"))
    assert ".xls" in message


@pytest.mark.parametrize(
    ("cellule", "est_a_calculer"),
    [
        ('<c r="B2"><f>1+1</f></c>', True),
        ('<c r="B2"><f>1+1</f><v/></c>', True),
        ('<c r="B2" t="str"><f>1+1</f></c>', True),
        ('<c r="B2"><f t="shared" si="0"/></c>', True),
        ('<x:c r="B2">\n<x:f ca="1">A1&lt;B1</x:f>\n<x:v></x:v>\n</x:c>', True),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', False),
        ('<c r="B2"><f t="shared" si="0"/><v>2</v></c>', False),
        ('<c r="B2" t="str"><f>IF(A1,"oui","")</f><v></v></c>', False),  # computed: an empty text
        ('<c r="B2"/><c r="C2"><v>2</v></c>', False),
    ],
)
def test_a_formula_without_its_value_is_not_an_empty_cell(cellule: str, est_a_calculer: bool) -> None:
    attendues = {2: {1: FORMULE_NON_CALCULEE}} if est_a_calculer else {}
    assert ouvrier_classeur._cellules_en_erreur(f"<row>{cellule}</row>".encode()) == attendues
