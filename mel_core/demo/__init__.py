"""The fictitious jeu de données: seeded, calibrated, with the dirt of real files."""

from mel_core.demo.contours_fictifs import publish_contours
from mel_core.demo.generation import generate

__all__ = ["generate", "publish_contours"]
