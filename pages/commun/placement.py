"""Where names may be written on a drawing without touching."""

from __future__ import annotations

import math


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


def pixels(lieux: list[tuple[float, float]], largeur: float, hauteur: float) -> tuple[float, float]:
    """Pixels per degree of longitude and of latitude of a map that fits these places in this area."""
    longitudes, latitudes = zip(*lieux, strict=True)
    resserrement = math.cos(math.radians(sum(latitudes) / len(latitudes)))
    etendue_x = max(max(longitudes) - min(longitudes), 0.05) * resserrement
    etendue_y = max(max(latitudes) - min(latitudes), 0.05)
    echelle = min(largeur / etendue_x, hauteur / etendue_y)
    return echelle * resserrement, echelle
