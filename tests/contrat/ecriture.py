"""The same drawn tables as an office would send them: dirty CSV, zip, workbook."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from mel_core.contrat.colonnes import Type
from mel_core.contrat.tables import TABLES
from mel_core.contrat.valeurs import read_booleen, read_date, read_nombre
from tests.contrat.dessins import lignes

_NOMBRES = (Type.NOMBRE, Type.ENTIER, Type.CODE_ENTIER)


def typer(table: str, colonne: str, texte: str) -> Any:
    """What a workbook would hold: a number, a date, a boolean, or the text."""
    genre = TABLES[table].colonne(colonne).type
    if genre in _NOMBRES:
        return read_nombre(texte)
    if genre is Type.DATE:
        return read_date(texte)
    return read_booleen(texte) if genre is Type.BOOLEEN else texte


def _salir(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "O" if valeur else "N"
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, float):
        return f"{valeur:,}".replace(",", "\u00a0").replace(".", ",")
    return str(valeur)


def ecrire_sale(dossier: Path, tables: dict[str, str]) -> Path:
    """Windows-1252, `;`, 1 234,5, 30/09/2017, O/N, columns in reverse, blank lines, and every row a second time."""
    dossier.mkdir(parents=True, exist_ok=True)
    for nom, dessin in tables.items():
        entete, *corps = lignes(dessin)
        sales = [[_salir(typer(nom, c, v)) if v else "" for c, v in zip(entete, x, strict=True)] for x in corps]
        with (dossier / f"{nom.upper()}.CSV").open("w", encoding="cp1252", newline="") as fichier:
            plume = csv.writer(fichier, delimiter=";")
            plume.writerow(["Observation n° 1", *reversed(entete)])
            for ligne in (*sales, *sales):
                plume.writerow(["à vérifier", *reversed(ligne)])
                fichier.write("\r\n")
    return dossier


def ecrire_classeur(chemin: Path, tables: dict[str, str], **options: Any) -> Path:
    """One sheet per table: identifiers as text, the rest as what it is."""
    with xlsxwriter.Workbook(chemin, options) as classeur:
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        for nom, dessin in tables.items():
            feuille = classeur.add_worksheet(nom)
            entete, *corps = lignes(dessin)
            feuille.write_row(0, 0, entete)
            for rang, ligne in enumerate(corps, start=1):
                for place, (colonne, texte) in enumerate(zip(entete, ligne, strict=True)):
                    valeur = typer(nom, colonne, texte) if texte else None
                    if isinstance(valeur, date):
                        feuille.write_datetime(rang, place, valeur, jour)
                    elif isinstance(valeur, str):
                        feuille.write_string(rang, place, valeur)
                    elif valeur is not None:
                        feuille.write(rang, place, valeur)
    return chemin


def zipper(chemin: Path, fichiers: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in fichiers.items():
            archive.writestr(nom, contenu)
    return chemin
