"""Arrow types of the contract's columns: what checked tables are made of."""

from __future__ import annotations

import pyarrow as pa

from mel_core.contrat.tables import Colonne, Table, Type

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
