"""Contours of the quartiers, the QPV and the ICI: read (`geographie`), checked, published in the store.

Everything read is kept, out of the Métropole, a duplicate or rejected. A store serves one file a layer, replaced by one
atomic rename.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from mel_core.contrat.lecture import geographie
from mel_core.contrat.lecture.brut import Illisible, LectureTable, Lignes
from mel_core.contrat.reference import DOSSIER, communes
from mel_core.contrat.tables import COMMUNES_ASSOCIEES
from mel_core.socle import langue
from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.partage import partage

Anneau = list[list[float]]
Polygone = list[Anneau]  # the outline, then its holes
DECIMALES = 5  # about a metre
_LOIN = 1e9  # degrees or metres: beyond, and when it is no number, no coordinate


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
    return isinstance(x, int | float) and not isinstance(x, bool) and abs(x) < _LOIN


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


_CHAMPS_DITS = 12
_DOSSIER = "contours"
_AGE_S = 2.0  # another machine may have published since
_DE_QUARTIERS = (
    "Des contours ne donnent que le code, le nom et la commune des quartiers : leur fragilité, leur IPS et leur QPV "
    "sont inconnus, les donner dans la table quartiers (Préparer › Imports)."
)


@dataclass(frozen=True)
class Couche:
    """One layer. `codes` and `noms`: names of the fields that may bear them, the first that fits wins; `motif`: what a
    code looks like, `exemple`: one to show; `titre`: what its places are called, in the plural."""

    titre: str
    codes: tuple[str, ...]
    noms: tuple[str, ...]
    motif: re.Pattern[str]
    exemple: str


COUCHES: dict[str, Couche] = {
    # IGN Contours…IRIS: capitals up to 2022, small letters since; there `iris` alone is a number of four digits.
    "quartiers": Couche(
        "quartiers",
        ("code_quartier", "CODE_IRIS", "code_iris", "DCOMIRIS", "iris"),
        ("nom", "NOM_IRIS", "nom_iris"),
        re.compile(r"\d[\dAB]\d{7}"),
        "593500101",
    ),
    # ANCT: QP059001 in the geography of 2015, QN05965M in that of 2024.
    "qpv": Couche(
        "QPV",
        ("code_qpv", "CODE_QP", "code_qp"),
        ("nom_qpv", "NOM_QP", "nom_qp", "lib_qp", "nom"),
        re.compile(r"Q[PN]\d[\dAB]\d{2,3}[\dA-Z]{1,3}"),
        "QP059001",
    ),
    "ici": Couche("ICI", ("ici", "code_ici", "nom_ici", "nom"), ("nom", "nom_ici", "ici"), re.compile(r".+"), "ICI 1"),
}


DE_CONTOURS = frozenset({"code_quartier", "nom", "code_insee"})  # the columns that contours give of the quartiers


@dataclass(frozen=True)
class Contour:
    """One place: its code, its name (empty when the file gives none), its polygons in degrees (WGS 84)."""

    code: str
    nom: str
    polygones: list[Polygone]


@dataclass(frozen=True)
class Rejet:
    """One feature left out: its rank in the file (from 1), its code or an empty text, what is wrong and the remedy."""

    rang: int
    code: str
    message: str


@dataclass(frozen=True)
class ContoursLus:
    """What was found in a file: `n_lues` = len(`contours`) + `n_hors_mel` + `n_doublons` + len(`rejets`)."""

    couche: str
    contours: tuple[Contour, ...]
    n_lues: int
    n_hors_mel: int
    n_doublons: int
    rejets: tuple[Rejet, ...]
    est_fictive: bool

    @property
    def dite(self) -> str:
        """`517 quartiers lus = 512 gardés + 3 hors de la MEL + 1 doublon + 1 rejeté`."""
        return (
            f"{langue.effectif(self.n_lues, 'contour lu', 'contours lus')} = "
            f"{langue.effectif(len(self.contours), 'gardé')} + {langue.nombre(self.n_hors_mel)} hors de la MEL + "
            f"{langue.effectif(self.n_doublons, 'doublon')} + {langue.effectif(len(self.rejets), 'rejeté')}"
        )


def read(contenu: bytes, fichier: str, couche: str) -> ContoursLus:
    """The places of `couche` in a file. Raises `ErreurUtilisateur` when the file as a whole can't be used."""
    if couche not in COUCHES:
        raise AppelIncorrect(f"La couche « {couche} » n’existe pas : choisir parmi {langue.liste(list(COUCHES))}.")
    quoi = COUCHES[couche]
    champ, entites = _decode(contenu, fichier, quoi)
    contours: dict[str, Contour] = {}
    rejets: list[Rejet] = []
    n_hors_mel = n_doublons = 0
    for rang, (geometrie, proprietes) in enumerate(entites, 1):
        code = _texte(proprietes.get(champ))
        try:
            if not quoi.motif.fullmatch(code):
                raise ValueError(_say_code(proprietes.get(champ), champ, quoi))
            lus = polygones(geometrie)
        except ValueError as erreur:
            rejets.append(Rejet(rang, code, str(erreur)))
            continue
        geographie.require_degres(lus[0][0][0], fichier)
        if not _est_de_la_mel(couche, code, lus):
            n_hors_mel += 1
        elif code in contours:
            n_doublons += 1
        else:
            contours[code] = Contour(code, _nom(proprietes, quoi), lus)
    if not contours:
        raise ErreurUtilisateur(
            f"« {fichier} » ne contient aucun contour de la Métropole pour la couche « {couche} » : vérifier la couche "
            "choisie et l’étendue du fichier."
        )
    gardes = tuple(contours[code] for code in sorted(contours))
    est_fictive = any(proprietes.get("fictif") is True for _, proprietes in entites)
    return ContoursLus(couche, gardes, len(entites), n_hors_mel, n_doublons, tuple(rejets), est_fictive)


def read_quartiers(contenu: bytes, fichier: str) -> LectureTable:
    """Contours of IRIS as the table of the quartiers: one row per feature, numbered by its rank. Raises `Illisible`
    when the file as a whole can't be used."""
    quoi = COUCHES["quartiers"]
    try:
        champ, entites = _decode(contenu, fichier, quoi)
    except ErreurUtilisateur as erreur:
        raise Illisible(str(erreur)) from None
    rangees = []
    for _, proprietes in entites:
        code = _texte(proprietes.get(champ))
        rangees.append({"code_quartier": code, "nom": _nom(proprietes, quoi) or code, "code_insee": code[:5]})
    entete = list(rangees[0])
    lignes = Lignes.of_rangees(entete, rangees, np.arange(1, len(rangees) + 1))
    return LectureTable(entete, 1, lambda _: lignes, dits=(_DE_QUARTIERS,))


def _decode(contenu: bytes, fichier: str, quoi: Couche) -> tuple[str, list[geographie.Entite]]:
    """The field that bears the codes, and each feature: its geometry and its properties."""
    entites = geographie.read(contenu, fichier)
    return _champ([proprietes for _, proprietes in entites], quoi, fichier), entites


def _champ(entites: list[dict[str, Any]], quoi: Couche, fichier: str) -> str:
    """The field that bears the codes: the first of the known names under which a code reads as one."""
    for champ in quoi.codes:
        if any(quoi.motif.fullmatch(_texte(proprietes.get(champ))) for proprietes in entites):
            return champ
    lus = sorted({str(champ) for proprietes in entites for champ in proprietes})[:_CHAMPS_DITS]
    raise ErreurUtilisateur(
        f"« {fichier} » ne donne pas le code de ses {quoi.titre} : renommer le champ qui le porte en "
        f"« {quoi.codes[0]} » (un code comme {quoi.exemple}) ; champs lus : {langue.liste(lus) if lus else 'aucun'}."
    )


def _nom(proprietes: dict[str, Any], quoi: Couche) -> str:
    return next((t for n in quoi.noms if (t := _texte(proprietes.get(n)))), "")


def _texte(valeur: Any) -> str:
    """A code given as a number is not one: its leading zero is lost."""
    return valeur.strip() if isinstance(valeur, str) else ""


def _say_code(valeur: Any, champ: str, quoi: Couche) -> str:
    if valeur is None:
        return f"code absent de « {champ} » : écrire un code comme {quoi.exemple}."
    if not isinstance(valeur, str):
        return f"code stocké en nombre dans « {champ} », son zéro de tête peut être perdu : l’écrire en texte."
    return f"code « {valeur} » illisible dans « {champ} » : écrire un code comme {quoi.exemple}."


def _est_de_la_mel(couche: str, code: str, lus: list[Polygone]) -> bool:
    """By the commune of a quartier; else because a point of an outline is there."""
    if couche == "quartiers":
        return COMMUNES_ASSOCIEES.get(code[:5], code[:5]) in communes()
    return sont_dans_la_mel([point for polygone in lus for point in polygone[0]])


@dataclass(frozen=True)
class Publies:
    """The contours of one layer in service. `identifiant`: of their content; `chemin`: a GeoJSON whose features have
    `code` and `nom` alone; `codes`: those that it draws; `est_fictive`: whether they are a fictitious division."""

    identifiant: str
    chemin: Path
    codes: frozenset[str]
    est_fictive: bool


def publish(dossier: Path, lus: ContoursLus, *, est_fictive: bool = False) -> bool:
    """Put what was read in service; returns whether anything changed. Fields other than code and name are dropped."""
    entites = [
        {
            "type": "Feature",
            "properties": {"code": c.code, "nom": c.nom},
            "geometry": {"type": "MultiPolygon", "coordinates": c.polygones},
        }
        for c in lus.contours
    ]
    collection = {"type": "FeatureCollection", "fictif": est_fictive or lus.est_fictive, "features": entites}
    contenu = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    nom = f"{_DOSSIER}/{lus.couche}.json"
    if partage(dossier).read(nom) == contenu:
        return False
    partage(dossier).write(nom, contenu)
    return True


def publies(dossier: Path, couche: str) -> Publies | None:
    """The contours in service for `couche`; None when nobody gave any."""
    contenu = partage(dossier).read(f"{_DOSSIER}/{couche}.json", age=_AGE_S)
    return None if contenu is None else _read(dossier / _DOSSIER / f"{couche}.json", contenu)


@lru_cache(maxsize=8)
def _read(fichier: Path, contenu: bytes) -> Publies:
    """Read once as long as they stay the same; pages ask for a file of this machine."""
    lu = json.loads(contenu)
    if not fichier.exists() or fichier.read_bytes() != contenu:
        fichier.parent.mkdir(parents=True, exist_ok=True)
        write_whole(fichier, contenu)
    codes = frozenset(e["properties"]["code"] for e in lu["features"])
    return Publies(hashlib.sha256(contenu).hexdigest()[:16], fichier, codes, lu["fictif"])
