"""The dated parameters that the contract states, as exact fractions, and the séance as a span of days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

SIGNATURE_CIET = date(2017, 3, 17)
LOI_EGALITE_CITOYENNETE = date(2017, 1, 27)


@dataclass(frozen=True)
class Cible:
    """A target in force from `depuis` on: a share, and the half-width of the band of the middle class."""

    indicateur: str
    depuis: date
    valeur: Fraction
    bande: Fraction = Fraction(1, 20)


@dataclass(frozen=True)
class Parametres:
    """What a jeu de données is judged by. `seuils` is € per unité de consommation and year, by year."""

    bornes: tuple[Fraction, Fraction, Fraction] = (Fraction(1, 5), Fraction(2, 5), Fraction(3, 5))
    fragilite_ips: dict[int, str] = field(default_factory=lambda: {4: "fragile", 3: "fragile", 2: "moyenne", 1: "sans"})
    seuils: dict[int, Fraction] = field(
        default_factory=lambda: {2024: Fraction(9324), 2025: Fraction(9427), 2026: Fraction(9456)}
    )
    cibles: tuple[Cible, ...] = (
        Cible("equilibre", SIGNATURE_CIET, Fraction(1, 2)),
        Cible("aci", SIGNATURE_CIET, Fraction(9, 20)),
        Cible("q1_hors_qpv", LOI_EGALITE_CITOYENNETE, Fraction(1, 4)),
        Cible("autres_en_qpv", LOI_EGALITE_CITOYENNETE, Fraction(1, 2)),
    )

    def cible(self, indicateur: str, jour: date) -> Cible | None:
        """The latest target in force on `jour`; the last listed wins at the same date."""
        en_vigueur = [c for c in self.cibles if c.indicateur == indicateur and c.depuis <= jour]
        recente = max((c.depuis for c in en_vigueur), default=None)
        return next((c for c in reversed(en_vigueur) if c.depuis == recente), None)


EMBARQUES = Parametres()


def bornes_de(seance: str, periode: str) -> tuple[date, date]:
    """First and last day of `2017S2`: its semester, or the 12 months up to its end."""
    annee, semestre = int(seance[:4]), seance[4:]
    if semestre == "S1":
        debut = date(annee, 1, 1) if periode == "semestre" else date(annee - 1, 7, 1)
        return debut, date(annee, 6, 30)
    return date(annee, 7, 1) if periode == "semestre" else date(annee, 1, 1), date(annee, 12, 31)
