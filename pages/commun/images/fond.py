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

from shapely.geometry import Polygon, shape

from mel_core.contrat.contours import Publies
from mel_core.contrat.reference import DOSSIER
from mel_core.socle.durable import write_whole

_COMMUNES = DOSSIER / "communes.geojson"
_STATIQUE = Path(__file__).resolve().parents[3] / "static" / "fonds"

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


@dataclass(frozen=True, eq=False)
class Fond:
    """The shapes of a layer, by code."""

    nom: str
    lieux: dict[str, LieuDeCouche]

    def formes(self, codes: Iterable[str]) -> str:
        """The address of the shapes of these places, relative to the page: each bears its code, and its rank among
        them, in the order of codes, as `i`."""
        return _publish(self, frozenset(codes).intersection(self.lieux), "lieux")

    def bords(self, codes: Iterable[str]) -> str:
        """The address of the borders of these places, relative to the page."""
        return _publish(self, frozenset(codes).intersection(self.lieux), "bords")


@cache
def communes() -> Fond:
    """The contours of the communes, by INSEE code."""
    return _read("communes", _COMMUNES)


def couche(nom: str, publies: Publies) -> Fond:
    """A layer in service.

    Its files hold codes and shapes alone, which their producers publish openly: nothing there asks for a login.
    """
    return _couche(nom, publies.identifiant, publies.chemin)


@cache
def _couche(nom: str, identifiant: str, chemin: Path) -> Fond:
    return _read(f"{nom}-{identifiant}", chemin)


def _read(nom: str, chemin: Path) -> Fond:
    lieux = {}
    for entite in json.loads(chemin.read_text(encoding="utf-8"))["features"]:
        dites = entite["properties"]
        code = dites.get("code_insee") or dites["code"]
        lieux[code] = _lieu(dites.get("nom") or code, entite["geometry"])
    return Fond(nom, lieux)


@cache
def _publish(fond: Fond, codes: frozenset[str], quoi: str) -> str:
    """An address that changes with its content: a browser keeps it for good."""
    contours = {code: fond.lieux[code].polygones for code in sorted(codes)}
    forme = _en_formes(contours) if quoi == "lieux" else _en_bords(contours)
    contenu = json.dumps(forme, separators=(",", ":")).encode()
    return copy(f"{fond.nom}-{quoi}-{sha256(contenu).hexdigest()[:12]}.json", contenu)


def _en_formes(contours: dict[str, list[list[Anneau]]]) -> dict[str, Any]:
    formes = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": polygones},
            "properties": {"i": i, "code": code},
        }
        for i, (code, polygones) in enumerate(contours.items())
    ]
    return {"type": "FeatureCollection", "features": formes}


def _en_bords(contours: dict[str, list[list[Anneau]]]) -> dict[str, Any]:
    lignes = borders(anneau for polygones in contours.values() for polygone in polygones for anneau in polygone)
    return {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": lignes}, "properties": {}}


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


def copy(nom: str, contenu: bytes) -> str:
    """Put a file where the pages ask for it; its address, relative to them."""
    fichier = _STATIQUE / nom
    if not fichier.exists() or fichier.read_bytes() != contenu:
        fichier.parent.mkdir(parents=True, exist_ok=True)
        write_whole(fichier, contenu)
    return f"app/static/fonds/{nom}"


def _lieu(nom: str, geometrie: dict[str, Any]) -> LieuDeCouche:
    forme = shape(geometrie)
    morceaux = [Polygon(p.exterior) for p in getattr(forme, "geoms", [forme])]
    centre = max(morceaux, key=lambda p: p.area).centroid
    ouest, sud, est, nord = forme.bounds
    polygones = geometrie["coordinates"] if geometrie["type"] == "MultiPolygon" else [geometrie["coordinates"]]
    return LieuDeCouche(nom, polygones, centre.x, centre.y, ouest, est, sud, nord)
