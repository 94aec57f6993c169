"""Segments of active applicants at a reference date: rules as data, counts, lists with their reasons."""

from mel_core.segments.calcul_segments import (
    Recouvrements,
    completude,
    count,
    count_par,
    drapeaux,
    find_all,
    order,
    order_poulidors,
    pseudonymes,
    recouvrements,
)
from mel_core.segments.champs import CHAMPS, Champ, Operateur
from mel_core.segments.compilation import Criteres, MenagesRetenus
from mel_core.segments.libre import Condition, SegmentLibre
from mel_core.segments.regles_segments import SEGMENTS, titre_de

__all__ = [
    "CHAMPS",
    "SEGMENTS",
    "Champ",
    "Condition",
    "Criteres",
    "MenagesRetenus",
    "Operateur",
    "Recouvrements",
    "SegmentLibre",
    "completude",
    "count",
    "count_par",
    "drapeaux",
    "find_all",
    "order",
    "order_poulidors",
    "pseudonymes",
    "recouvrements",
    "titre_de",
]
