"""The indicators of the contract: declarations, counts in SQL, exact measures."""

from mel_core.indicateurs.calcul_indicateurs import compute, objectif_de
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.definitions import COUPES

__all__ = ["COUPES", "INDICATEURS", "compute", "objectif_de"]
