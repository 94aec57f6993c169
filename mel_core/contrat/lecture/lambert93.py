"""Lambert-93 (EPSG:2154) to longitude and latitude: the closed formulas of IGN (NT/G 71), to a millimetre.

RGF93 and WGS 84 differ by less than a metre. `pyproj`, which knows thousands of projections, is 33 MB for this one.
"""

from __future__ import annotations

from math import asin, atan, atan2, atanh, degrees, exp, hypot, log, pi, sin, tanh

_N, _C, _XS, _YS = 0.7256077650532670, 11_754_255.4260960, 700_000.0, 12_655_612.0498760
_E = 0.0818191910428158  # eccentricity of GRS 80
_MERIDIEN = 3.0
_TOURS = 6  # of the latitude: each divides the error by 150
X, Y = (0, 1_300_000), (6_000_000, 7_200_000)  # metres, mainland France


def est_dedans(x: float, y: float) -> bool:
    return X[0] <= x <= X[1] and Y[0] <= y <= Y[1]


def en_degres(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point of mainland France, in degrees."""
    isometrique = -log(hypot(x - _XS, y - _YS) / _C) / _N
    latitude = 2 * atan(exp(isometrique)) - pi / 2
    for _ in range(_TOURS):
        latitude = asin(tanh(isometrique + _E * atanh(_E * sin(latitude))))
    return _MERIDIEN + degrees(atan2(x - _XS, _YS - y)) / _N, degrees(latitude)
