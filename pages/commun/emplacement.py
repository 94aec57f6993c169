"""Where the application and its store are."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent.parent


def dossier() -> Path:
    """The store of this process: `MEL_DONNEES`, or `var` beside the application."""
    return _depuis(os.environ.get("MEL_DONNEES", "var"))


@cache  # asked fifty times a run
def _depuis(nom: str) -> Path:
    return RACINE / nom
