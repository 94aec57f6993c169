"""What calamine does not say of an ODS workbook: cells in error, formulas without their value, merged cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from mel_core.contrat.valeurs import FORMULE_NON_CALCULEE

Fusion = tuple[int, int, int, int]  # top row, left column (from 0), bottom row, right column
Signes = dict[int, dict[int, str]]  # line → column (from 0) → what stands there instead of an empty cell

CONTENU = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PARAGRAPHE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_FEUILLE, _LIGNE = f"{_TABLE}table", f"{_TABLE}table-row"
_CELLULES = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_EN_ERREUR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:\d+")
_LIGNES_MAX, _COLONNES_MAX = 1 << 20, 1 << 14  # of a spreadsheet


def read(chemin: Path) -> dict[str, tuple[Signes, list[Fusion]]] | None:
    """Sheet by sheet; None of a workbook of another kind. Raises `ParseError` where the content is cut: calamine passes
    over it."""
    with zipfile.ZipFile(chemin) as archive:
        if CONTENU not in archive.namelist():
            return None
        with archive.open(CONTENU) as xml:
            return _read(xml)


def _read(xml: IO[bytes]) -> dict[str, tuple[Signes, list[Fusion]]]:
    feuilles: dict[str, tuple[Signes, list[Fusion]]] = {}
    feuille, ligne = None, 1
    for evenement, element in ElementTree.iterparse(xml, ("start", "end")):  # noqa: S314 — bounded process
        if element.tag == _FEUILLE and evenement == "start":
            signes, fusions = feuilles[element.attrib[f"{_TABLE}name"]] = {}, []
            feuille, ligne = element, 1
        elif feuille is not None and element.tag == _LIGNE and evenement == "end":
            fois = _entier(element, "number-rows-repeated")
            if siens := dict(_signes(element, ligne, fusions)):
                signes.update((ligne + rang, siens) for rang in range(min(fois, _LIGNES_MAX)))
            ligne += fois
            element.clear()
            feuille.clear()
    return feuilles


def _signes(ligne: ElementTree.Element, numero: int, fusions: list[Fusion]) -> Iterator[tuple[int, str]]:
    """Of a row, column by column; its merged cells are added to `fusions`."""
    colonne = 0
    for cellule in ligne:
        if cellule.tag not in _CELLULES:
            continue
        fois = _entier(cellule, "number-columns-repeated")
        lignes, colonnes = (_entier(cellule, f"number-{sens}-spanned") for sens in ("rows", "columns"))
        if lignes > 1 or colonnes > 1:
            fusions.append((numero, colonne, numero + lignes - 1, colonne + colonnes - 1))
        if f"{_TABLE}formula" in cellule.attrib and (signe := _signe(cellule)):
            yield from ((colonne + rang, signe) for rang in range(min(fois, _COLONNES_MAX)))
        colonne += fois


def _signe(cellule: ElementTree.Element) -> str:
    """Of a cell with a formula: the error that is shown, or that nothing was computed."""
    montre = "".join(texte for paragraphe in cellule.findall(_PARAGRAPHE) for texte in paragraphe.itertext())
    if _EN_ERREUR.fullmatch(montre):
        return montre
    return "" if montre or f"{_OFFICE}value-type" in cellule.attrib else FORMULE_NON_CALCULEE


def _entier(element: ElementTree.Element, nom: str) -> int:
    return int(element.attrib.get(f"{_TABLE}{nom}", "1"))
