"""The same jeu de données as three offices would send it: clean CSV, dirty CSV, workbook."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.oracle.qualification import Ligne, Tables


def _propre(valeur: Any) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)


def _sale(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "O" if valeur else "N"
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, Decimal | int):
        return f"{valeur:,}".replace(",", "\u00a0").replace(".", ",")
    return valeur or ""


def _write(dossier: Path, nom: str, lignes: list[list[str]], encodage: str, separateur: str) -> None:
    dossier.mkdir(parents=True, exist_ok=True)
    with (dossier / f"{nom}.csv").open("w", encoding=encodage, newline="") as fichier:
        csv.writer(fichier, delimiter=separateur).writerows(lignes)


def _lignes(table: list[Ligne], render: Callable[[Any], str]) -> list[list[str]]:
    return [list(table[0]), *([render(v) for v in ligne.values()] for ligne in table)]


def ecrire_csv(tables: Tables, dossier: Path) -> Path:
    """UTF-8, commas, ISO dates, decimal points. A table without rows is not written: its columns are unknown."""
    for nom, table in tables.items():
        if table:
            _write(dossier, nom, _lignes(table, _propre), "utf-8", ",")
    return dossier


def ecrire_sale(tables: Tables, dossier: Path) -> Path:
    """Windows-1252, semicolons, 30/09/2017, 1 234,5, O/N, columns in reverse, an unknown one, and every row twice.

    The second copies come last and bear another income, when the table has one: the first row of a key is kept.
    """
    for nom, table in tables.items():
        if not table:
            continue
        doublons = [{**x, "revenu_fiscal": Decimal(1)} if "revenu_fiscal" in x else x for x in table]
        recopiees = [dict(reversed(({**x, "saisi_le": date(2018, 2, 1)}).items())) for x in (*table, *doublons)]
        _write(dossier, nom, _lignes(recopiees, _sale), "cp1252", ";")
    return dossier


def ecrire_xlsx(tables: Tables, chemin: Path) -> Path:
    """One sheet per table; identifiers as text, dates as dates, numbers as numbers, booleans as booleans."""
    with xlsxwriter.Workbook(chemin) as classeur:
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        for nom, table in tables.items():
            if not table:
                continue
            feuille = classeur.add_worksheet(nom)
            feuille.write_row(0, 0, list(table[0]))
            for rang, ligne in enumerate(table, start=1):
                for colonne, valeur in enumerate(ligne.values()):
                    if isinstance(valeur, date):
                        feuille.write_datetime(rang, colonne, valeur, jour)
                    elif isinstance(valeur, bool):
                        feuille.write_boolean(rang, colonne, valeur)
                    elif isinstance(valeur, str):
                        feuille.write_string(rang, colonne, valeur)
                    elif valeur is not None:
                        feuille.write_number(rang, colonne, valeur)
    return chemin
