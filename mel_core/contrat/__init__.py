"""The data contract as declarations, and the front door that every file goes through."""

from mel_core.contrat.controle import check
from mel_core.contrat.jeu import Connues, Jeu
from mel_core.contrat.mapping import Mapping

__all__ = ["Connues", "Jeu", "Mapping", "check"]
