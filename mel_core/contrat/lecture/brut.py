"""What a reader of files hands over: rows as text, column by column, numbered as the spreadsheet numbers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.tables import TABLES
from mel_core.contrat.valeurs import ORIGINE_1900
from mel_core.socle.langue import nombre

TAILLE_CELLULE_MAX = 10_000  # characters
LIGNES_PAR_MORCEAU = 50_000
TROP_DE_MEMOIRE = 3  # exit code of the process that reads workbooks

# Beyond, it is a mistake: several times the whole of France, and no more than a machine holds. A file of sixty million
# tiny rows took 5 GB and more than a minute before it was told that it held one bailleur.
LIGNES_MAX = 2_000_000  # of a table of reference: France has 36 000 communes, 50 000 IRIS
# France: 2.9 M demandes, 2.5 M attributions and 12 M événements over three years.
LIGNES_MAX_DE = {"demandes": 5_000_000, "attributions": 5_000_000, "evenements": 20_000_000}
ANOMALIES_MAX = 2_000_000  # of one table, each with its line and its sentence

Rangee = tuple[int, Sequence[str]]  # line, cells
Masque = npt.NDArray[np.bool_]
Lieu = Callable[[int], tuple[str, int]]
Entiers = npt.NDArray[np.int64]


class Illisible(Exception):
    """The file can't be read as a table: blocking. `defauts`: a French sentence each, and its line when it has one."""

    def __init__(self, phrase: str, ligne: int | None = None, *autres: tuple[str, int | None]) -> None:
        super().__init__(phrase)
        self.defauts = ((phrase, ligne), *autres)


def en_masque(booleens: pa.Array) -> Masque:
    """Where it is true: what is not known is not."""
    masque: Masque = pc.fill_null(booleens, False).to_numpy(zero_copy_only=False)
    return masque


@dataclass(frozen=True)
class Morceau:
    """Some consecutive rows.

    `numeros`: line of each row. `colonnes`: texts of each column, in header order, empty text for an empty cell.
    `natifs`: for each column, the cells that a workbook stores as a number, a date or a boolean rather than text (None
    for a column, or for the whole, when there is none). `lu`: bytes of the file read so far.
    """

    numeros: Entiers
    colonnes: Sequence[pa.Array]
    lu: int
    natifs: Sequence[Masque | None] | None = None

    def natifs_de(self, rang: int) -> Masque | None:
        return self.natifs[rang] if self.natifs is not None else None


@dataclass(frozen=True)
class Lecture:
    """A table being read: its header without spaces around names, then its rows. `origine`: day 0 of date serials.
    `titres`: the rows that are not blank above the header, and their lines.

    `lieu`: for rows that come from many files, the file and the line of each by its number. `dits`: how the file was
    read, when that is not plain, one sentence each.
    """

    entete: Sequence[str]
    ligne_entete: int
    morceaux: Iterator[Morceau]
    origine: date = ORIGINE_1900
    titres: Sequence[Rangee] = ()
    lieu: Lieu | None = None
    dits: tuple[str, ...] = ()


def read_rangees(entete: Sequence[str], rangees: Sequence[Mapping[str, str]], numeros: Entiers) -> Iterator[Morceau]:
    """Rows held as texts by column name, an absent one being empty. `numeros`: line of each."""
    for debut in range(0, len(rangees), LIGNES_PAR_MORCEAU):
        paquet = rangees[debut : debut + LIGNES_PAR_MORCEAU]
        colonnes = [pa.array([rangee.get(nom, "") for rangee in paquet], pa.string()) for nom in entete]
        yield Morceau(numeros[debut : debut + len(paquet)], colonnes, debut + len(paquet))


@dataclass(frozen=True)
class Lot:
    """A table, or a part of one, found in what is given. `read` takes the column names that are known, folded; it may
    raise `Illisible`."""

    table: str
    fichier: str
    taille: int
    read: Callable[[frozenset[str]], Lecture]


FEUILLE_EXPLICATIONS = "Explications"  # of the models to fill in: it holds no data


def est_hors_donnees(nom: str) -> bool:
    """Whether a sheet is the one that explains a model: nothing is asked nor said of it."""
    return nom.strip().casefold() == FEUILLE_EXPLICATIONS.casefold()


def table_nommee(nom: str) -> str | None:
    """The table whose name a file (without extension) or a sheet bears, whatever the case: Windows does not tell it."""
    plie = nom.strip().casefold()
    return plie if plie in TABLES else None


def lignes_max(table: str) -> int:
    """Rows that a file of this table may have, at most."""
    return LIGNES_MAX_DE.get(table, LIGNES_MAX)


def trop_de_lignes(table: str) -> str:
    """What is said of a file that has more."""
    return (
        f"Le fichier a plus de {nombre(lignes_max(table))} lignes, bien plus que « {table} » n’en compte pour toute la "
        "France : vérifier l’export (lignes répétées, autre table), puis le donner de nouveau."
    )


def trop_d_anomalies(table: str, colonne: str, ligne: int) -> str:
    """`colonne`, `ligne`: where the first one is, which often shows them all."""
    return (
        f"Plus de {nombre(ANOMALIES_MAX)} anomalies dans « {table} », à commencer par « {colonne} » ligne "
        f"{nombre(ligne)} : corriger l’export, ou donner ensemble les tables qui se répondent, puis recommencer."
    )
