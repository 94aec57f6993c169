"""The models to fill in: each one, filled with a few rows as in a spreadsheet, imports without a question; empty, it is
said to be empty."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from python_calamine import CalamineWorkbook

from mel_core.contrat import classeurs_a_remplir as classeurs
from mel_core.contrat.colonnes import Type
from mel_core.contrat.controle import check
from mel_core.contrat.lecture.brut import FEUILLE_EXPLICATIONS
from mel_core.contrat.lecture.fichiers import Donne, pieces
from mel_core.contrat.questions import questions as posees
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import import_files
from tests.cli.appel import run
from tests.contrat.dessins import AUJOURDHUI, PROPRE, lignes
from tests.contrat.ecriture import typer

FEUILLE = "xl/worksheets/sheet1.xml"  # the first one
JOUR_0 = date(1899, 12, 30)


def fill(modele: bytes, table: str, dessin: str, chemin: Path) -> Path:
    """The model, with the rows of a drawing typed in it under its own headers: nothing else of it is touched."""
    entete, *corps = lignes(dessin)
    places = [TABLES[table].noms.index(nom) for nom in entete]
    ecrites = ""
    for rang, ligne in enumerate(corps, start=2):
        cases = sorted(zip(places, entete, ligne, strict=True))
        ecrites += f'<row r="{rang}">' + "".join(_case(table, n, c, v, rang) for n, c, v in cases if v) + "</row>"
    with zipfile.ZipFile(io.BytesIO(modele)) as lu, zipfile.ZipFile(chemin, "w") as ecrit:
        for nom in lu.namelist():
            contenu = lu.read(nom)
            if nom == FEUILLE:
                contenu = contenu.replace(b"</sheetData>", f"{ecrites}</sheetData>".encode())
            ecrit.writestr(nom, contenu)
    return chemin


def _case(table: str, place: int, colonne: str, texte: str, rang: int) -> str:
    ou = f"{chr(ord('A') + place)}{rang}"
    assert place < 26
    valeur = typer(table, colonne, texte)
    if isinstance(valeur, bool):
        valeur = "oui" if valeur else "non"  # what the list of the cell offers
    if isinstance(valeur, date):
        valeur = (valeur - JOUR_0).days
    if isinstance(valeur, int | float):
        return f'<c r="{ou}"><v>{valeur}</v></c>'
    return f'<c r="{ou}" t="inlineStr"><is><t>{escape(valeur)}</t></is></c>'


@pytest.fixture(scope="module")
def remplis(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each model with the rows of a small world without any anomaly."""
    dossier = tmp_path_factory.mktemp("remplis")
    return {
        nom: fill(classeurs.write(nom), nom, PROPRE[nom], dossier / classeurs.nom_de_fichier(nom)) for nom in TABLES
    }


@pytest.mark.ci
def test_all_the_models_filled_with_a_few_rows_import_together_without_a_question_and_keep_every_row(
    remplis: dict[str, Path], tmp_path: Path
) -> None:
    entrepot = Entrepot(tmp_path)
    donnes = tuple(Donne(chemin) for chemin in remplis.values())
    importation = import_files(donnes, entrepot, nature="fictive", aujourdhui=AUJOURDHUI)
    assert importation.instantane is not None
    assert not posees(importation.rapport)
    for nom, bilan in importation.rapport.tables.items():
        assert (bilan.lues, bilan.gardees) == (len(lignes(PROPRE[nom])) - 1,) * 2
    # The sheet that explains is no data: nothing is asked nor said of it.
    assert not [a for a in importation.rapport.anomalies if FEUILLE_EXPLICATIONS in (a.valeur or "")]
    assert [piece.table for piece in pieces([remplis["demandes"]])] == ["demandes"]


@pytest.mark.parametrize(
    "table", ["demandes", *(pytest.param(t, marks=pytest.mark.long) for t in TABLES if t != "demandes")]
)
def test_a_model_filled_alone_is_read_whole_and_asks_no_question(remplis: dict[str, Path], table: str) -> None:
    rapport = check(remplis[table], aujourdhui=AUJOURDHUI).rapport
    assert not rapport.est_bloquant
    assert not posees(rapport)
    assert rapport.tables[table].lues == len(lignes(PROPRE[table])) - 1


def test_a_model_that_nobody_filled_is_said_to_be_empty_and_is_not_published(tmp_path: Path) -> None:
    for table in ("attributions", "bailleurs"):
        chemin = tmp_path / classeurs.nom_de_fichier(table)
        chemin.write_bytes(classeurs.write(table))
        reponse = run("--dossier-donnees", tmp_path / "depot", "importer", chemin)
        assert reponse.returncode == 1
        assert "vide" in reponse.stderr
        assert table in reponse.stderr
    assert Entrepot(tmp_path / "depot").instantane() is None


@pytest.mark.parametrize("table", TABLES)
def test_a_model_has_the_headers_of_the_contract_and_its_sheet_says_each_of_them(table: str) -> None:
    classeur = CalamineWorkbook.from_filelike(io.BytesIO(classeurs.write(table)))
    assert classeur.sheet_names == [table, FEUILLE_EXPLICATIONS]
    (entetes,) = classeur.get_sheet_by_name(table).to_python()
    assert tuple(entetes) == TABLES[table].noms
    dites = classeur.get_sheet_by_name(FEUILLE_EXPLICATIONS).to_python()
    assert tuple(dites[0]) == classeurs.ENTETES
    assert tuple(ligne[0] for ligne in dites[1:]) == TABLES[table].noms
    for colonne, ligne in zip(TABLES[table].colonnes, dites[1:], strict=True):
        dit = dict(zip(classeurs.ENTETES, map(str, ligne), strict=True))
        assert dit["Obligatoire"].startswith("oui") == colonne.requise
        assert all(dit[entete] for entete in ("Ce qu’elle dit", "Forme", "Cellule vide", "À demander à"))
        assert all(code in dit["Valeurs admises"] for code in colonne.valeurs)


@pytest.mark.parametrize("table", TABLES)
def test_a_spreadsheet_offers_every_code_of_a_closed_list_and_keeps_the_zeros_of_an_identifier(table: str) -> None:
    with zipfile.ZipFile(io.BytesIO(classeurs.write(table))) as classeur:
        feuille = classeur.read(FEUILLE).decode()
    listes = dict(re.findall(r'sqref="([A-Z])2:\1\d+"[^>]*><formula1>"([^"]*)"</formula1>', feuille))
    for rang, colonne in enumerate(TABLES[table].colonnes):
        offerts = listes.get(chr(ord("A") + rang))
        if colonne.type in (Type.CODE, Type.CODE_ENTIER):
            assert offerts == ",".join(colonne.valeurs)
        elif colonne.type is Type.BOOLEEN:
            assert offerts == "oui,non"
        else:
            assert offerts is None


def test_the_same_contract_makes_the_same_files() -> None:
    assert classeurs.write_tous() == classeurs.write_tous()


@pytest.mark.parametrize("envoi", list(classeurs.ENVOIS))
def test_the_workbook_of_who_sends_has_the_sheets_of_its_tables_and_explains_each_column(
    envoi: str, tmp_path: Path
) -> None:
    chemin = tmp_path / classeurs.nom_de_fichier(envoi)
    chemin.write_bytes(classeurs.write(envoi))
    lu = CalamineWorkbook.from_path(chemin)
    assert lu.sheet_names == [*classeurs.ENVOIS[envoi], FEUILLE_EXPLICATIONS]
    assert [(p.table, p.feuille) for p in pieces([chemin])] == [(t, t) for t in classeurs.ENVOIS[envoi]]
    explications = lu.get_sheet_by_name(FEUILLE_EXPLICATIONS).to_python()[1:]
    assert [ligne[0] for ligne in explications] == [
        f"{table}.{nom}" for table in classeurs.ENVOIS[envoi] for nom in TABLES[table].noms
    ]


def test_every_table_but_the_communes_which_are_embedded_is_sent_by_somebody() -> None:
    assert sorted(t for tables in classeurs.ENVOIS.values() for t in tables) == sorted(set(TABLES) - {"communes"})


def test_the_workbook_of_a_bailleur_with_one_sheet_filled_and_the_others_removed_is_read(tmp_path: Path) -> None:
    une = fill(classeurs.write("bailleur"), "attributions", PROPRE["attributions"], tmp_path / "bailleur.xlsx")
    jeu = check(une, aujourdhui=AUJOURDHUI)
    assert jeu.rapport.tables["attributions"].lues == len(lignes(PROPRE["attributions"])) - 1
    assert jeu.rapport.tables["evenements"].lues == 0
