"""Contours of the quartiers, the QPV and the ICI: read from a GeoJSON, checked, published in the store."""

from mel_core.contrat.contours.couches import COUCHES
from mel_core.contrat.contours.lecture_contours import Lecture, read
from mel_core.contrat.contours.publication import Publies, publies, publish

__all__ = ["COUCHES", "Lecture", "Publies", "publies", "publish", "read"]
