"""Two snapshots set against each other, table by table, by what tells their rows apart in the contract."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from mel_core.contrat.lecture.arrow import NUMERO_UNIQUE, PSEUDONYME
from mel_core.contrat.tables import TABLES
from mel_core.entrepot.remplissage import nom_en_base
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "ecarts.sql")


def ecarts(avant: Path, apres: Path) -> pd.DataFrame:
    """One row per table of the contract: `table`, rows `avant` and `apres`, `ajoutees`, `parties`, `changees`."""
    lignes = []
    with duckdb.connect() as base:
        base.execute(_SQL["ouvrir_avant"], {"chemin": str(avant)})
        base.execute(_SQL["ouvrir_apres"], {"chemin": str(apres)})
        for nom, table in TABLES.items():
            cle = [PSEUDONYME if c == NUMERO_UNIQUE else c for c in table.identite]
            en_base = nom_en_base(nom)
            cotes = {"avant": f"avant.{en_base}", "apres": f"apres.{en_base}"}
            comptes = base.execute(_SQL["ecarts"], {"cle": cle, **cotes}).df()
            lignes.append(comptes.assign(table=nom))
    return pd.concat(lignes, ignore_index=True)[["table", "avant", "apres", "ajoutees", "parties", "changees"]]
