"""Rings of points: whether they are polygons in degrees, which way they turn, whether they touch the Métropole."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from math import isfinite
from typing import Any

from mel_core.contrat.reference import DOSSIER

Anneau = list[list[float]]
Polygone = list[Anneau]  # the outline, then its holes
DECIMALES = 5  # about a metre


def polygones(geometrie: Any) -> list[Polygone]:
    """The polygons of a GeoJSON geometry, rounded, their outlines clockwise and their holes counter-clockwise.

    That is what the drawing of maps expects (RFC 7946 asks the contrary, and producers do either): turned the other
    way, a contour fills everything but itself. Raises `ValueError`, with what is wrong in French.
    """
    genre = geometrie.get("type") if isinstance(geometrie, dict) else None
    if genre not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"géométrie « {genre} »" if isinstance(genre, str) else "géométrie absente")
    lus = geometrie.get("coordinates")
    lus = [lus] if genre == "Polygon" else lus
    return [
        [_turn(_anneau(anneau), rang == 0) for rang, anneau in enumerate(_pleine(polygone))]
        for polygone in _pleine(lus)
    ]


def _pleine(lus: Any) -> list[Any]:
    if not isinstance(lus, list) or not lus:
        raise ValueError("contour vide")
    return lus


def _anneau(lu: Any) -> Anneau:
    if not isinstance(lu, list) or len(lu) < 4:
        raise ValueError("anneau de moins de quatre points")
    points = [_point(p) for p in lu]
    if points[0] != points[-1]:
        raise ValueError("anneau qui ne se referme pas")
    return points


def _point(lu: Any) -> list[float]:
    if not isinstance(lu, list) or len(lu) < 2 or not all(_est_nombre(x) for x in lu[:2]):
        raise ValueError("point sans ses deux coordonnées")
    return [round(float(lu[0]), DECIMALES), round(float(lu[1]), DECIMALES)]


def _est_nombre(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool) and isfinite(x)


def _turn(anneau: Anneau, horaire: bool) -> Anneau:
    return anneau if (double_aire(anneau) < 0) == horaire else anneau[::-1]


def double_aire(anneau: Anneau) -> float:
    """Twice the signed area of a closed ring, in square degrees: negative when it turns clockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(anneau))


def est_dans_la_mel(x: float, y: float) -> bool:
    """Whether a point is in a commune of the Métropole."""
    return any(
        ouest <= x <= est and sud <= y <= nord and _contient(anneau, x, y)
        for ouest, est, sud, nord, anneau in _communes()
    )


@cache
def _communes() -> list[tuple[float, float, float, float, Anneau]]:
    """Extent (west, east, south, north) and outline of each part of a commune."""
    entites = json.loads((DOSSIER / "communes.geojson").read_text(encoding="utf-8"))["features"]
    bornes = []
    for anneau in (polygone[0] for entite in entites for polygone in polygones(entite["geometry"])):
        longitudes, latitudes = zip(*anneau, strict=True)
        bornes.append((min(longitudes), max(longitudes), min(latitudes), max(latitudes), anneau))
    return bornes


def _contient(anneau: Anneau, x: float, y: float) -> bool:
    """Even-odd rule: a ray to the east crosses the ring an odd number of times."""
    traverses = (
        (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in pairwise(anneau)
    )
    return sum(traverses) % 2 == 1
