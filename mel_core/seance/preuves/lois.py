"""How far counts stray by chance when cells differ from one another more than chance alone would have it.

Communes, résidences and bailleurs differ for reasons that are no anomaly. Limits that ignore it cry wolf on every large
cell (Spiegelhalter, 2005). Two laws carry that overdispersion: the beta-binomial for a share, which itself varies from
cell to cell, and the Poisson-lognormal for a count set against an expected one. `dispersion` is how much the cells
vary. It is the value for which their squared normal scores, each cut at the 10th and 90th centiles, are on average what
the law itself gives (Huber's proposal 2): an anomaly weighs no more than a cell at the 90th centile, so that the few
that are sought do not hide themselves. Pure: arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Nombres = NDArray[np.float64]
Entiers = NDArray[np.int64]
Dispersion = float | Nombres  # one for all cells, or one for each

AUCUNE = 1e-6  # as good as no overdispersion at all, without a law of its own
MAXIMUM = 0.5
_COUPE = 1.281551565544600  # a normal score at the 90th centile
_CARRE_COUPE = 0.678653  # mean square of a normal score cut there on both sides
_PAS = 8  # halvings of the logarithmic scale from AUCUNE to MAXIMUM: the value to 5 %


def _solve(exces: Callable[[float], float]) -> float:
    """The dispersion at which `exces`, which decreases, is 0; `AUCUNE` when it never is positive."""
    if exces(AUCUNE) <= 0:
        return AUCUNE
    bas, haut = np.log(AUCUNE), np.log(MAXIMUM)
    for _ in range(_PAS):
        milieu = (bas + haut) / 2
        bas, haut = (milieu, haut) if exces(float(np.exp(milieu))) > 0 else (bas, milieu)
    return float(np.exp(haut))


def _carres(chances: Nombres) -> Nombres:
    """Squared normal scores, cut."""
    from scipy.special import ndtri

    carres: Nombres = np.clip(ndtri(np.clip(chances, 1e-9, 1 - 1e-9)), -_COUPE, _COUPE) ** 2
    return carres


def _unroll(fins: Entiers) -> tuple[Entiers, Entiers]:
    """Cells and values 0…fin of each, one after the other (−1: no value)."""
    longueurs = fins + 1
    cellules = np.repeat(np.arange(len(fins)), longueurs)
    return cellules, np.arange(len(cellules)) - np.repeat(np.cumsum(longueurs) - longueurs, longueurs)


@dataclass(frozen=True)
class BetaBinomiale:
    """`n` trials in each cell at the mean share `p` (0–1 excluded); dispersion: correlation of two trials of a cell."""

    n: Entiers
    p: Nombres

    def _formes(self, dispersion: Dispersion) -> tuple[Nombres, Nombres]:
        """The shapes of SciPy's law, of what is counted and of what is not."""
        taille = (1 - np.asarray(dispersion)) / dispersion
        return self.p * taille, (1 - self.p) * taille

    def dispersion(self, observes: Entiers) -> float:
        from scipy.stats import betabinom

        # Many small cells are alike: each kind is worked out once.
        sortes, ou = np.unique(np.column_stack([self.n, self.p]), axis=0, return_inverse=True)
        ou = ou.ravel()
        loi = BetaBinomiale(sortes[:, 0].astype(np.int64), sortes[:, 1])
        # Beyond that end every score is cut: the mean and four of the widest standard deviations that a cell may have.
        moyennes = loi.n * loi.p
        fins = np.ceil(moyennes + 4 * np.sqrt(moyennes) * (1 + 0.3 * np.sqrt(moyennes)) + 10).astype(np.int64)
        np.maximum.at(fins, ou, observes)
        cellules, valeurs = _unroll(np.minimum(fins, loi.n))
        debuts = np.flatnonzero(valeurs == 0)

        def exces(d: float) -> float:
            a, b = loi._formes(d)
            p = betabinom.pmf(valeurs, loi.n[cellules], a[cellules], b[cellules])
            avant = np.cumsum(p) - p
            carres = _carres(avant - avant[debuts][cellules] + p / 2)
            reste = (1 - np.add.reduceat(p, debuts)).clip(min=0)
            attendus = np.add.reduceat(p * carres, debuts) + reste * _COUPE**2
            return float(np.mean(carres[debuts[ou] + observes] - attendus[ou]))

        return _solve(exces)

    def queue_haute(self, observes: Entiers, dispersion: Dispersion) -> Nombres:
        """Chance of a count as high as the observed one, or higher: of as few of the others, for tails are too thin
        for a difference with 1."""
        from scipy.stats import betabinom

        a, b = self._formes(dispersion)
        chances: Nombres = betabinom.cdf(self.n - observes, self.n, b, a)
        return chances

    def limite_haute(self, dispersion: Dispersion, niveau: float) -> Entiers:
        """The largest count of each cell within its limit: a higher one has a chance of at most `niveau`."""
        from scipy.stats import betabinom

        a, b = self._formes(dispersion)
        limites: Entiers = self.n - betabinom.ppf(niveau, self.n, b, a).astype(np.int64)
        return limites


@dataclass(frozen=True)
class PoissonLogNormale:
    """A count whose expected value is `attendus`; dispersion: variance of the logarithm of what multiplies it."""

    attendus: Nombres

    def cumul(self, cellules: Entiers, valeurs: Entiers, dispersion: Dispersion, pas: float = 0.1) -> Nombres:
        """Chance that cell i takes the value j or a lower one (−1: none), by the trapezoidal rule every `pas`."""
        from scipy.special import pdtr

        x = np.arange(-7, 7 + pas / 2, pas)
        poids = np.exp(-(x**2) / 2)
        d = np.broadcast_to(dispersion, self.attendus.shape)[cellules, None]
        facteurs = np.exp(np.sqrt(d) * x - d / 2)
        chances = pdtr(np.maximum(valeurs, 0)[:, None], self.attendus[cellules][:, None] * facteurs)
        cumul: Nombres = np.where(valeurs < 0, 0.0, chances @ (poids / poids.sum()))
        return cumul

    def dispersion(self, observes: Entiers) -> float:
        """For expected counts of five and more, whose scores are as good as normal."""
        toutes = np.arange(len(observes))

        def exces(d: float) -> float:
            chances = (self.cumul(toutes, observes - 1, d, 0.25) + self.cumul(toutes, observes, d, 0.25)) / 2
            return float(np.mean(_carres(chances))) - _CARRE_COUPE

        return _solve(exces)

    def queue_basse(self, observes: Entiers, dispersion: Dispersion) -> Nombres:
        """Chance of a count as low as the observed one, or lower."""
        return self.cumul(np.arange(len(observes)), observes, dispersion)

    def limite_basse(self, dispersion: Dispersion, niveau: float) -> Entiers:
        """The smallest count of each cell within its limit: a lower one has a chance of at most `niveau`."""
        cellules, valeurs = _unroll(np.ceil(self.attendus).astype(np.int64))
        hors = self.cumul(cellules, valeurs, dispersion) <= niveau
        return np.bincount(cellules, hors, len(self.attendus)).astype(np.int64)
