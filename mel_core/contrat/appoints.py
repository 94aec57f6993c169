"""What files say besides the columns of the contract, and other names of these: the name of a résidence where its code
should be, an IRIS beside the quartier.

Of the rows that it does not settle by itself, a column of the contract is completed from them (`entites`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from mel_core.contrat.colonnes import Colonne, Table, Type
from mel_core.contrat.reference import bureaux, fold
from mel_core.contrat.tables import TABLES

IRIS, NOM_RESIDENCE, COMMUNE = "iris", "nom_residence", "code_insee"
# What completes a column of the contract → that column.
COMPLETE = {IRIS: "code_quartier", NOM_RESIDENCE: "code_residence"}
_IRIS, _NOM = Colonne(IRIS, Type.IDENTIFIANT), Colonne(NOM_RESIDENCE, Type.TEXTE)
_COMMUNE = Colonne(COMMUNE, Type.IDENTIFIANT)
_APPOINTS = {
    "attributions": (_IRIS, _NOM),
    "evenements": (_NOM, _COMMUNE),
    "residences": (_IRIS, _COMMUNE),
}
_NOMS_IRIS = ("IRIS", "Code IRIS", "Code de l’IRIS", "DCOMIRIS", "PLG_IRIS")
_NOMS_RESIDENCE = (
    *("Résidence", "Nom de la résidence", "Nom résidence", "NOMPROG", "Nom du programme", "Programme"),
    *("Groupe immobilier", "Ensemble immobilier", "Nom du groupe"),
)
_NOMS_COMMUNE = tuple(bureaux()["colonnes"][COMMUNE])
# Table → column → its other names, whatever the mapping.
_NOMS: dict[str, dict[str, tuple[str, ...]]] = {
    "quartiers": {"code_quartier": _NOMS_IRIS, "ips": ("Indice de précarité sociale",)},
    "residences": {
        "nom": _NOMS_RESIDENCE,
        "code_quartier": _NOMS_IRIS,
        IRIS: _NOMS_IRIS,
        COMMUNE: _NOMS_COMMUNE,
    },
    "attributions": {IRIS: _NOMS_IRIS, NOM_RESIDENCE: _NOMS_RESIDENCE},
    "evenements": {NOM_RESIDENCE: _NOMS_RESIDENCE, COMMUNE: _NOMS_COMMUNE},
}


def with_appoints(table: Table) -> Table:
    """The table, with what its files may say besides."""
    return replace(table, colonnes=(*table.colonnes, *_APPOINTS.get(table.nom, ())))


def est_du_contrat(table: Table, nom: str) -> bool:
    return nom in TABLES[table.nom].noms


@cache
def autres_noms(table: str) -> dict[str, frozenset[str]]:
    """Column → its other names, folded."""
    return {colonne: frozenset(map(fold, noms)) for colonne, noms in _NOMS.get(table, {}).items()}
