"""How far counts stray by chance when cells differ from one another more than chance alone would have it.

Communes, résidences and bailleurs differ for reasons that are no anomaly. Limits that ignore it cry wolf on every large
cell (Spiegelhalter, 2005). Two laws carry that overdispersion: the beta-binomial for a share (the share itself varies
from cell to cell), the negative binomial for a count set against an expected one. `dispersion` is how much the cells
vary, and is estimated so that the few anomalies sought do not inflate it. Pure: arrays in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Nombres = NDArray[np.float64]
Entiers = NDArray[np.int64]

AUCUNE = 1e-6  # as good as no overdispersion at all, without a law of its own
MAXIMUM = 0.5
_COUPE = 1.281551565544600  # normal scores are cut at the 10th and 90th centiles
_PAS = 8  # halvings of the logarithmic scale from AUCUNE to MAXIMUM: the value to 5 %


class Loi(Protocol):
    """A law of one count per cell. `cellules` and `valeurs` go together: cell i takes the value j."""

    @property
    def moyennes(self) -> Nombres: ...

    @property
    def maxima(self) -> Entiers:
        """The last value that is worth looking at in each cell."""

    def distinctes(self) -> tuple[Loi, Entiers]:
        """The cells that differ, and which of them each cell is: many small ones are alike."""

    def probabilites(self, cellules: Entiers, valeurs: Entiers, dispersion: float) -> Nombres: ...


@dataclass(frozen=True)
class BetaBinomiale:
    """`n` trials in each cell at the mean share `p`; `dispersion` is the correlation of two trials of one cell."""

    n: Entiers
    p: Nombres

    @property
    def moyennes(self) -> Nombres:
        return self.n * self.p

    @property
    def maxima(self) -> Entiers:
        return self.n

    def distinctes(self) -> tuple[Loi, Entiers]:
        seules, ou = np.unique(np.column_stack([self.n, self.p]), axis=0, return_inverse=True)
        return BetaBinomiale(seules[:, 0].astype(np.int64), seules[:, 1]), ou.ravel()

    def probabilites(self, cellules: Entiers, valeurs: Entiers, dispersion: float) -> Nombres:
        from scipy.special import betaln

        n, taille = self.n[cellules], (1 - dispersion) / dispersion
        a, b = self.p[cellules] * taille, (1 - self.p[cellules]) * taille
        choix = -np.log1p(n) - betaln(valeurs + 1, n - valeurs + 1)
        probabilites: Nombres = np.exp(choix + betaln(valeurs + a, n - valeurs + b) - betaln(a, b))
        return probabilites


@dataclass(frozen=True)
class BinomialeNegative:
    """A count whose expected value is `attendus`; `dispersion` is the squared relative spread between cells."""

    attendus: Nombres

    @property
    def moyennes(self) -> Nombres:
        return self.attendus

    @property
    def maxima(self) -> Entiers:
        return np.full(len(self.attendus), np.iinfo(np.int64).max, dtype=np.int64)

    def distinctes(self) -> tuple[Loi, Entiers]:
        seuls, ou = np.unique(self.attendus, return_inverse=True)
        return BinomialeNegative(seuls), ou.ravel()

    def probabilites(self, cellules: Entiers, valeurs: Entiers, dispersion: float) -> Nombres:
        from scipy.special import betaln

        # The law of Γ(1/d + j) / (Γ(1/d) j!), written with beta functions, which stay exact when 1/d is huge.
        forme, exces = 1 / dispersion, dispersion * self.attendus[cellules]
        logs = -betaln(forme, valeurs + 1) - np.log(forme + valeurs)
        logs += valeurs * (np.log(exces) - np.log1p(exces)) - forme * np.log1p(exces)
        probabilites: Nombres = np.exp(logs)
        return probabilites


def dispersion(loi: Loi, observes: Entiers) -> float:
    """How much the cells vary beyond chance, from `AUCUNE` to `MAXIMUM`.

    Huber's proposal 2: the value for which the squared normal scores of the cells, each cut at the 10th and 90th
    centiles, are on average what the law itself gives. An anomaly weighs no more than a cell at the 90th centile.
    """
    scores = _Scores.de(loi, observes)
    if scores.exces(AUCUNE) <= 0:
        return AUCUNE
    bas, haut = np.log(AUCUNE), np.log(MAXIMUM)
    for _ in range(_PAS):
        milieu = (bas + haut) / 2
        if scores.exces(float(np.exp(milieu))) > 0:
            bas = milieu
        else:
            haut = milieu
    return float(np.exp(haut))


@dataclass(frozen=True)
class _Scores:
    """Normal scores of the values that the distinct cells of `loi` may take, end to end in `cellules` and `valeurs`."""

    loi: Loi
    cellules: Entiers
    valeurs: Entiers
    debuts: Entiers  # where the values of each distinct cell begin
    observes: Entiers  # where the value of each observed cell is
    ou: Entiers  # which distinct cell each observed one is

    @classmethod
    def de(cls, loi: Loi, observes: Entiers) -> _Scores:
        loi, ou = loi.distinctes()
        # Beyond that end every score is cut: the mean and four of the widest standard deviations that a cell may have.
        ecart = np.sqrt(loi.moyennes) * (1 + 0.3 * np.sqrt(loi.moyennes))
        fins = np.ceil(loi.moyennes + 4 * ecart + 10).astype(np.int64)
        np.maximum.at(fins, ou, observes)
        cellules, valeurs = _derouler(np.minimum(fins, loi.maxima))
        debuts = np.flatnonzero(valeurs == 0)
        return cls(loi, cellules, valeurs, debuts, debuts[ou] + observes, ou)

    def exces(self, d: float) -> float:
        """Mean squared cut score observed, less the one that the law expects."""
        from scipy.special import ndtri

        p = self.loi.probabilites(self.cellules, self.valeurs, d)
        avant = np.cumsum(p) - p
        milieux = avant - avant[self.debuts][self.cellules] + p / 2
        carres = np.clip(ndtri(np.clip(milieux, 1e-9, 1 - 1e-9)), -_COUPE, _COUPE) ** 2
        reste = (1 - np.add.reduceat(p, self.debuts)).clip(min=0)
        attendus = np.add.reduceat(p * carres, self.debuts) + reste * _COUPE**2
        return float(np.mean(carres[self.observes] - attendus[self.ou]))


def _derouler(fins: Entiers) -> tuple[Entiers, Entiers]:
    """Cells and values 0…fin of each, one after the other (−1: no value)."""
    longueurs = fins + 1
    cellules = np.repeat(np.arange(len(fins)), longueurs)
    valeurs = np.arange(len(cellules)) - np.repeat(np.cumsum(longueurs) - longueurs, longueurs)
    return cellules, valeurs


def queue_basse(loi: Loi, observes: Entiers, d: float) -> Nombres:
    """Chance of a count as low as the observed one, or lower."""
    cellules, valeurs = _derouler(observes)
    return np.bincount(cellules, loi.probabilites(cellules, valeurs, d), len(observes)).clip(max=1)


def queue_haute(loi: Loi, observes: Entiers, d: float) -> Nombres:
    """Chance of a count as high as the observed one, or higher (a law with a last value)."""
    cellules, valeurs = _derouler(observes - 1)
    p = 1 - np.bincount(cellules, loi.probabilites(cellules, valeurs, d), len(observes))
    # Tails too thin for a difference with 1 are summed as they are.
    fines = np.flatnonzero(p < 1e-8)
    cellules, rangs = _derouler(loi.maxima[fines] - observes[fines])
    vraies = loi.probabilites(fines[cellules], observes[fines][cellules] + rangs, d)
    p[fines] = np.bincount(cellules, vraies, len(fines))
    return p.clip(0, 1)


def limite_haute(loi: Loi, d: float, niveau: float) -> Entiers:
    """The largest count of each cell that is not beyond the limit: a higher one has a chance of at most `niveau`."""
    cellules, valeurs = _derouler(loi.maxima)
    p = loi.probabilites(cellules, valeurs, d)
    limites = np.zeros(len(loi.moyennes), dtype=np.int64)
    for i in range(len(limites)):
        # Chances of at least j, for j = 1, 2… : summed from the thin end.
        au_moins = np.cumsum(p[cellules == i][::-1])[::-1]
        limites[i] = int((au_moins[1:] > niveau).sum())
    return limites


def limite_basse(loi: Loi, d: float, niveau: float) -> Entiers:
    """The smallest count of each cell that is not beyond the limit: a lower one has a chance of at most `niveau`."""
    cellules, valeurs = _derouler(np.ceil(loi.moyennes).astype(np.int64))
    p = loi.probabilites(cellules, valeurs, d)
    limites = np.zeros(len(loi.moyennes), dtype=np.int64)
    for i in range(len(limites)):
        limites[i] = int((np.cumsum(p[cellules == i]) <= niveau).sum())
    return limites
