"""The standing views: construction, occupation of the stock, reception network, referential of fragilité."""

from mel_core.indicateurs.suivi.lecture_suivi_territoires import (
    accueil,
    operations,
    quartiers,
    referentiel,
    residences,
)

__all__ = ["accueil", "operations", "quartiers", "referentiel", "residences"]
