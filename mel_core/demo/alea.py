"""Draws that hit their total: a calibrated share must not depend on the luck of a seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vecteur = NDArray[Any]  # one value per row; a masked one is an empty cell
Colonnes = dict[str, Vecteur]  # of a table, by name

JOURS_PAR_MOIS = 30.4375


class Alea(np.random.Generator):
    """Draws that hit their total."""

    @classmethod
    def de(cls, graine: int | np.random.SeedSequence) -> Alea:
        return cls(np.random.PCG64(graine))

    def sample_exact(self, p: Vecteur) -> Vecteur:
        """One boolean per probability; how many are true is the sum of `p`, to the unit."""
        ordre = self.permutation(len(p))
        depart = self.random()
        cumul = np.floor(np.cumsum(p[ordre]) + depart)
        tires = np.empty(len(p), dtype=bool)
        tires[ordre] = np.diff(cumul, prepend=0) > 0
        return tires

    def sample_rangs(self, poids: Iterable[float], n: int) -> Vecteur:
        """`n` indices into `poids`, in its proportions, in random order."""
        cumul = np.cumsum(np.fromiter(poids, dtype=float))
        niveaux = (np.arange(n) + self.random()) / max(n, 1) * cumul[-1]
        return self.permutation(np.searchsorted(cumul, niveaux, side="right").clip(max=len(cumul) - 1))

    def sample_codes(self, poids: Mapping[str, float], n: int) -> Vecteur:
        """`n` keys of `poids`, in its proportions, in random order."""
        return np.array(list(poids))[self.sample_rangs(poids.values(), n)]


class Urne:
    """Weighted draws inside the group of each key."""

    def __init__(self, cle: Vecteur, poids: Vecteur) -> None:
        self.ordre: Vecteur = np.argsort(cle, kind="stable")
        self.cles = cle[self.ordre]
        self.cumul = np.concatenate([[0.0], np.cumsum(poids[self.ordre])])

    def sample(self, cle: Vecteur, alea: Alea, sinon_partout: bool = False) -> Vecteur:
        """A rank of the group of each key; where the group is empty or weighs nothing, −1, or one of all the ranks
        (`sinon_partout`)."""
        bas = self.cumul[np.searchsorted(self.cles, cle, side="left")]
        haut = self.cumul[np.searchsorted(self.cles, cle, side="right")]
        if sinon_partout:
            est_vide = haut <= bas
            bas, haut = np.where(est_vide, 0, bas), np.where(est_vide, self.cumul[-1], haut)
        niveau = bas + alea.random(len(cle)) * (haut - bas)
        place = np.searchsorted(self.cumul, niveau, side="right") - 1
        return np.where(haut > bas, self.ordre[place.clip(max=len(self.ordre) - 1)], -1)


def shift_to_mean(logits: Vecteur, moyenne: float) -> Vecteur:
    """Probabilities in the order of `logits` whose mean is `moyenne` (one constant is added to the logits)."""
    bas, haut = -30.0, 30.0
    for _ in range(50):
        milieu = (bas + haut) / 2
        if float(np.mean(1 / (1 + np.exp(-logits - milieu)))) < moyenne:
            bas = milieu
        else:
            haut = milieu
    return 1 / (1 + np.exp(-logits - bas))


def add_days(jours: Vecteur | np.datetime64, n: Vecteur) -> Vecteur:
    """Each day, `n` days later."""
    return jours + n.astype("int64").astype("timedelta64[D]")


def day(jour: date) -> np.datetime64:
    """A day as NumPy counts them."""
    return np.datetime64(jour, "D")


def months_before(jour: date, n: int) -> np.datetime64:
    """The last day of the month that comes `n` months before that of `jour`."""
    annee, mois = divmod(jour.year * 12 + jour.month - n, 12)
    return day(date(annee, mois + 1, 1)) - np.timedelta64(1, "D")


def empty(valeurs: Vecteur, vides: Vecteur) -> Vecteur:
    """`valeurs` where the cells of `vides` are unknown."""
    return np.ma.MaskedArray(valeurs, mask=vides)


def join(listes: Iterable[Vecteur]) -> Vecteur:
    """One column from several pieces, empty cells kept."""
    morceaux = list(listes)
    if any(isinstance(m, np.ma.MaskedArray) for m in morceaux):
        masques = [np.ma.getmaskarray(m) for m in morceaux]
        return empty(np.concatenate([np.ma.getdata(m) for m in morceaux]), np.concatenate(masques))
    return np.concatenate(morceaux)


def stack(tables: list[Colonnes]) -> Colonnes:
    """Tables of the same columns, one under the other."""
    return {nom: join(t[nom] for t in tables) for nom in tables[0]}


def take(table: Colonnes, lignes: Vecteur) -> Colonnes:
    """The rows of a table at these ranks."""
    return {nom: valeurs[lignes] for nom, valeurs in table.items()}
