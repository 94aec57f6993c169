"""Segments of active applicants at a reference date: rules as data, counts, lists with their reasons."""

from mel_core.segments.calcul_segments import CLES, TRIS, count, count_par, find_all
from mel_core.segments.champs import CHAMPS, Champ, Operateur
from mel_core.segments.compilation import Criteres
from mel_core.segments.croisements import (
    DRAPEAUX,
    Recouvrements,
    completude,
    drapeaux,
    recouvrements,
)
from mel_core.segments.libre import Condition, SegmentLibre
from mel_core.segments.profil import AXES, Servables, profil, servables, tension
from mel_core.segments.regles_segments import SEGMENTS, Segment, titre_de

__all__ = [
    "AXES",
    "CHAMPS",
    "CLES",
    "DRAPEAUX",
    "SEGMENTS",
    "TRIS",
    "Champ",
    "Condition",
    "Criteres",
    "Operateur",
    "Recouvrements",
    "Segment",
    "SegmentLibre",
    "Servables",
    "completude",
    "count",
    "count_par",
    "drapeaux",
    "find_all",
    "profil",
    "recouvrements",
    "servables",
    "tension",
    "titre_de",
]
