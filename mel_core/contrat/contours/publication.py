"""The contours that a store serves: one file a layer, replaced by one atomic rename."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mel_core.contrat.contours.lecture_contours import Lecture
from mel_core.socle.durable import write_whole

_DOSSIER = "contours"


@dataclass(frozen=True)
class Publies:
    """The contours of one layer in service. `identifiant`: of their content; `chemin`: a GeoJSON whose features have
    `code` and `nom` alone; `codes`: those that it draws; `est_fictive`: whether they are a fictitious division."""

    identifiant: str
    chemin: Path
    codes: frozenset[str]
    est_fictive: bool


def publish(dossier: Path, lecture: Lecture, *, est_fictive: bool = False) -> bool:
    """Put what was read in service; returns whether anything changed. Fields other than code and name are dropped."""
    contenu = _write(lecture, est_fictive or lecture.est_fictive)
    fichier = _chemin(dossier, lecture.couche)
    if fichier.exists() and fichier.read_bytes() == contenu:
        return False
    fichier.parent.mkdir(parents=True, exist_ok=True)
    write_whole(fichier, contenu)
    return True


def publies(dossier: Path, couche: str) -> Publies | None:
    """The contours in service for `couche`; None when nobody gave any."""
    fichier = _chemin(dossier, couche)
    if not fichier.exists():
        return None
    etat = fichier.stat()
    return _read(fichier, (etat.st_ino, etat.st_mtime_ns, etat.st_size))


@lru_cache(maxsize=8)
def _read(fichier: Path, _version: tuple[int, int, int]) -> Publies:
    """Read once as long as the file stays the same."""
    contenu = fichier.read_bytes()
    lu = json.loads(contenu)
    codes = frozenset(e["properties"]["code"] for e in lu["features"])
    return Publies(hashlib.sha256(contenu).hexdigest()[:16], fichier, codes, lu["fictif"])


def _chemin(dossier: Path, couche: str) -> Path:
    return dossier / _DOSSIER / f"{couche}.json"


def _write(lecture: Lecture, est_fictive: bool) -> bytes:
    entites = [
        {
            "type": "Feature",
            "properties": {"code": c.code, "nom": c.nom},
            "geometry": {"type": "MultiPolygon", "coordinates": c.polygones},
        }
        for c in lecture.contours
    ]
    collection = {"type": "FeatureCollection", "fictif": est_fictive, "features": entites}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
