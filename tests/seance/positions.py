"""Who acts a decision that a test draws for something else."""

from __future__ import annotations

from mel_core.seance.coordination.decisions import Position

ACTEE = {"MEL": Position.ACTE}
