"""Small checked tables drawn by hand: rows as dictionaries, every other column unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from mel_core.contrat.lecture import arrow
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Chargement

LILLE, ROUBAIX = "59350", "59512"


def table(nom: str, *lignes: dict[str, Any]) -> pa.Table:
    """A table of the contract as the store receives it (numéros uniques already pseudonymised)."""
    schema = arrow.schema(TABLES[nom])
    inconnues = {c for ligne in lignes for c in ligne} - set(schema.names)
    assert not inconnues, f"not in the contract: {inconnues}"
    colonnes = {c.name: pa.array([ligne.get(c.name) for ligne in lignes], c.type) for c in schema}
    return arrow.rename_pseudonyme(pa.table(colonnes))


def attribution(rang: int, **valeurs: Any) -> dict[str, Any]:
    """A first-access attribution of the second semester of 2017 in Lille by bailleur B1, income unknown, no label."""
    return {
        "id_attribution": f"A{rang:05d}",
        "numero_unique": f"p{rang}",
        "date_bail": date(2017, 9, 30),
        "code_insee": LILLE,
        "code_bailleur": "B1",
        "mutation": False,
        **dict.fromkeys(("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru"), False),
        **valeurs,
    }


def chargement(nature: str = "fictive", **tables: pa.Table) -> Chargement:
    return Chargement(tables, {nom: frozenset(t.column_names) for nom, t in tables.items()}, nature)


def bailleurs(*codes: str) -> pa.Table:
    return table("bailleurs", *({"code_bailleur": code, "nom": f"Bailleur {code}"} for code in codes))
