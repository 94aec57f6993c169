"""What goes into a check besides the files, what comes out of it, and what it says: anomalies in file order, and rows
in = kept + rejected + duplicates, per table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import pyarrow as pa

from mel_core.socle.tableur import csv_par_morceaux


class Gravite(StrEnum):
    """What an anomaly does to its row, or to the whole load (contract §1, Checks)."""

    BLOQUANT = "bloquant"  # nothing is published
    REJET = "rejet"  # the row goes out
    AVERTISSEMENT = "avertissement"  # the row stays


@dataclass(frozen=True, slots=True)
class Anomalie:
    """One finding. `ligne` is the row as the spreadsheet numbers it (the header is 1), empty for a whole file.

    `message` is one French sentence: what is wrong and what to do.
    """

    fichier: str
    ligne: int | None
    colonne: str | None
    valeur: str | None
    regle: str
    gravite: Gravite
    message: str
    table: str | None = None  # which one the file was read for: a file may bear any name


# What is written of an anomaly (contract §6).
CHAMPS = ("fichier", "ligne", "colonne", "valeur", "regle", "gravite", "message")


@dataclass
class BilanTable:
    """Reconciliation of one table: lues = gardees + rejetees + doublons. `mises_a_part`: titles, totals and notes,
    which are no rows and are not among those read."""

    lues: int = 0
    gardees: int = 0
    rejetees: int = 0
    doublons: int = 0
    avertissements: int = 0
    mises_a_part: int = 0


@dataclass(frozen=True)
class ColonneLue:
    """A header of a file: up to three of the values under it, the column of the contract that it was read as, or an
    empty text, and the table. Of personal data, no value."""

    entete: str
    exemples: tuple[str, ...]
    lue: str
    table: str


class Proches(NamedTuple):
    """The résidences proposed for a name, the nearest first, and the number of rows that bear it."""

    noms: tuple[str, ...]
    n: int


@dataclass
class Rapport:
    """The whole report of a load. `sources`: file → its source, its set of headers (see `correspondances`). `sans`:
    file → the optional columns that an answer said it not to have. `colonnes`: file → its headers, in their order.
    `lots`: table → the first of the files that gave it. `proches`: name of a résidence that is asked about → those that
    it may be. `bailleurs`: code → name of those that are registered."""

    tables: dict[str, BilanTable] = field(default_factory=dict)
    anomalies: list[Anomalie] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    sans: dict[str, frozenset[str]] = field(default_factory=dict)
    colonnes: dict[str, tuple[ColonneLue, ...]] = field(default_factory=dict)
    lots: dict[str, str] = field(default_factory=dict)
    proches: dict[str, Proches] = field(default_factory=dict)
    bailleurs: Mapping[str, str] = field(default_factory=dict)

    def source_de(self, anomalie: Anomalie) -> str:
        """The source of the file of a finding; of one of the thousands of a zip of the SNE, that of their table."""
        return self.sources.get(anomalie.fichier) or self.sources.get(self.lots.get(anomalie.table or "", ""), "")

    @property
    def est_bloquant(self) -> bool:
        return any(a.gravite is Gravite.BLOQUANT for a in self.anomalies)

    @property
    def ecartees(self) -> dict[str, tuple[int, int]]:
        """Table → (rows rejected, duplicates), for the tables that do not keep every row read."""
        return {nom: (b.rejetees, b.doublons) for nom, b in self.tables.items() if b.rejetees or b.doublons}

    def en_csv(self) -> Iterator[str]:
        """All the anomalies for a spreadsheet, piece by piece, in file order."""
        return csv_par_morceaux(CHAMPS, ([getattr(a, champ) for champ in CHAMPS] for a in self.anomalies))

    def en_json(self, questions: Sequence[dict[str, Any]] = ()) -> Iterator[str]:
        """The JSON of `check` and `import_files` (contract §6), piece by piece: there may be a million anomalies."""
        encoder = json.JSONEncoder(ensure_ascii=False).encode
        bilans = {nom: asdict(bilan) for nom, bilan in self.tables.items()}
        yield f'{{"tables": {encoder(bilans)}, "questions": {encoder(list(questions))}, "anomalies": ['
        for rang, anomalie in enumerate(self.anomalies):
            yield (", " if rang else "") + encoder({champ: getattr(anomalie, champ) for champ in CHAMPS})
        yield "]}"


class ResidenceConnue(NamedTuple):
    """What tells a résidence from another, empty where it is not known."""

    code: str
    bailleur: str
    commune: str
    nom: str
    quartier: str


@dataclass(frozen=True)
class Connues:
    """What the store already knows, for the tables that this load does not bring. Empty by default.

    `demandes` answers for each numéro unique whether it is known: the store only holds pseudonyms. `tables`: names of
    the tables that the store holds. `portes` answers, for a table and all those that a load replaces, which of its
    codes the other tables in store bear. `completees`: the tables to which a load adds: what they hold stays known.
    `noms`: code of each of the `bailleurs` → its name. `fiches`: what is known of each of the `residences`. `numeros`:
    bailleur, and its number of a résidence → the code of that one, learnt from a survey of occupants loaded before.
    """

    bailleurs: frozenset[str] = frozenset()
    quartiers: frozenset[str] = frozenset()
    residences: frozenset[str] = frozenset()
    demandes: Callable[[list[str]], list[bool]] = lambda numeros: [False] * len(numeros)
    tables: frozenset[str] = frozenset()
    portes: Callable[[str, frozenset[str]], pa.Array] = lambda _table, _remplacees: pa.array([], pa.string())
    completees: frozenset[str] = frozenset()
    noms: Mapping[str, str] = field(default_factory=dict)
    fiches: tuple[ResidenceConnue, ...] = ()
    numeros: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Jeu:
    """A checked jeu de données.

    `tables`: rows kept, in file order, with every column of the contract in its order (a missing one is all unknown);
    empty when something blocking was found. `colonnes_presentes`: per table read, the contract's columns that the file
    has, or that were declared. `declarees`: table → label column that the file has not → the column said to cover it,
    "" when nobody is said to bear it; of `residences`, bailleur and number → code. `rapport`: everything found,
    blocking or not; it quotes cells, numéros uniques included, and is for who gave the files.
    """

    tables: dict[str, pa.Table]
    colonnes_presentes: dict[str, frozenset[str]]
    rapport: Rapport
    declarees: dict[str, dict[str, str]] = field(default_factory=dict)
