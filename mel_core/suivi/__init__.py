"""The standing views: construction, occupation of the stock, reception network, referential of fragilité."""

from mel_core.suivi.lecture import accueil, entrants, operations, quartiers, referentiel, residences

__all__ = ["accueil", "entrants", "operations", "quartiers", "referentiel", "residences"]
