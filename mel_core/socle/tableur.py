"""Frames as rows and as CSV that a spreadsheet opens without running anything; what keeps a workbook as inert."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter import packager
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from mel_core.socle.appellations import APPLICATION

_A4, _SIGNES_AU_PIED = 9, 110
_RANGEES_PAR_MORCEAU = 5_000
_EN_TETE_DANGEREUX = ("=", "+", "-", "@", "\t", "\r")

# A text is written as text whatever it looks like. Nothing runs, no zero is lost.
_INERTE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class _DuProduit(packager.App):  # type: ignore[misc]
    """What made a workbook, which XlsxWriter has no setting for."""

    def _write_application(self) -> None:
        self._xml_data_element("Application", APPLICATION)


packager.App = _DuProduit


def classeur(sortie: Path | BytesIO) -> Workbook:
    """A workbook to write, in a file or in the memory."""
    en_memoire = isinstance(sortie, BytesIO)
    return Workbook(sortie if en_memoire else str(sortie), {"in_memory": en_memoire, **_INERTE})


def prepare_print(feuille: Worksheet, titre: str, dessous: str = "", tete: int | None = None) -> None:
    """A4 on its side, one page wide; at the foot what it is, `dessous` under it, and the page.

    `tete`: the row of the headings, repeated on each page.
    """
    feuille.set_paper(_A4)
    feuille.set_landscape()
    feuille.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)  # in inches
    feuille.fit_to_pages(1, 0)
    if tete is not None:
        feuille.repeat_rows(tete)
    # An ampersand would begin a command; a foot of more than 255 signs is none.
    dites = "\n".join(dit[:_SIGNES_AU_PIED].replace("&", "&&") for dit in (titre, dessous) if dit)
    feuille.set_footer(f"&L{dites}&RPage &P sur &N")


def lignes(cellules: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary per row; unknown is None, shares are not rounded."""
    return [
        {colonne: None if pd.isna(valeur) else valeur for colonne, valeur in zip(cellules, ligne, strict=True)}
        for ligne in cellules.astype(object).itertuples(index=False, name=None)
    ]


def en_csv(cellules: pd.DataFrame) -> str:
    """CSV with a header. A text that a spreadsheet would run as a formula is made inert by a leading apostrophe."""
    sortie = io.StringIO()
    plume = csv.writer(sortie, lineterminator="\n")
    plume.writerow(cellules.columns)
    for ligne in lignes(cellules):
        plume.writerow(["" if v is None else inerte(v) for v in ligne.values()])
    return sortie.getvalue()


def csv_par_morceaux(colonnes: Sequence[str], rangees: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The same CSV, a few thousand rows at a time: there may be more of them than the memory holds twice."""
    suite = chain([colonnes], rangees)
    while paquet := list(islice(suite, _RANGEES_PAR_MORCEAU)):
        sortie = io.StringIO()
        csv.writer(sortie, lineterminator="\n").writerows(
            ["" if v is None else inerte(v) for v in rangee] for rangee in paquet
        )
        yield sortie.getvalue()


def inerte(valeur: Any) -> Any:
    """A text that no spreadsheet runs; anything else as it is."""
    if not isinstance(valeur, str):
        return valeur
    # A lone carriage return is not quoted by `csv`, and begins a row in a spreadsheet: what follows it would run.
    texte = valeur.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{texte}" if valeur.startswith(_EN_TETE_DANGEREUX) else texte
