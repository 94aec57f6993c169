"""Erasing people everywhere that they are: snapshots, vault, frozen lists, journal. Said beforehand, then done."""

from mel_core.effacement.demande import NUMEROS, RADIES, REJEU, Demande
from mel_core.effacement.execution import effacer
from mel_core.effacement.plan import Plan, preparer

__all__ = ["NUMEROS", "RADIES", "REJEU", "Demande", "Plan", "effacer", "preparer"]
