"""Erasing people everywhere that they are: snapshots, vault, frozen lists, journal. Said beforehand, then done."""

from mel_core.seance.effacement.demande_effacement import NUMEROS, REJEU, DemandeEffacement
from mel_core.seance.effacement.execution import erase
from mel_core.seance.effacement.plan_effacement import PlanEffacement, prepare

__all__ = ["NUMEROS", "REJEU", "DemandeEffacement", "PlanEffacement", "erase", "prepare"]
