"""Rings of points: whether they are polygons in degrees, which way they turn, whether they touch the Métropole."""

from __future__ import annotations

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
    way, a contour fills everything but itself. Raises `ValueError`, with what is wrong and what to do, in French.
    """
    genre = geometrie.get("type") if isinstance(geometrie, dict) else None
    if genre not in ("Polygon", "MultiPolygon"):
        raise _faute(f"géométrie « {genre} »" if isinstance(genre, str) else "géométrie absente")
    lus = geometrie.get("coordinates")
    lus = [lus] if genre == "Polygon" else lus
    return [
        [_read_anneau(anneau, est_horaire=rang == 0) for rang, anneau in enumerate(_pleine(polygone))]
        for polygone in _pleine(lus)
    ]


def _faute(quoi: str) -> ValueError:
    return ValueError(f"{quoi} : exporter chaque contour en Polygon ou MultiPolygon fermé.")


def _pleine(lus: Any) -> list[Any]:
    if not isinstance(lus, list) or not lus:
        raise _faute("contour vide")
    return lus


def _read_anneau(lu: Any, est_horaire: bool) -> Anneau:
    if not isinstance(lu, list) or len(lu) < 4:
        raise _faute("anneau de moins de quatre points")
    points = [_point(p) for p in lu]
    if points[0] != points[-1]:
        raise _faute("anneau qui ne se referme pas")
    return points if (double_aire(points) < 0) == est_horaire else points[::-1]


def _point(lu: Any) -> list[float]:
    if not isinstance(lu, list) or len(lu) < 2 or not all(_est_nombre(x) for x in lu[:2]):
        raise _faute("point sans ses deux coordonnées")
    return [round(float(lu[0]), DECIMALES), round(float(lu[1]), DECIMALES)]


def _est_nombre(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool) and isfinite(x)


def double_aire(anneau: Anneau) -> float:
    """Twice the signed area of a closed ring, in square degrees: negative when it turns clockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(anneau))


def sont_dans_la_mel(points: Anneau) -> bool:
    """Whether one of the points is in a commune of the Métropole."""
    import shapely  # no other page waits for it

    return bool(shapely.contains_xy(_communes()[:, None], *zip(*points, strict=True)).any())


@cache
def _communes() -> Any:
    """The outline of each, as an array of shapes."""
    import shapely

    return shapely.get_parts(shapely.from_geojson((DOSSIER / "communes.geojson").read_bytes()))
