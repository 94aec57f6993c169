"""Where names may be written on a drawing without touching."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

import pandas as pd

from pages.commun.images.fond import Repere, reperes

_LETTRES_MIN = 6  # a short name has a number under it that is as wide


class Places:
    """Boxes taken on a drawing (centre, half width, one height for all): a new one is refused where it touches."""

    def __init__(self, prises: list[tuple[float, float, float]], hauteur: float) -> None:
        self._prises = list(prises)
        self._hauteur = hauteur

    def take(self, x: float, y: float, demi: float) -> bool:
        if any(abs(x - x2) < demi + demi2 and abs(y - y2) < self._hauteur for x2, y2, demi2 in self._prises):
            return False
        self._prises.append((x, y, demi))
        return True


def pixels(lieux: list[Repere], largeur: float, hauteur: float) -> tuple[float, float]:
    """Pixels per degree of longitude and of latitude of a map that fits these communes in this area."""
    sud, nord = min(x.sud for x in lieux), max(x.nord for x in lieux)
    resserrement = math.cos(math.radians((sud + nord) / 2))
    etendue = (max(x.est for x in lieux) - min(x.ouest for x in lieux)) * resserrement
    echelle = min(largeur / etendue, hauteur / (nord - sud))
    return echelle * resserrement, echelle


def put_label(
    voulues: Iterable[tuple[str, str, str]],
    communes: Collection[str],
    surface: tuple[float, float],
    n_max: int,
    demi_lettre: float,
) -> pd.DataFrame:
    """The labels of a map of `communes` drawn in `surface` (pixels): the first ones of `voulues` that do not touch.

    `voulues`: commune, its name, its value, the most wanted first. One row per label kept, at most `n_max`:
    `longitude`, `latitude`, `nom`, `valeur`.
    """
    connus = {code: repere for code, repere in reperes().items() if code in communes}
    retenues: list[tuple[float, float, str, str]] = []
    if connus:
        en_x, en_y = pixels(list(connus.values()), *surface)
        places = Places([], hauteur=36)
        for code, nom, valeur in voulues:
            if code not in connus or len(retenues) == n_max:
                continue
            repere = connus[code]
            demi = demi_lettre * max(len(nom), _LETTRES_MIN)
            if places.take(repere.longitude * en_x, repere.latitude * en_y, demi):
                retenues.append((repere.longitude, repere.latitude, nom, valeur))
    return pd.DataFrame(retenues, columns=["longitude", "latitude", "nom", "valeur"])
