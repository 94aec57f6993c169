"""Contours as their producers give them, a GeoJSON or a zipped shapefile in WGS 84 or Lambert-93: read in degrees."""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from mel_core.contrat.lecture import classeur, lambert93
from mel_core.contrat.lecture.brut import Illisible
from mel_core.contrat.reference import fold
from mel_core.socle.erreurs import ErreurUtilisateur

Entite = tuple[Any, dict[str, Any]]  # a GeoJSON geometry in degrees, which may be none; its properties
Convertir = Callable[[float, float], tuple[float, float]]

OCTETS_MAX = 64 * 1024 * 1024  # a shapefile: once open
MEMBRES_MAX = 30  # of a zipped shapefile, which has five to ten
_ANNEAUX_MAX = 500  # of a contour: those of the MEL have less than ten
_PROFONDEUR = 4  # of the coordinates of a MultiPolygon: polygons, rings, points
_ATTENDUES = "l’exporter en WGS 84 (EPSG:4326) ou en Lambert-93 (EPSG:2154), puis recommencer."
_DEGRES, _LAMBERT_93 = re.compile(r"CRS84|EPSG:+4326"), re.compile(r"EPSG:+2154")
_PARTIES, _LUES = (".shp", ".dbf", ".prj"), (".shp", ".dbf", ".cpg")


def read_octets(chemin: Path) -> bytes:
    """The file, or more than `read` takes of it."""
    with chemin.open("rb") as fichier:
        return fichier.read(OCTETS_MAX + 1)


def est_shapefile(chemin: Path) -> bool:
    """Whether an archive holds one."""
    with zipfile.ZipFile(chemin) as archive:
        return any(nom.lower().endswith(".shp") for nom in archive.namelist())


def read(contenu: bytes, fichier: str) -> list[Entite]:
    """The features of a file, in its order. Raises `ErreurUtilisateur` when it can't be used as a whole."""
    if len(contenu) > OCTETS_MAX:
        raise ErreurUtilisateur(
            f"« {fichier} » dépasse {OCTETS_MAX >> 20} Mo : n’exporter que les 95 communes de la Métropole."
        )
    if not contenu.startswith(classeur.ZIP):
        return _read_geojson(contenu, fichier)
    try:
        with classeur.whole_archives(), zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            classeur.examine(archive, OCTETS_MAX, MEMBRES_MAX)
            return _read_shapefile(archive, fichier)
    except Illisible as erreur:
        raise ErreurUtilisateur(f"« {fichier} » ne se lit pas. {erreur}") from None


def _read_geojson(contenu: bytes, fichier: str) -> list[Entite]:
    try:
        collection = json.loads(contenu.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ErreurUtilisateur(
            f"« {fichier} » n’est pas un GeoJSON lisible : l’exporter de nouveau en GeoJSON, encodé en UTF-8."
        ) from None
    est_collection = isinstance(collection, dict) and collection.get("type") == "FeatureCollection"
    features = collection.get("features") if est_collection else None
    if not isinstance(features, list) or not features:
        raise ErreurUtilisateur(
            f"« {fichier} » n’est pas une collection de contours (FeatureCollection) : l’exporter en GeoJSON."
        )
    crs = _de(_de(collection, "crs"), "properties").get("name", "CRS84")
    convert = _projection(fichier, str(crs), _DEGRES.search(str(crs)), _LAMBERT_93.search(str(crs)))
    return [(_en_degres(_de(f, "geometry"), convert), _de(f, "properties")) for f in features]


def _de(objet: Any, nom: str) -> dict[str, Any]:
    trouve = objet.get(nom) if isinstance(objet, dict) else None
    return trouve if isinstance(trouve, dict) else {}


def _read_shapefile(archive: zipfile.ZipFile, fichier: str) -> list[Entite]:
    import shapefile  # type: ignore[import-untyped]  # no other reading waits for it

    noms = {PurePosixPath(nom): nom for nom in archive.namelist()}
    formes = [nom for nom in noms if nom.suffix.lower() == ".shp" and not nom.name.startswith(".")]
    if len(formes) != 1:
        raise ErreurUtilisateur(f"« {fichier} » doit contenir un shapefile et un seul : n’y laisser que le bon.")
    sienne = formes[0].with_suffix("")
    siens = {nom.suffix.lower(): archive.read(n) for nom, n in noms.items() if nom.with_suffix("") == sienne}
    manquants = [suffixe for suffixe in _PARTIES if suffixe not in siens]
    if manquants:
        raise ErreurUtilisateur(
            f"« {fichier} » n’a pas le {manquants[0]} de son shapefile : zipper ensemble ses .shp, .dbf et .prj."
        )
    prj = siens[".prj"].decode(errors="replace")
    nom_dit = (re.search(r'"([^"]*)"', prj) or [prj, prj[:80]])[1]
    est_en_degres = prj.lstrip().upper().startswith("GEOG") and re.search(r"wgs(19)?84", fold(nom_dit))
    convert = _projection(fichier, nom_dit, est_en_degres, "lambert93" in fold(nom_dit))
    shapefile.VERBOSE = False  # it tells the terminal, in English, what it mends
    try:
        with warnings.catch_warnings(action="ignore"):
            warnings.simplefilter("error", shapefile.PossiblyCorruptFileHeader)  # it is cut
            parties = {suffixe[1:]: io.BytesIO(octets) for suffixe, octets in siens.items() if suffixe in _LUES}
            parties.setdefault("cpg", io.BytesIO(b"1252"))  # that of Windows, when it is not said
            with shapefile.Reader(**parties, encodingErrors="replace") as lecteur:
                lues = [(_geometrie(s.shape), s.record.as_dict()) for s in lecteur.iterShapeRecords()]
    except Exception:  # noqa: BLE001 - bytes of anybody
        raise ErreurUtilisateur(
            f"Le shapefile de « {fichier} » est abîmé ou trop découpé : l’exporter de nouveau."
        ) from None
    if not lues:
        raise ErreurUtilisateur(f"« {fichier} » ne contient aucun contour : l’exporter de nouveau.")
    return [(_en_degres(geometrie, convert), proprietes) for geometrie, proprietes in lues]


def _geometrie(forme: Any) -> dict[str, Any]:
    if len(getattr(forme, "parts", ())) > _ANNEAUX_MAX:  # the library looks for each hole in each outline
        raise ValueError
    geometrie: dict[str, Any] = forme.__geo_interface__
    return geometrie


def _projection(fichier: str, nom: str, est_en_degres: object, est_en_lambert: object) -> Convertir:
    """What brings a point of the file to degrees."""
    if est_en_degres:
        return lambda x, y: (x, y)
    if not est_en_lambert:
        raise ErreurUtilisateur(
            f"« {fichier} » est dans la projection « {nom[:80]} », qui ne se lit pas : {_ATTENDUES}"
        )

    def convert(x: float, y: float) -> tuple[float, float]:
        if not lambert93.est_dedans(x, y):
            raise ErreurUtilisateur(f"« {fichier} » se dit en Lambert-93 et n’y est pas : {_ATTENDUES}")
        return lambert93.en_degres(x, y)

    return convert


def _en_degres(geometrie: dict[str, Any], convert: Convertir) -> dict[str, Any]:
    return {**geometrie, "coordinates": _place(geometrie.get("coordinates"), convert)}


def _place(lu: Any, convert: Convertir, profondeur: int = _PROFONDEUR) -> Any:
    """Coordinates in degrees; what is none stays as it is, and the check of its contour says so."""
    if not isinstance(lu, list | tuple) or not profondeur:
        return lu
    if len(lu) >= 2 and all(isinstance(x, int | float) for x in lu[:2]):
        return list(convert(lu[0], lu[1]))
    return [_place(x, convert, profondeur - 1) for x in lu]


def require_degres(point: list[float], fichier: str) -> None:
    """Of a file that said nothing of its projection."""
    if abs(point[0]) > 180 or abs(point[1]) > 90:
        raise ErreurUtilisateur(f"« {fichier} » est en mètres et ne dit pas sa projection : {_ATTENDUES}")
