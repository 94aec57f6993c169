"""Erasing people everywhere that they are: snapshots, vault, frozen lists, journal. Said beforehand, then done."""

from mel_core.seance.effacement.plan_effacement import REJEU, DemandeEffacement, PlanEffacement, erase, prepare
from mel_core.seance.effacement.traces import NUMEROS

__all__ = ["NUMEROS", "REJEU", "DemandeEffacement", "PlanEffacement", "erase", "prepare"]
