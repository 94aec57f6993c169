"""Dated targets, ceilings, thresholds and class bounds, each with its source."""

from mel_core.objectifs.parametres import Parametres

__all__ = ["Parametres"]
