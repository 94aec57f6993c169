"""Where the application and its store are."""

from __future__ import annotations

import os
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent.parent


def dossier() -> Path:
    """The store of this process: `MEL_DONNEES`, or `var` beside the application."""
    return RACINE / os.environ.get("MEL_DONNEES", "var")
