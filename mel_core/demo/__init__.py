"""The fictitious jeu de données: seeded, calibrated, with the dirt of real files."""

from mel_core.demo.generation import generate, publish_contours

__all__ = ["generate", "publish_contours"]
