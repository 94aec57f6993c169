"""What is in place: each table of the contract, its rows, and the optional columns that no file gave."""

from __future__ import annotations

import pandas as pd

from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Lecteur
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "tables.sql")


def en_place(lecteur: Lecteur) -> pd.DataFrame:
    """One row per table of the contract, in its order.

    `table`, `n` (rows kept; empty when no file gave the table), `absentes` (list: its optional columns that no file
    had, which read as unknown).
    """
    chargees = {x.nom: (x.n, set(x.colonnes_presentes)) for x in lecteur.query(_SQL["chargees"]).itertuples()}
    lignes = []
    for nom, table in TABLES.items():
        n, presentes = chargees.get(nom, (pd.NA, set()))
        lignes.append((nom, n, [c.nom for c in table.colonnes if not c.requise and c.nom not in presentes]))
    return pd.DataFrame(lignes, columns=["table", "n", "absentes"]).astype({"n": "Int64"})
