"""Hostile folders, archives and workbooks."""

from __future__ import annotations

import os
import warnings
import zipfile
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from tests.hostiles.fabrique import (
    AUCUNE,
    BAILLEURS,
    D1,
    DEMANDES,
    ETIQUETTES,
    SAUF_ACI,
    archiver,
    avertit,
    bailleurs,
    bloque,
    classeur,
    demandes,
    illisible,
    place,
    refaire,
    rejette,
)

RIEN = (0, 0, 0, 0)
FEUILLE = [["code_bailleur", "nom"], ["B1", "Un"]]
ENTETE = [
    "id_attribution",
    "numero_unique",
    "date_bail",
    "code_insee",
    "code_bailleur",
    "mutation",
    "revenu_fiscal",
    "aci",
]
ATTRIBUTION = ["A1", "999000000000000001", "30/09/2017", "59512", "B1", "Non", 12000, "Oui"]


@bloque(("table_double", None, None), dit="n’en garder qu’une", bailleurs=(1, 1, 0, 0))
def two_files_of_one_table(d: Path) -> Path:
    return archiver(d / "jeu.zip", {"bailleurs.csv": BAILLEURS, "BAILLEURS.CSV": BAILLEURS})


@avertit(("fichier_ignore", None, None), dit="« demandes.csv »", bailleurs=(1, 1, 0, 0))
def folder_that_bears_the_name_of_a_table(d: Path) -> Path:
    (d / "demandes.csv").mkdir()
    return bailleurs(d, BAILLEURS).parent


@avertit(("fichier_ignore", None, None), dit="« demandes.csv »", bailleurs=(1, 1, 0, 0))
def shortcut_to_nothing(d: Path) -> Path:
    (d / "demandes.csv").symlink_to(d / "parti.csv")
    return bailleurs(d, BAILLEURS).parent


@illisible("ne peut pas être lu", bailleurs=RIEN)
def file_that_the_system_refuses_to_read(d: Path) -> Path:
    chemin = bailleurs(d, BAILLEURS)
    chemin.chmod(0)
    if os.access(chemin, os.R_OK):  # an administrator reads everything, but this
        chemin.unlink()
        chemin.symlink_to("/proc/self/mem")
    return d


@avertit(("fichier_ignore", None, None), dit="\ufffd", bailleurs=(1, 1, 0, 0))
def name_that_is_no_text(d: Path) -> Path:
    Path(os.fsdecode(os.fsencode(d) + b"/demandes\xff\x1b[31m.csv")).write_bytes(b"x")
    return bailleurs(d, BAILLEURS).parent


@illisible("page web")
def web_page_named_xls(d: Path) -> Path:
    return place(d / "demandes.xls", b"<html><table><tr><td>numero_unique</td></tr></table></html>")


@illisible("renommer en .csv")
def csv_named_xlsx(d: Path) -> Path:
    return place(d / "bailleurs.xlsx", BAILLEURS)


@illisible("ancien format .xls")
def old_workbook_or_password(d: Path) -> Path:
    return place(d / "jeu.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


@illisible("enregistrer de nouveau en .xlsx")
def damaged_open_document_named_xlsx(d: Path) -> Path:
    parties = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}
    return archiver(d / "jeu.xlsx", parties)


@illisible("caractère nul", 3, bailleurs=RIEN)
def workbook_named_csv_in_a_folder(d: Path) -> Path:
    return place(d / "bailleurs.csv", b"PK\x03\x04\n\n\0\0").parent


@illisible("Chemin interdit")
def archive_that_climbs_out_of_its_folder(d: Path) -> Path:
    return archiver(d / "jeu.zip", {"bailleurs.csv": BAILLEURS, "../../demandes.csv": b"x"})


@illisible("Chemin interdit")
def archive_with_an_absolute_path(d: Path) -> Path:
    return archiver(d / "jeu.zip", {"/etc/bailleurs.csv": BAILLEURS})


@illisible("sans mot de passe")
def archive_with_a_password(d: Path) -> Path:
    chemin = archiver(d / "jeu.zip", {"bailleurs.csv": BAILLEURS})
    octets = bytearray(chemin.read_bytes())
    octets[octets.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted entry, in the directory
    return place(chemin, bytes(octets))


@illisible("abîmée ou incomplète")
def archive_cut_in_the_middle(d: Path) -> Path:
    chemin = archiver(d / "jeu.zip", {"bailleurs.csv": BAILLEURS * 100})
    return place(chemin, chemin.read_bytes()[:-30])


@illisible("deux fois « bailleurs.csv »")
def archive_with_the_same_name_twice(d: Path) -> Path:
    chemin = archiver(d / "jeu.zip", {"bailleurs.csv": BAILLEURS})
    with zipfile.ZipFile(chemin, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that of `zipfile`, on the same name
        archive.writestr("bailleurs.csv", BAILLEURS + b"B2;Deux\n")
    return chemin


@illisible("C’est un PDF malgré son nom en .xlsx")
def pdf_named_xlsx(d: Path) -> Path:
    return place(d / "jeu.xlsx", b"%PDF-1.7\n")


@illisible("100 fois")
def bomb(d: Path) -> Path:
    return archiver(d / "jeu.zip", {"bailleurs.csv": BAILLEURS + b"B1;Un\n" * 2_000_000})


@avertit(("fichier_ignore", None, None), dit="ancien.zip", bailleurs=(1, 1, 0, 0))
def archive_in_an_archive(d: Path) -> Path:
    dedans = archiver(d / "ancien.zip", {"demandes.csv": b"x"}).read_bytes()
    return archiver(d / "jeu.zip", {"bailleurs.csv": BAILLEURS, "ancien.zip": dedans})


@bloque(("feuille_masquee", None, None), dit="masquée", bailleurs=(1, 1, 0, 0))
def hidden_sheet(d: Path) -> Path:
    return classeur(
        d / "jeu.xlsx", {"bailleurs": FEUILLE, "demandes": [["numero_unique"]]}, lambda _, feuille: feuille.hide()
    )


@bloque(("feuille_masquee", None, None), dit="masquée", bailleurs=(1, 1, 0, 0))
def sheet_hidden_from_the_menus_too(d: Path) -> Path:
    feuilles = {"bailleurs": FEUILLE, "demandes": [["numero_unique"]]}
    return classeur(d / "jeu.xlsx", feuilles, lambda _, feuille: feuille.very_hidden())


@rejette(("identifiant_numerique", 3, "code_bailleur"), dit="au format Texte", bailleurs=(2, 1, 1, 0))
def identifiers_stored_as_numbers(d: Path) -> Path:
    return classeur(d / "jeu.xlsx", {"bailleurs": [FEUILLE[0], [7, "Sept"], [999000000000000001, "Long"]]})


@rejette(("type", 3, "nom"), dit="#DIV/0!", bailleurs=(2, 1, 1, 0))
def failed_formula_in_a_workbook(d: Path) -> Path:
    def rater(_cahier: Any, feuille: Any) -> None:
        feuille.write_row(2, 0, ["B2"])
        feuille.write_formula(2, 1, "=1/0", value="#DIV/0!")

    return classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE}, rater)


@rejette(("date", 3, "date"), ("type", 4, "date"), dit="antérieure à 1970", commissions_qpv=(3, 1, 2, 0))
def dates_of_the_calendar_of_1904(d: Path) -> Path:
    def put_date(cahier: Any, feuille: Any) -> None:
        jour = cahier.add_format({"num_format": "dd/mm/yyyy"})
        feuille.write_row(0, 0, ["id_retour", "code_qpv", "date"])
        for rang, date in enumerate((datetime(2017, 5, 2), datetime(1905, 1, 1)), start=1):
            feuille.write_row(rang, 0, [f"C{rang}", "QPF001"])
            feuille.write_datetime(rang, 2, date, jour)
        feuille.write_row(3, 0, ["C3", "QPF001", "30/02/2017"])

    return classeur(d / "jeu.xlsx", {"commissions_qpv": []}, put_date, date_1904=True)


@bloque(("colonne_manquante", 1, "nom"), dit="[bailleurs.colonnes]", bailleurs=(1, 1, 0, 0))
def headers_merged_in_a_workbook(d: Path) -> Path:
    def merge(_cahier: Any, feuille: Any) -> None:
        feuille.merge_range(0, 0, 0, 1, "code_bailleur")
        feuille.write_row(1, 0, ["B1", "Un"])

    return classeur(d / "jeu.xlsx", {"bailleurs": []}, merge)


@avertit(("ligne_a_part", 1, None), dit="un titre au-dessus de l’en-tête", bailleurs=(1, 1, 0, 0))
def title_above_the_header(d: Path) -> Path:
    return classeur(d / "jeu.xlsx", {"bailleurs": [["Liste des bailleurs au 31/12/2017", ""], *FEUILLE]})


@illisible("enregistrer de nouveau en .xlsx")
def entities_that_swell(d: Path) -> Path:
    entites = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entites}]><workbook><sheets>&l11;</sheets></workbook>'
    return refaire(classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE}), {"xl/workbook.xml": xml.encode()})


@illisible("enregistrer de nouveau en .xlsx")
def workbook_whose_sheet_is_cut(d: Path) -> Path:
    coupee = b"<worksheet><sheetData><row><c"
    return refaire(classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE}), {"xl/worksheets/sheet1.xml": coupee})


@rejette(
    ("type", 3, "aci"),
    ("type", 4, "code_insee"),
    dit="« #FORMULE NON CALCULÉE » n’est pas oui ou non",
    bailleurs=(1, 1, 0, 0),
    attributions=(4, 2, 2, 0),
)
def formulas_that_no_spreadsheet_computed(d: Path) -> Path:
    # As a program writes them; the last row has one that was computed, and gives an empty text: unknown, hence false.
    def compute(_cahier: Any, feuille: Any) -> None:
        for rang, colonne in ((2, 7), (3, 3), (4, 7)):
            feuille.write_row(rang, 0, [f"A{rang}", *ATTRIBUTION[1:]])
            feuille.write_formula(rang, colonne, '=IF(A1="","Oui","")', value="")

    chemin = classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE, "attributions": [ENTETE, ATTRIBUTION]}, compute)
    with zipfile.ZipFile(chemin) as fait:
        xml = fait.read("xl/worksheets/sheet2.xml")
    return refaire(
        chemin,
        {"xl/worksheets/sheet2.xml": xml.replace(b'<c r="H5">', b'<c r="H5" t="str">').replace(b"<v></v>", b"<v/>", 1)},
    )


@rejette(
    ("type", 3, "aci"),
    ("type", 4, "aci"),
    ("type", 5, "numero_unique"),
    dit="« #CELLULE FUSIONNÉE » n’est pas oui ou non",
    bailleurs=(1, 1, 0, 0),
    attributions=(4, 1, 3, 0),
)
def cells_merged_over_several_rows_and_columns(d: Path) -> Path:
    def merge(_cahier: Any, feuille: Any) -> None:
        for rang in (2, 3, 4):
            feuille.write_row(rang, 2, ATTRIBUTION[2:7])
        for rang in (2, 3):
            feuille.write_row(rang, 0, [f"A{rang}", ATTRIBUTION[1]])
        feuille.merge_range(1, 7, 3, 7, "Oui")
        feuille.merge_range(4, 0, 4, 1, "A4")
        feuille.merge_range(6, 0, 8, 3, "")  # below, nothing is written

    return classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE, "attributions": [ENTETE, ATTRIBUTION]}, merge)


@avertit(
    ("categorie_absente", None, "categorie_menage"),
    *SAUF_ACI,
    dit="sont classées par le nombre de personnes",
    bailleurs=(1, 1, 0, 0),
    attributions=(2, 2, 0, 0),
)
def rows_and_columns_hidden_by_a_filter(d: Path) -> Path:
    def masquer(_cahier: Any, feuille: Any) -> None:
        feuille.write_row(2, 0, ["A2", *ATTRIBUTION[1:]])
        feuille.set_row(2, None, None, {"hidden": True})
        feuille.set_column(7, 7, None, None, {"hidden": True})

    return classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE, "attributions": [ENTETE, ATTRIBUTION]}, masquer)


@illisible("Une seconde table commence à cette ligne", 5, bailleurs=(1, 1, 0, 0), attributions=RIEN)
def two_tables_in_one_sheet(d: Path) -> Path:
    deux = [
        ENTETE,
        ATTRIBUTION,
        [],
        ["Les demandes"],
        ["N° unique", "Date création", "État"],
        ["1", "2016-01-31", "ACTIVE"],
    ]
    return classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE, "attributions": deux})


# The dangerous ones: each is checked by a process of its own, measured.


def line_of_300_megabytes(d: Path) -> Path:
    return bailleurs(d, (BAILLEURS, b"B2;", *([b"x" * (1 << 20)] * 300)))


def quote_open_over_300_megabytes(d: Path) -> Path:
    return bailleurs(d, (BAILLEURS, b'B2;"', *([(b"x" * 1023 + b"\n") * (1 << 10)] * 300)))


def line_of_300_megabytes_in_an_archive(d: Path) -> Path:
    with zipfile.ZipFile(d / "jeu.zip", "w") as archive, archive.open("bailleurs.csv", "w") as entree:
        entree.write(BAILLEURS + b"B2;")
        for _ in range(300):
            entree.write(b"x" * (1 << 20))
    return d / "jeu.zip"


def million_lines_of_separators(d: Path) -> Path:
    return bailleurs(d, (BAILLEURS, b";\n" * 1_048_574))


def sixty_million_tiny_lines(d: Path) -> Path:
    return bailleurs(d, (BAILLEURS, *([b"B2;U\n" * 1_000_000] * 60)))


def sixty_million_tiny_lines_of_an_old_macintosh(d: Path) -> Path:
    return bailleurs(d, (BAILLEURS, *([b"B2;U\r" * 1_000_000] * 60)))


def six_million_lines_that_all_go_out(d: Path) -> Path:
    entete = b"id_evenement;numero_unique;type;date_survenance\n"
    return place(d / "evenements.csv", (entete, *([b"E;1;VISITE;\n" * 100_000] * 60)))


def six_million_lines_that_all_warn(d: Path) -> Path:
    # Nobody knows the demande of any of these events.
    demandes(d, D1.strip() + AUCUNE + "\n", DEMANDES.strip() + ETIQUETTES + "\n")
    entete = b"id_evenement;numero_unique;type;date_survenance\n"
    lignes = (f"E{i};9;VISITE;2017-09-30\n" for i in range(6_000_000))
    place(d / "evenements.csv", (entete, *("".join(islice(lignes, 100_000)).encode() for _ in range(60))))
    return d


def cell_at_the_end_of_the_sheet(d: Path) -> Path:
    return classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE}, lambda _, feuille: feuille.write(1_048_575, 16_383, "x"))


def sheet_of_sixty_million_cells(d: Path) -> Path:
    # Two cells, at the ends of a rectangle that a reader has to hold whole.
    return classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE}, lambda _, feuille: feuille.write(1_048_575, 59, "x"))


def workbook_of_400_megabytes_of_text(d: Path) -> Path:
    chemin = classeur(d / "jeu.xlsx", {"bailleurs": FEUILLE})
    texte = b"<sst><si><t>" + b"x" * (400 << 20) + b"</t></si></sst>"
    with zipfile.ZipFile(chemin) as bon:
        parties = {nom: bon.read(nom) for nom in bon.namelist()}
    return archiver(chemin, parties | {"xl/sharedStrings.xml": texte}, zipfile.ZIP_STORED)
