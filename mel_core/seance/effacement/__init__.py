"""Erasing people everywhere that they are: snapshots, vault, frozen lists, journal. Said beforehand, then done."""

from mel_core.seance.effacement.demande_effacement import NUMEROS, RADIES, REJEU, Demande
from mel_core.seance.effacement.execution import erase
from mel_core.seance.effacement.plan_effacement import Plan, prepare

__all__ = ["NUMEROS", "RADIES", "REJEU", "Demande", "Plan", "erase", "prepare"]
