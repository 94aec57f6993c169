"""The shapes of a layer of places, as they are published: read once, drawn by maps and by documents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mel_core.contrat.reference import DOSSIER

Anneau = list[list[float]]


@dataclass(frozen=True)
class LieuDeCouche:
    """A place of a layer: its name, its shape as published, where its name is written (centroid of its largest ring),
    and its extent, in degrees."""

    nom: str
    polygones: list[list[Anneau]]
    longitude: float
    latitude: float
    ouest: float
    est: float
    sud: float
    nord: float


def read(chemin: Path) -> dict[str, LieuDeCouche]:
    """The places of a file of contours, by code."""
    lieux = {}
    for entite in json.loads(chemin.read_text(encoding="utf-8"))["features"]:
        dites = entite["properties"]
        code = dites.get("code_insee") or dites["code"]
        lieux[code] = _lieu(dites.get("nom") or code, entite["geometry"])
    return lieux


@cache
def communes() -> dict[str, LieuDeCouche]:
    """The communes, by INSEE code."""
    return read(DOSSIER / "communes.geojson")


def _lieu(nom: str, geometrie: dict[str, Any]) -> LieuDeCouche:
    from shapely.geometry import Polygon, shape  # what draws nothing does not wait for it

    forme = shape(geometrie)
    morceaux = [Polygon(p.exterior) for p in getattr(forme, "geoms", [forme])]
    centre = max(morceaux, key=lambda p: p.area).centroid
    ouest, sud, est, nord = forme.bounds
    polygones = geometrie["coordinates"] if geometrie["type"] == "MultiPolygon" else [geometrie["coordinates"]]
    return LieuDeCouche(nom, polygones, centre.x, centre.y, ouest, est, sud, nord)
