"""The geometry of the maps: sent to a browser once, by address, never with a step of a lever."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from mel_core.contrat.contours import Publies
from mel_core.contrat.reference import DOSSIER

_COMMUNES = DOSSIER / "communes.geojson"
_STATIQUE = Path(__file__).resolve().parents[3] / "static" / "fonds"
_DECIMALES = 3  # some hundred metres: what a pointer needs to tell two places

Anneau = list[list[float]]


@dataclass(frozen=True)
class Lieu:
    """A place of a layer: its name, its shape to the hundred metres (see `_round`), where its name is written (centroid
    of its largest ring), and its extent, in degrees."""

    nom: str
    contour: list[list[Anneau]]
    longitude: float
    latitude: float
    ouest: float
    est: float
    sud: float
    nord: float


@dataclass(frozen=True, eq=False)
class Fond:
    """The shapes of a layer. `adresse`: relative to the page; `lieux`: by code, in the order of the file, where each
    shape bears its rank as `i`; `anneaux`: their rings as published, by code."""

    nom: str
    adresse: str
    lieux: dict[str, Lieu]
    anneaux: dict[str, list[Anneau]]

    def bords(self, codes: Iterable[str]) -> str:
        """The address of the borders of these places, relative to the page."""
        return _publish_bords(self, frozenset(codes).intersection(self.lieux))


@cache
def communes() -> Fond:
    """The contours of the communes, by INSEE code."""
    return _read("communes", _COMMUNES)


def couche(nom: str, publies: Publies) -> Fond:
    """A layer in service, under an address that changes with its content: a browser keeps it for good.

    Its file holds codes, names and shapes alone, which their producers publish openly: nothing there asks for a login.
    """
    return _couche(nom, publies.identifiant, publies.chemin)


@cache
def _couche(nom: str, identifiant: str, chemin: Path) -> Fond:
    return _read(f"{nom}-{identifiant}", chemin)


def _read(nom: str, chemin: Path) -> Fond:
    entites = json.loads(chemin.read_text(encoding="utf-8"))["features"]
    lieux, anneaux = {}, {}
    for i, entite in enumerate(entites):
        dites = entite["properties"]
        code = dites.get("code_insee") or dites["code"]
        lieux[code] = _lieu(dites.get("nom") or code, entite["geometry"])
        anneaux[code] = [anneau for polygone in _polygones(entite["geometry"]) for anneau in polygone]
        entite["properties"] = {"i": i}
    collection = {"type": "FeatureCollection", "features": entites}
    return Fond(nom, copy(f"{nom}.json", _write(collection)), lieux, anneaux)


@cache
def _publish_bords(fond: Fond, codes: frozenset[str]) -> str:
    geometrie = {"type": "MultiLineString", "coordinates": borders(a for c in sorted(codes) for a in fond.anneaux[c])}
    contenu = _write({"type": "Feature", "geometry": geometrie, "properties": {}})
    return copy(f"{fond.nom}-bords-{sha256(contenu).hexdigest()[:12]}.json", contenu)


def borders(anneaux: Iterable[Anneau]) -> list[Anneau]:
    """Lines that pass by each edge of these rings once, however many places it parts: without a graphics card, a line
    costs its points, at each image."""
    vus: set[frozenset[tuple[float, ...]]] = set()
    lignes: list[Anneau] = []
    for anneau in anneaux:
        est_suivie = False
        for debut, fin in pairwise(anneau):
            bord = frozenset((tuple(debut), tuple(fin)))
            if est_neuf := bord not in vus:
                if not est_suivie:
                    lignes.append([debut])
                lignes[-1].append(fin)
            est_suivie = est_neuf
            vus.add(bord)
    return lignes


def _write(contenu: dict[str, Any]) -> bytes:
    return json.dumps(contenu, separators=(",", ":")).encode()


def copy(nom: str, contenu: bytes) -> str:
    """Put a file where the pages ask for it; its address, relative to them."""
    fichier = _STATIQUE / nom
    if not fichier.exists() or fichier.read_bytes() != contenu:
        fichier.parent.mkdir(parents=True, exist_ok=True)
        provisoire = fichier.with_suffix(".tmp")
        provisoire.write_bytes(contenu)
        provisoire.replace(fichier)
    return f"app/static/fonds/{nom}"


def _polygones(geometrie: dict[str, Any]) -> list[list[Anneau]]:
    return geometrie["coordinates"] if geometrie["type"] == "MultiPolygon" else [geometrie["coordinates"]]


def _lieu(nom: str, geometrie: dict[str, Any]) -> Lieu:
    polygones = _polygones(geometrie)
    _, x, y = max(_aire_et_centre(polygone[0]) for polygone in polygones)
    longitudes, latitudes = zip(*(point for polygone in polygones for point in polygone[0]), strict=True)
    contour = [[_round(anneau) for anneau in polygone] for polygone in polygones]
    return Lieu(nom, contour, x, y, min(longitudes), max(longitudes), min(latitudes), max(latitudes))


def _round(anneau: Anneau) -> Anneau:
    """Rounded, without the points that this makes the same; as it is where nothing would be left of it."""
    points = [[round(x, _DECIMALES), round(y, _DECIMALES)] for x, y, *_ in anneau]
    gardes = [points[0], *(suivant for avant, suivant in pairwise(points) if suivant != avant)]
    return gardes if len(gardes) > 3 else [[x, y] for x, y, *_ in anneau]


def _aire_et_centre(anneau: Anneau) -> tuple[float, float, float]:
    """Area (square degrees) and centroid of a closed ring, by the shoelace formula."""
    double_aire = x = y = 0.0
    for (x0, y0, *_), (x1, y1, *_) in pairwise(anneau):
        croix = x0 * y1 - x1 * y0
        double_aire += croix
        x += (x0 + x1) * croix
        y += (y0 + y1) * croix
    return abs(double_aire) / 2, x / (3 * double_aire), y / (3 * double_aire)
