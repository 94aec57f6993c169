"""Evidence for a blocage reported, and blocages that nobody reported."""

from mel_core.objectivation.detection import detecter

__all__ = ["detecter"]
