"""A map of communes as a deck draws it: polygons of the file itself, and beside them what is said of the heaviest."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mel_core.contrat import formes
from mel_core.contrat.formes import LieuDeCouche
from mel_core.indicateurs.phrases_constats import DE_TROP, DES_DEUX, EN_MANQUE, SANS_OBJECTIF, TENU, TROP_PEU
from mel_core.simulation.lectures_offre import TENSIONS

# As on the screens: blue and orange say below and above, never good and bad.
TONS_DES_VERDICTS = {
    DE_TROP: "E69D54",
    EN_MANQUE: "A0C2EA",
    DES_DEUX: "AD81BB",
    TENU: "CAD3DE",
    SANS_OBJECTIF: "6B7A8F",
    TROP_PEU: "FFFFFF",
}
TONS_DES_TENSIONS = dict(zip(TENSIONS, ("0B3D91", "A0C2EA", "CAD3DE", "E69D54", "FFFFFF"), strict=True))
_NOMMES_PAR_COTE, _PAS, _ECART = 6, 1.55, 0.5  # names on a side; cm from one to the next, and from the map
_PART_DE_LA_CARTE, _HAUT = 0.44, 0.9  # of the width of its box; cm that the legend takes over it
Point = tuple[float, float]


@dataclass(frozen=True)
class LieuPeint:
    """A place: its name, its rings in cm from the top left of the box, its tone."""

    nom: str
    contours: tuple[tuple[Point, ...], ...]
    ton: str


@dataclass(frozen=True)
class Renvoi:
    """What is said of a place beside the map: where its line ends (`bout`), where its place is; on the left or not."""

    dit: str
    bout: Point
    lieu: Point
    est_a_gauche: bool


@dataclass(frozen=True)
class CarteDessinee:
    """`legende`: the classes that are on it, and their tones; `quoi`: what they say."""

    nom: str
    quoi: str
    lieux: tuple[LieuPeint, ...]
    legende: tuple[tuple[str, str], ...]
    renvois: tuple[Renvoi, ...]


def draw(
    nom: str,
    quoi: str,
    classes: Mapping[str, str],
    tons: Mapping[str, str],
    dits: Sequence[tuple[str, str, float]],
    boite: tuple[float, float],
) -> CarteDessinee:
    """`classes`: of each commune, by code; `dits`: its code, what is said of it, how much it counts; `boite`: in cm."""
    connus = {code: lieu for code, lieu in formes.communes().items() if code in classes}
    project = _projection(list(connus.values()), boite)
    lieux = tuple(
        LieuPeint(x.nom, tuple(tuple(project(*p[:2]) for p in poly[0]) for poly in x.polygones), tons[classes[code]])
        for code, x in connus.items()
    )
    ranges = sorted((d for d in dits if d[0] in connus), key=lambda d: -d[2])
    tu = max((poids for *_, poids in ranges[2 * _NOMMES_PAR_COTE :]), default=-math.inf)
    # No smaller number is written where a larger one, or its equal, is not.
    nommes = [(dit, project(connus[c].longitude, connus[c].latitude)) for c, dit, poids in ranges if poids > tu]
    presentes = {classes[code] for code in connus}
    legende = tuple((classe, ton) for classe, ton in tons.items() if classe in presentes)
    return CarteDessinee(nom, quoi, lieux, legende, tuple(_set_beside(nommes[: 2 * _NOMMES_PAR_COTE], lieux, boite)))


def _projection(lieux: Sequence[LieuDeCouche], boite: tuple[float, float]) -> Callable[[float, float], Point]:
    """Degrees → cm, north up, the places in the middle of the box."""
    largeur, hauteur = _PART_DE_LA_CARTE * boite[0], boite[1] - _HAUT
    ouest, est = min(x.ouest for x in lieux), max(x.est for x in lieux)
    sud, nord = min(x.sud for x in lieux), max(x.nord for x in lieux)
    aplati = math.cos(math.radians((sud + nord) / 2))  # a degree of longitude beside one of latitude
    echelle = min(largeur / ((est - ouest) * aplati), hauteur / (nord - sud))

    def project(longitude: float, latitude: float) -> Point:
        x = boite[0] / 2 + (longitude - (ouest + est) / 2) * aplati * echelle
        y = _HAUT + hauteur / 2 + ((sud + nord) / 2 - latitude) * echelle
        return round(x, 3), round(y, 3)

    return project


def _set_beside(
    nommes: Sequence[tuple[str, Point]], lieux: Sequence[LieuPeint], boite: tuple[float, float]
) -> list[Renvoi]:
    """On both sides of the map, from top to bottom as their places are: over one smaller than itself, a name would be
    over its neighbours."""
    cotes: dict[bool, list[tuple[str, Point]]] = {True: [], False: []}
    for nomme in nommes:
        est_a_gauche = nomme[1][0] < boite[0] / 2
        cotes[est_a_gauche if len(cotes[est_a_gauche]) < _NOMMES_PAR_COTE else not est_a_gauche].append(nomme)
    abscisses = [x for lieu in lieux for contour in lieu.contours for x, _ in contour]
    renvois = []
    for est_a_gauche, siens in cotes.items():
        bord = min(abscisses) - _ECART if est_a_gauche else max(abscisses) + _ECART
        haut = _HAUT + _PAS / 2
        siens.sort(key=lambda n: n[1][1])
        for rang, (dit, lieu) in enumerate(siens):
            # As near its place as those that follow leave it.
            y = max(haut, min(lieu[1], boite[1] - _PAS * (len(siens) - rang - 0.5)))
            renvois.append(Renvoi(dit, (bord, y), lieu, est_a_gauche))
            haut = y + _PAS
    return renvois
