"""Objectives and parameters on screen: what is in force and since when, and how a version is added."""

from mel_core.indicateurs.parametrage.ajout import add
from mel_core.indicateurs.parametrage.versions import versions

__all__ = ["add", "versions"]
