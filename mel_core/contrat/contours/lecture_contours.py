"""A GeoJSON file as the places of one layer: everything read is kept, out of the Métropole, a duplicate or rejected."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mel_core.contrat.contours.couches import COUCHES, Couche
from mel_core.contrat.contours.geometrie import Polygone, polygones, touche_la_mel
from mel_core.contrat.reference import communes
from mel_core.contrat.tables import COMMUNES_ASSOCIEES
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur

OCTETS_MAX = 64 * 1024 * 1024
_CHAMPS_DITS = 12


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
class Lecture:
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


def read(contenu: bytes, fichier: str, couche: str) -> Lecture:
    """The places of `couche` in a GeoJSON. Raises `ErreurUtilisateur` when the file as a whole can't be used."""
    if couche not in COUCHES:
        raise AppelIncorrect(f"La couche « {couche} » n’existe pas : choisir parmi {langue.liste(list(COUCHES))}.")
    collection = _decode(contenu, fichier)
    entites = collection["features"]
    quoi = COUCHES[couche]
    champ = _champ(entites, quoi, fichier)
    contours: dict[str, Contour] = {}
    rejets: list[Rejet] = []
    n_hors_mel = n_doublons = 0
    for rang, entite in enumerate(entites, 1):
        proprietes = _proprietes(entite)
        code = _texte(proprietes.get(champ))
        if not quoi.motif.fullmatch(code):
            rejets.append(Rejet(rang, code, _say_code(proprietes.get(champ), champ, quoi)))
            continue
        try:
            lus = polygones(entite.get("geometry"))
        except ValueError as erreur:
            rejets.append(Rejet(rang, code, f"{erreur} : exporter chaque contour en Polygon ou MultiPolygon fermé."))
            continue
        _require_degres(lus, fichier)
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
    est_fictive = any(_proprietes(e).get("fictif") is True for e in entites)
    return Lecture(
        couche,
        tuple(contours[code] for code in sorted(contours)),
        len(entites),
        n_hors_mel,
        n_doublons,
        tuple(rejets),
        est_fictive,
    )


def places(contenu: bytes, fichier: str, couche: str) -> list[tuple[str, str]]:
    """Code and name of each feature, in the order of the file, empty for what it does not say. Raises as `read`."""
    entites = _decode(contenu, fichier)["features"]
    quoi = COUCHES[couche]
    champ = _champ(entites, quoi, fichier)
    proprietes = [_proprietes(entite) for entite in entites]
    return [(_texte(p.get(champ)), _nom(p, quoi)) for p in proprietes]


def _nom(proprietes: dict[str, Any], quoi: Couche) -> str:
    return next((t for n in quoi.noms if (t := _texte(proprietes.get(n)))), "")


def _decode(contenu: bytes, fichier: str) -> dict[str, Any]:
    if len(contenu) > OCTETS_MAX:
        raise ErreurUtilisateur(
            f"« {fichier} » dépasse {OCTETS_MAX // 1024**2} Mo : n’exporter que les 95 communes de la Métropole."
        )
    try:
        collection = json.loads(contenu.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ErreurUtilisateur(
            f"« {fichier} » n’est pas un GeoJSON lisible : l’exporter de nouveau en GeoJSON, encodé en UTF-8."
        ) from None
    if not (
        isinstance(collection, dict)
        and collection.get("type") == "FeatureCollection"
        and isinstance(collection.get("features"), list)
        and collection["features"]
    ):
        raise ErreurUtilisateur(
            f"« {fichier} » n’est pas une collection de contours (FeatureCollection) : l’exporter en GeoJSON."
        )
    return collection


def _champ(entites: Sequence[Any], quoi: Couche, fichier: str) -> str:
    """The field that bears the codes: the first of the known names under which a code reads as one."""
    for champ in quoi.codes:
        if any(quoi.motif.fullmatch(_texte(_proprietes(e).get(champ))) for e in entites):
            return champ
    lus = sorted({str(c) for e in entites for c in _proprietes(e)})[:_CHAMPS_DITS]
    raise ErreurUtilisateur(
        f"« {fichier} » ne donne pas le code de ses {quoi.titre} : renommer le champ qui le porte en "
        f"« {quoi.codes[0]} » (un code comme {quoi.exemple}) ; champs lus : {langue.liste(lus) if lus else 'aucun'}."
    )


def _require_degres(lus: list[Polygone], fichier: str) -> None:
    x, y = lus[0][0][0]
    if abs(x) > 180 or abs(y) > 90:
        raise ErreurUtilisateur(
            f"« {fichier} » est en mètres (sans doute en Lambert-93) : l’exporter en WGS 84 (EPSG:4326), puis "
            "recommencer."
        )


def _est_de_la_mel(couche: str, code: str, lus: list[Polygone]) -> bool:
    if couche == "quartiers":
        return COMMUNES_ASSOCIEES.get(code[:5], code[:5]) in communes()
    return touche_la_mel(lus)


def _proprietes(entite: Any) -> dict[str, Any]:
    proprietes = entite.get("properties") if isinstance(entite, dict) else None
    return proprietes if isinstance(proprietes, dict) else {}


def _say_code(valeur: Any, champ: str, quoi: Couche) -> str:
    if valeur is None:
        return f"code absent de « {champ} » : écrire un code comme {quoi.exemple}."
    if not isinstance(valeur, str):
        return f"code stocké en nombre dans « {champ} », son zéro de tête peut être perdu : l’écrire en texte."
    return f"code « {valeur} » illisible dans « {champ} » : écrire un code comme {quoi.exemple}."


def _texte(valeur: Any) -> str:
    """A code given as a number is not one: its leading zero is lost."""
    return valeur.strip() if isinstance(valeur, str) else ""
