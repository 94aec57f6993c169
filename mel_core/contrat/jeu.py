"""What goes into a check besides the files, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from mel_core.contrat.rapport import Rapport


def _aucune(numeros: list[str]) -> list[bool]:
    return [False] * len(numeros)


def _rien(_table: str, _remplacees: frozenset[str]) -> pa.Array:
    return pa.array([], pa.string())


@dataclass(frozen=True)
class Connues:
    """What the store already knows, for the tables that this load does not bring. Empty by default.

    `demandes` answers for each numéro unique whether it is known: the store only holds pseudonyms. `tables`: names of
    the tables that the store holds. `portes` answers, for a table and all those that a load replaces, which of its
    codes the other tables in store bear. `completees`: the tables to which a load adds: what they hold stays known.
    `noms`: code of each of the `bailleurs` → its name.
    """

    bailleurs: frozenset[str] = frozenset()
    quartiers: frozenset[str] = frozenset()
    residences: frozenset[str] = frozenset()
    demandes: Callable[[list[str]], list[bool]] = _aucune
    tables: frozenset[str] = frozenset()
    portes: Callable[[str, frozenset[str]], pa.Array] = _rien
    completees: frozenset[str] = frozenset()
    noms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Jeu:
    """A checked jeu de données.

    `tables`: rows kept, in file order, with every column of the contract in its order (a missing one is all unknown);
    empty when something blocking was found. `colonnes_presentes`: per table read, the contract's columns that the file
    has, or that were declared. `declarees`: table → label column that the file has not → the column said to cover it,
    "" when nobody is said to bear it. `rapport`: everything found, blocking or not; it quotes cells, numéros uniques
    included, and is for who gave the files.
    """

    tables: dict[str, pa.Table]
    colonnes_presentes: dict[str, frozenset[str]]
    rapport: Rapport
    declarees: dict[str, dict[str, str]] = field(default_factory=dict)
