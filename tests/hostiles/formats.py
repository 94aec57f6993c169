"""Hostile OpenDocument workbooks, and files of formats that are not read."""

from __future__ import annotations

from pathlib import Path

from tests.hostiles.fabrique import archiver, bloque, feuille, illisible, ods, place, rejette

FEUILLE = [["code_bailleur", "nom"], ["B1", "Un"]]


@illisible("enregistrer de nouveau en .xlsx")
def damaged_open_document(d: Path) -> Path:
    return ods(d / "jeu.ods", "<x/")


@illisible("sans mot de passe")
def open_document_with_a_password(d: Path) -> Path:
    return ods(d / "jeu.ods", "", manifeste=b"<manifest:encryption-data/>")


@illisible("trop de mémoire ou de temps")
def open_document_of_a_thousand_million_cells(d: Path) -> Path:
    repetee = 'table:number-columns-repeated="1024" office:value-type="string"'
    cellule = f"<table:table-cell {repetee}><text:p>B1</text:p></table:table-cell>"
    ligne = f'<table:table-row table:number-rows-repeated="1048576">{cellule}</table:table-row>'
    return ods(d / "jeu.ods", f'<table:table table:name="bailleurs">{ligne}</table:table>')


@illisible("enregistrer de nouveau en .xlsx")
def open_document_whose_entities_swell(d: Path) -> Path:
    entites = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    corps = (
        '<table:table table:name="bailleurs"><table:table-row table:formula="x">&l11;</table:table-row></table:table>'
    )
    return ods(d / "jeu.ods", corps, f'<!DOCTYPE x [<!ENTITY l0 "lol">{entites}]>')


@bloque(("feuille_masquee", None, None), dit="masquée", bailleurs=(1, 1, 0, 0))
def hidden_sheet_of_an_open_document(d: Path) -> Path:
    return ods(d / "jeu.ods", feuille("bailleurs", FEUILLE) + feuille("demandes", [["numero_unique"]], "cachee"))


@rejette(
    ("type", 3, "nom"),
    ("type", 4, "nom"),
    ("type", 6, "nom"),
    dit="#DIV/0!",
    bailleurs=(5, 2, 3, 0),
)
def failed_formula_one_not_computed_and_merged_cells_in_an_open_document(d: Path) -> Path:
    rates = [
        ["B2", 'table:formula="of:=1/0" office:value-type="float" office:value="0">#DIV/0!'],
        ["B3", 'table:formula="of:=A1">'],
        ["B4", 'table:number-rows-spanned="2">Quatre'],
        ["B5", None],
    ]
    return ods(d / "jeu.ods", feuille("bailleurs", [*FEUILLE, *rates]))


@illisible("un document OpenDocument qui n’est pas un classeur")
def open_document_of_text(d: Path) -> Path:
    return archiver(d / "lettre.odt", {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})


@illisible("un document Word")
def letter(d: Path) -> Path:
    return archiver(d / "lettre.docx", {"word/document.xml": b"<x/>"})


@illisible("un classeur .xlsb")
def binary_workbook(d: Path) -> Path:
    return archiver(d / "jeu.xlsb", {"xl/workbook.bin": b"x"})


@illisible("un fichier Parquet, que l’application ne lit pas : exporter la table en CSV")
def parquet(d: Path) -> Path:
    return place(d / "demandes.parquet", b"PAR1\x15\x04\x15\x10" + b"\0" * 60 + b"PAR1")


@illisible("une base SQLite ou un GeoPackage")
def geopackage(d: Path) -> Path:
    return place(d / "iris.gpkg", b"SQLite format 3\0" + b"\0" * 100)


@illisible("un morceau de shapefile (zipper ensemble")
def piece_of_a_shapefile(d: Path) -> Path:
    return place(d / "iris.shp", b"\0\0\x27\x0a" + b"\0" * 96)


@illisible("C’est un shapefile : le donner à la table quartiers")
def shapefile_that_nobody_gave_to_a_table(d: Path) -> Path:
    return archiver(d / "iris.zip", {"iris.shp": b"x", "iris.dbf": b"x", "iris.prj": b"x"})


@illisible("une image, que l’application ne lit pas")
def image(d: Path) -> Path:
    return place(d / "plan.png", b"\x89PNG\r\n\x1a\n")


@illisible("que d’autres archives")
def archive_of_archives(d: Path) -> Path:
    return archiver(d / "jeu.zip", {"demandes.zip": b"PK\x03\x04", "lisez-moi.pdf": b"%PDF"})


@illisible("abîmé")
def archive_of_broken_workbooks(d: Path) -> Path:
    return archiver(d / "envoi.zip", {"Vilogia 2017.xlsx": b"PK\x03\x04", "lisez-moi.pdf": b"%PDF"})


@illisible("un XML ou un KML, que l’application ne lit pas")
def contours_of_google_earth(d: Path) -> Path:
    return place(d / "iris.kml", b'<?xml version="1.0"?>\n<kml><Document/></kml>')


@illisible("se donnent à la table quartiers")
def contours_that_nobody_gave_to_a_table(d: Path) -> Path:
    return place(d / "iris.geojson", b'{"type": "FeatureCollection", "features": []}')
