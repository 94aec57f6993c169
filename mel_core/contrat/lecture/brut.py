"""What a reader of files hands over: rows as text, column by column, numbered as the spreadsheet numbers them; and the
types that checked tables are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.colonnes import Colonne, Table, Type
from mel_core.contrat.tables import TABLES
from mel_core.contrat.valeurs import CELLULE_FUSIONNEE, ORIGINE_1900

TAILLE_CELLULE_MAX = 10_000  # characters
LIGNES_PAR_MORCEAU = 50_000
TROP_DE_MEMOIRE = 3  # exit code of the process that reads workbooks

LIGNES_DE_TETE = 40  # rows that are not blank, looked at for the header

Rangee = tuple[int, Sequence[str]]  # line, cells
Masque = npt.NDArray[np.bool_]
Lieu = Callable[[int], tuple[str, int]]
Avancer = Callable[[int], object]  # bytes of the file read so far
Entiers = npt.NDArray[np.int64]


class Illisible(Exception):
    """The file can't be read as a table: blocking. `defauts`: a French sentence each, and its line when it has one."""

    def __init__(self, phrase: str, ligne: int | None = None, *autres: tuple[str, int | None]) -> None:
        super().__init__(phrase)
        self.defauts = ((phrase, ligne), *autres)


def remplies(cellules: Sequence[str]) -> list[str]:
    """The cells that say something; what lies under a merged cell does not."""
    return [texte for c in cellules if (texte := c.strip()) and texte != CELLULE_FUSIONNEE]


def en_masque(booleens: pa.Array) -> Masque:
    """Where it is true: what is not known is not."""
    return pc.fill_null(booleens, False).to_numpy(zero_copy_only=False)


def mute(_lu: int) -> None:
    """For a reading that tells nobody how far it is."""


@dataclass(frozen=True)
class Lignes:
    """The rows of a table.

    `numeros`: line of each row. `colonnes`: texts of each column, in header order, empty text for an empty cell.
    `natifs`: for each column, the cells that a workbook stores as a number, a date or a boolean rather than text (None
    for a column, or nothing for the whole, when there is none).
    """

    numeros: Entiers
    colonnes: Sequence[pa.Array]
    natifs: Sequence[Masque | None] = ()

    @classmethod
    def of_rangees(cls, entete: Sequence[str], rangees: Sequence[Mapping[str, str]], numeros: Entiers) -> Lignes:
        """Rows held as texts by column name, an absent one being empty. `numeros`: line of each."""
        return cls(numeros, [pa.array([rangee.get(nom, "") for rangee in rangees], pa.string()) for nom in entete])

    def row(self, position: int) -> Rangee:
        return int(self.numeros[position]), [colonne[position].as_py() for colonne in self.colonnes]


@dataclass(frozen=True)
class LectureTable:
    """A table being read: its header without spaces around names; its rows when they are asked for (it may raise
    `Illisible`). `origine`: day 0 of date serials. `titres`: the rows that are not blank above the header, and their
    lines.

    `lieu`: for rows that come from many files, the file and the line of each by its number. `dits`: how the file was
    read, when that is not plain, one sentence each.
    """

    entete: Sequence[str]
    ligne_entete: int
    read: Callable[[Avancer], Lignes]
    origine: date = ORIGINE_1900
    titres: Sequence[Rangee] = ()
    lieu: Lieu | None = None
    dits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lot:
    """A table, or a part of one, found in what is given. `read` takes the column names that are known, folded; it may
    raise `Illisible`, and so may `bailleurs`: code → name of those that it names besides."""

    table: str
    fichier: str
    taille: int
    read: Callable[[frozenset[str]], LectureTable]
    bailleurs: Callable[[], Mapping[str, str]] = dict


FEUILLE_EXPLICATIONS = "Explications"  # of the models to fill in: it holds no data


def est_hors_donnees(nom: str) -> bool:
    """Whether a sheet is the one that explains a model: nothing is asked nor said of it."""
    return nom.strip().casefold() == FEUILLE_EXPLICATIONS.casefold()


def table_nommee(nom: str) -> str | None:
    """The table whose name a file (without extension) or a sheet bears, whatever the case: Windows does not tell it."""
    plie = nom.strip().casefold()
    return plie if plie in TABLES else None


NUMERO_UNIQUE = "numero_unique"
PSEUDONYME = "pseudonyme"

_TYPES: dict[Type, pa.DataType] = {
    Type.IDENTIFIANT: pa.string(),
    Type.TEXTE: pa.string(),
    Type.CODE: pa.string(),
    Type.CODE_ENTIER: pa.int8(),
    Type.ENTIER: pa.int64(),
    Type.NOMBRE: pa.float64(),
    Type.DATE: pa.date32(),
    Type.MOIS: pa.string(),
    Type.BOOLEEN: pa.bool_(),
    Type.LISTE: pa.list_(pa.string()),
}


def type_arrow(colonne: Colonne) -> pa.DataType:
    return _TYPES[colonne.type]


def schema(table: Table) -> pa.Schema:
    """Every column of the contract, in its order."""
    return pa.schema([(c.nom, type_arrow(c)) for c in table.colonnes])


def rename_pseudonyme(table: pa.Table) -> pa.Table:
    """The same table once its numéros uniques are pseudonyms: another quantity, hence another name."""
    return table.rename_columns([PSEUDONYME if c == NUMERO_UNIQUE else c for c in table.column_names])
