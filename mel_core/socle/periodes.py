"""Séances, periods and reference dates (contract §2)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from mel_core.socle.erreurs import AppelIncorrect

_SEANCE = re.compile(r"^(\d{4})S([12])$")


@dataclass(frozen=True, order=True)
class Seance:
    """A semester: `2017S2` is the bails signed from 2017-07-01 to 2017-12-31."""

    annee: int
    semestre: int

    @classmethod
    def read(cls, texte: str) -> Seance:
        trouve = _SEANCE.match(texte)
        if trouve is None or not 1970 <= int(trouve[1]) <= 9998:
            raise AppelIncorrect(
                f"La séance « {texte} » n’existe pas : écrire l’année puis S1 ou S2, par exemple 2017S2."
            )
        return cls(int(trouve[1]), int(trouve[2]))

    @classmethod
    def du(cls, jour: date) -> Seance:
        return cls(jour.year, 1 if jour.month <= 6 else 2)

    def __str__(self) -> str:
        return f"{self.annee}S{self.semestre}"

    @property
    def rang(self) -> int:
        """Semesters since the year 0: one more for the next."""
        return self.annee * 2 + self.semestre - 1

    @classmethod
    def de_rang(cls, rang: int) -> Seance:
        return cls(rang // 2, rang % 2 + 1)

    @property
    def debut(self) -> date:
        return date(self.annee, 1 if self.semestre == 1 else 7, 1)

    @property
    def fin(self) -> date:
        """The last day of the semester: the date de référence of stocks and segments unless another is given."""
        return date(self.annee, 6, 30) if self.semestre == 1 else date(self.annee, 12, 31)

    @property
    def precedente(self) -> Seance:
        return Seance.de_rang(self.rang - 1)

    @property
    def suivante(self) -> Seance:
        return Seance.de_rang(self.rang + 1)


@dataclass(frozen=True)
class Periode:
    """The bails that count: from `debut` to `fin`, both included."""

    debut: date
    fin: date

    @classmethod
    def de(cls, seance: Seance | str, etendue: str = "semestre") -> Periode:
        """`semestre`: the séance's own; `annee`: the 12 months up to its end (the deck's objectives are annual)."""
        seance = Seance.read(seance) if isinstance(seance, str) else seance
        if etendue == "semestre":
            return cls(seance.debut, seance.fin)
        if etendue == "annee":
            return cls(seance.precedente.debut, seance.fin)
        raise AppelIncorrect(f"La période « {etendue} » n’existe pas : choisir semestre ou annee.")

    @classmethod
    def de_mois(cls, seance: Seance, n_mois: int) -> Periode:
        """The `n_mois` (a multiple of six) up to the end of `seance`."""
        premiere = seance
        for _ in range(n_mois // 6 - 1):
            premiere = premiere.precedente
        return cls(premiere.debut, seance.fin)

    @property
    def annees(self) -> range:
        """The calendar years that the period touches."""
        return range(self.debut.year, self.fin.year + 1)

    @property
    def n_mois(self) -> int:
        """How many calendar months it touches: 6 for a semester, 12 for a year."""
        return _rang_du_mois(self.fin) - _rang_du_mois(self.debut) + 1

    def mois_couverts(self, premiere: date, derniere: date) -> int:
        """The months of the period from that of `premiere` to that of `derniere`, the dates that a table holds."""
        debut, fin = max(self.debut, premiere), min(self.fin, derniere)
        return max(_rang_du_mois(fin) - _rang_du_mois(debut) + 1, 0)

    def __contains__(self, jour: date) -> bool:
        return self.debut <= jour < self.fin + timedelta(days=1)


def _rang_du_mois(jour: date) -> int:
    return jour.year * 12 + jour.month


def step_back(jour: date, mois: int) -> date:
    """`jour` − N months, clamped to the month's end: one month before 2016-03-31 is 2016-02-29."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 - mois, 12)
    if annee < date.min.year:
        return date.min
    return date(annee, rang + 1, min(jour.day, calendar.monthrange(annee, rang + 1)[1]))


_FERIES_FIXES = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_APRES_PAQUES = (1, 39, 50)  # Monday, Ascension, Whit Monday


def est_ouvre(jour: date) -> bool:
    """Whether one works that day: neither a weekend nor one of the eleven public holidays."""
    paques = (pd.Timestamp(jour.year, 1, 1) + pd.offsets.Easter()).date()
    feries = {date(jour.year, mois, n) for mois, n in _FERIES_FIXES} | {
        paques + timedelta(days=n) for n in _APRES_PAQUES
    }
    return jour.weekday() < 5 and jour not in feries


def add_ouvres(jour: date, n: int) -> date:
    """The `n`th working day after `jour`."""
    while n > 0:
        jour += timedelta(days=1)
        n -= est_ouvre(jour)
    return jour
