"""Who acts a decision that a test draws for something else, and that an ICI met, before its relevé is signed."""

from __future__ import annotations

from datetime import timedelta

from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import presences
from mel_core.seance.coordination.decisions import Position
from mel_core.seance.coordination.presences import Presences
from mel_core.socle.periodes import Seance

ACTEE = {"MEL": Position.ACTE}


def meet(journal: Journal, seance: Seance, ici: str) -> None:
    """Its day, three months after the semester, and that the MEL was there."""
    auteur, nom = Auteur("A. Essai", "MEL"), f"{seance}-{ici}"
    jour = (seance.fin + timedelta(days=90)).isoformat()
    journal.write(presences.SEANCE, nom, {"jour": jour, "seance": str(seance), "ici": ici}, auteur, f"jour-{nom}")
    presences.record(journal, Presences(seance, ici, ("MEL",)), auteur, op_id=f"presents-{nom}", version_vue=0)
