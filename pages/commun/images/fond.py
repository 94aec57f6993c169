"""The geometry of the maps: sent to a browser once, by address, never with a step of a slider."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from mel_core.contrat.contours import Publies
from mel_core.contrat.reference import DOSSIER

SOURCE = DOSSIER / "communes.geojson"
_STATIQUE = Path(__file__).resolve().parents[3] / "static" / "fonds"


@cache
def publish() -> str:
    """Address of the contours of the communes, relative to the page: they never differ from one process to another."""
    return _copy("communes.json", SOURCE.read_bytes())


def publish_layer(couche: str, publies: Publies) -> str:
    """Address of the contours of a layer, under a name that changes with their content: a browser keeps them for good.

    They hold codes, names and shapes alone, which their producers publish openly: nothing there asks for a login.
    """
    return _copy(f"{couche}-{publies.identifiant}.json", publies.chemin.read_bytes())


def _copy(nom: str, contenu: bytes) -> str:
    fichier = _STATIQUE / nom
    if not fichier.exists() or fichier.read_bytes() != contenu:
        fichier.parent.mkdir(parents=True, exist_ok=True)
        provisoire = fichier.with_suffix(".tmp")
        provisoire.write_bytes(contenu)
        provisoire.replace(fichier)
    return f"app/static/fonds/{nom}"


@dataclass(frozen=True)
class Repere:
    """Where to write the name of a commune (centroid of its largest ring), and its extent, in degrees."""

    longitude: float
    latitude: float
    ouest: float
    est: float
    sud: float
    nord: float


@cache
def reperes() -> dict[str, Repere]:
    """By INSEE code."""
    entites = json.loads(SOURCE.read_text(encoding="utf-8"))["features"]
    return {e["properties"]["code_insee"]: _repere(e["geometry"]) for e in entites}


def _repere(geometrie: dict[str, Any]) -> Repere:
    polygones = geometrie["coordinates"] if geometrie["type"] == "MultiPolygon" else [geometrie["coordinates"]]
    _, x, y = max(_aire_et_centre(polygone[0]) for polygone in polygones)
    longitudes, latitudes = zip(*(point for polygone in polygones for point in polygone[0]), strict=True)
    return Repere(x, y, min(longitudes), max(longitudes), min(latitudes), max(latitudes))


def _aire_et_centre(anneau: list[list[float]]) -> tuple[float, float, float]:
    """Area (square degrees) and centroid of a closed ring, by the shoelace formula."""
    double_aire = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise(anneau):
        croix = x0 * y1 - x1 * y0
        double_aire += croix
        x += (x0 + x1) * croix
        y += (y0 + y1) * croix
    return abs(double_aire) / 2, x / (3 * double_aire), y / (3 * double_aire)
