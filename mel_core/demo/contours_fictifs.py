"""The fictitious division of the communes into quartiers, put in service with the demonstration data."""

from __future__ import annotations

from pathlib import Path

from mel_core.contrat.contours import publish, read
from mel_core.demo.reglages_demo import CONTOURS


def publish_contours(dossier: Path) -> bool:
    """Serve the contours of the demonstration from the store in `dossier`; returns whether anything changed."""
    return publish(dossier, read(CONTOURS.read_bytes(), CONTOURS.name, "quartiers"), est_fictive=True)
