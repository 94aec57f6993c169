"""Settings of the demonstration data (`data/demo/calage.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DOSSIER = Path(__file__).resolve().parent.parent.parent / "data" / "demo"
CONTOURS = DOSSIER / "quartiers.geojson"  # fictitious: the file says so

Reglages = dict[str, Any]


@cache
def load() -> Reglages:
    """The settings, section by section; their comments in the file say what each is and in which unit."""
    return tomllib.loads((DOSSIER / "calage.toml").read_text(encoding="utf-8"))
