"""Segments of active applicants at a reference date: rules as data, counts, lists with their reasons."""

from mel_core.segments.calcul import CLES, Criteres, compter, compter_par, lister
from mel_core.segments.regles import SEGMENTS, Segment

__all__ = ["CLES", "SEGMENTS", "Criteres", "Segment", "compter", "compter_par", "lister"]
