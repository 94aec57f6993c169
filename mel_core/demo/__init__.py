"""The fictitious jeu de données: seeded, calibrated, with the dirt of real files."""

from mel_core.demo.contours_fictifs import publier_contours
from mel_core.demo.generation import generer

__all__ = ["generer", "publier_contours"]
