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

from mel_core.contrat import formes
from mel_core.contrat.contours import Publies
from mel_core.contrat.formes import Anneau, LieuDeCouche
from mel_core.socle.durable import write_whole

_STATIQUE = Path(__file__).resolve().parents[3] / "static" / "fonds"


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
    return Fond("communes", formes.communes())


def couche(nom: str, publies: Publies) -> Fond:
    """A layer in service.

    Its files hold codes and shapes alone, which their producers publish openly: nothing there asks for a login.
    """
    return _couche(nom, publies.identifiant, publies.chemin)


@cache
def _couche(nom: str, identifiant: str, chemin: Path) -> Fond:
    return Fond(f"{nom}-{identifiant}", formes.read(chemin))


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
