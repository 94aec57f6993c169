"""The columns that an indicator or a cut leans on: a row is known only when each of its needs is met."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Manque:
    """A need that no column of `table` meets: any one of `colonnes` would."""

    table: str
    colonnes: tuple[str, ...]


def toutes(table: str, *colonnes: str) -> tuple[Manque, ...]:
    return tuple(Manque(table, (c,)) for c in colonnes)


REVENU = (*toutes("attributions", "revenu_fiscal"), Manque("attributions", ("categorie_menage", "n_personnes")))
QUARTILE = toutes("attributions", "ressources_mensuelles", "n_uc")
QUARTIER = (Manque("attributions", ("code_quartier", "code_residence")),)
# Without the column every quartier would be read as outside a QPV: an unknown turned into an answer.
QPV = (*QUARTIER, *toutes("quartiers", "code_quartier", "code_qpv"))
_CLASSES_DU_STOCK = ("tres_modestes", "modestes", "intermediaires", "eleves")
STOCK = toutes("residences", *(f"n_occupants_{classe}" for classe in _CLASSES_DU_STOCK))
