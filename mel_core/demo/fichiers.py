"""Writing of the CSV files of a jeu de données, piece after piece."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from mel_core.contrat.tables import TABLES
from mel_core.demo.alea import Colonnes


def to_arrow(valeurs: NDArray[Any]) -> pa.Array:
    """The same column for a file; what is masked is empty."""
    if isinstance(valeurs, np.ma.MaskedArray):
        return pa.array(valeurs.data, mask=np.ma.getmaskarray(valeurs))
    return pa.array(valeurs)


class Fichier:
    """One `<table>.csv`: UTF-8, comma, ISO dates, columns in the order of the contract."""

    def __init__(self, dossier: Path, table: str) -> None:
        self._chemin = dossier / f"{table}.csv"
        self._colonnes = TABLES[table].noms
        self._sortie: csv.CSVWriter | None = None

    def __enter__(self) -> Fichier:
        return self

    def write(self, colonnes: Colonnes) -> None:
        morceau = pa.table({nom: to_arrow(colonnes[nom]) for nom in self._colonnes if nom in colonnes})
        if self._sortie is None:
            self._sortie = csv.CSVWriter(self._chemin, morceau.schema)
        self._sortie.write_table(morceau)

    def __exit__(
        self, erreur: type[BaseException] | None, valeur: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sortie is not None:
            self._sortie.close()
