"""What a check says: anomalies in file order, and rows in = kept + rejected + duplicates, per table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

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


@dataclass
class BilanTable:
    """Reconciliation of one table: lues = gardees + rejetees + doublons."""

    lues: int = 0
    gardees: int = 0
    rejetees: int = 0
    doublons: int = 0
    avertissements: int = 0


@dataclass
class Rapport:
    """The whole report of a jeu de données."""

    tables: dict[str, BilanTable] = field(default_factory=dict)
    anomalies: list[Anomalie] = field(default_factory=list)

    @property
    def est_bloquant(self) -> bool:
        return any(a.gravite is Gravite.BLOQUANT for a in self.anomalies)

    @property
    def ecartees(self) -> dict[str, tuple[int, int]]:
        """Table → (rows rejected, duplicates), for the tables that do not keep every row read."""
        return {nom: (b.rejetees, b.doublons) for nom, b in self.tables.items() if b.rejetees or b.doublons}

    def en_csv(self) -> Iterator[str]:
        """All the anomalies for a spreadsheet, piece by piece, in file order."""
        champs = [champ.name for champ in fields(Anomalie)]
        return csv_par_morceaux(champs, ([getattr(a, champ) for champ in champs] for a in self.anomalies))

    def en_json(self) -> Iterator[str]:
        """The JSON of `check` and `import_files` (contract §6), piece by piece: there may be a million anomalies."""
        encoder = json.JSONEncoder(ensure_ascii=False).encode
        champs = [champ.name for champ in fields(Anomalie)]
        yield f'{{"tables": {encoder({nom: asdict(bilan) for nom, bilan in self.tables.items()})}, "anomalies": ['
        for rang, anomalie in enumerate(self.anomalies):
            yield (", " if rang else "") + encoder({champ: getattr(anomalie, champ) for champ in champs})
        yield "]}"
