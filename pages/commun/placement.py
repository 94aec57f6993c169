"""Where names may be written on a drawing without touching."""

from __future__ import annotations

import math

from pages.commun.fond import Repere


class Places:
    """Boxes taken on a drawing (centre, half width, one height for all): a new one is refused where it touches."""

    def __init__(self, prises: list[tuple[float, float, float]], hauteur: float) -> None:
        self._prises = list(prises)
        self._hauteur = hauteur

    def prendre(self, x: float, y: float, demi: float) -> bool:
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
