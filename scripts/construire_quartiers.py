"""Draw the fictitious quartiers of the demonstration: `python scripts/construire_quartiers.py`.

Each commune of `data/reference/communes.geojson` is divided among its IRIS (`iris.csv`) by a Voronoi diagram of seeded
points, evened out. The codes are real, the contours are not: the file says so. Writes `data/demo/quartiers.geojson`.
Needs shapely (development dependency).
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import shapely

RACINE = Path(__file__).resolve().parent.parent
REFERENCE = RACINE / "data" / "reference"
SORTIE = RACINE / "data" / "demo" / "quartiers.geojson"
GRAINE = 59350
LISSAGES = 4  # rounds of Lloyd's relaxation: cells of similar size
DECIMALES = 5
AVERTISSEMENT = "Découpage fictif : ces contours ne sont pas ceux des IRIS, ils servent à la démonstration."


def draw_points(contour: shapely.Polygon, n: int, alea: np.random.Generator) -> shapely.MultiPoint:
    """`n` points drawn evenly inside a commune."""
    x_min, y_min, x_max, y_max = contour.bounds
    xy = alea.uniform((x_min, y_min), (x_max, y_max), size=(60 * n + 200, 2))
    dedans = xy[shapely.contains_xy(contour, xy[:, 0], xy[:, 1])]
    return shapely.multipoints(dedans[:n])


def divide(contour: shapely.Polygon, n: int, alea: np.random.Generator) -> list[shapely.Polygon]:
    """`n` cells that cover the commune, in an order where followers are neighbours as far as possible."""
    if n == 1:
        return [contour]
    points = draw_points(contour, n, alea)
    for _ in range(LISSAGES):
        points = shapely.MultiPoint([c.point_on_surface() for c in cut(contour, points)])
    return chain(cut(contour, points))


def cut(contour: shapely.Polygon, points: shapely.MultiPoint) -> list[shapely.Polygon]:
    """Voronoi cells clipped to the commune; a cell that the border cuts in two keeps its larger piece whole."""
    cellules = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=contour))
    morceaux = shapely.get_parts(shapely.intersection(cellules, contour))
    par_aire = sorted(morceaux, key=shapely.area, reverse=True)
    entieres, restes = par_aire[: len(cellules)], par_aire[len(cellules) :]
    for reste in restes:
        voisine = max(range(len(entieres)), key=lambda i: shapely.length(shapely.intersection(entieres[i], reste)))
        entieres[voisine] = shapely.union(entieres[voisine], reste)
    return entieres


def chain(cellules: list[shapely.Polygon]) -> list[shapely.Polygon]:
    """From the northernmost cell, always the nearest one left."""
    libres = {i: np.array(c.centroid.coords[0]) for i, c in enumerate(cellules)}
    ici = max(libres, key=lambda i: libres[i][1])
    ordre = [ici]
    while len(libres) > 1:
        depart = libres.pop(ici)
        ici = min(libres, key=lambda i: float(np.hypot(*(libres[i] - depart))))
        ordre.append(ici)
    return [cellules[i] for i in ordre]


def main() -> None:
    iris: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (REFERENCE / "iris.csv").open(encoding="utf-8") as fichier:
        for ligne in csv.DictReader(fichier):
            iris[ligne["code_insee"]].append(ligne)
    communes = json.loads((REFERENCE / "communes.geojson").read_text(encoding="utf-8"))["features"]
    alea = np.random.default_rng(GRAINE)
    lignes = []
    for commune in communes:
        contour = shapely.from_geojson(json.dumps(commune["geometry"]))
        siens = iris[commune["properties"]["code_insee"]]
        for ligne, cellule in zip(siens, divide(contour, len(siens), alea), strict=True):
            arrondie = shapely.orient_polygons(
                shapely.transform(cellule, lambda xy: np.round(xy, DECIMALES)), exterior_cw=True
            )
            entite = {
                "type": "Feature",
                "properties": {
                    "code_quartier": ligne["code_iris"],
                    "code_insee": ligne["code_insee"],
                    "fictif": True,
                },
                "geometry": json.loads(shapely.to_geojson(arrondie)),
            }
            lignes.append(json.dumps(entite, ensure_ascii=False, separators=(",", ":")))
    entete = json.dumps(AVERTISSEMENT, ensure_ascii=False)
    corps = ",\n".join(lignes)
    SORTIE.parent.mkdir(exist_ok=True)
    SORTIE.write_text(
        f'{{"type":"FeatureCollection","avertissement":{entete},"features":[\n{corps}\n]}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
