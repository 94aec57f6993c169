"""Quality of the data: how complete each file is, bailleur by bailleur and commune by commune, and what it prevents."""

from mel_core.indicateurs.qualite.completude import (
    baux_a_completer,
    completude,
    en_place,
    par_bailleur,
    par_mois,
    say_bailleurs,
)
from mel_core.indicateurs.qualite.rubriques import ENSEMBLE, POPULATIONS, Population

__all__ = [
    "ENSEMBLE",
    "POPULATIONS",
    "Population",
    "baux_a_completer",
    "completude",
    "en_place",
    "par_bailleur",
    "par_mois",
    "say_bailleurs",
]
