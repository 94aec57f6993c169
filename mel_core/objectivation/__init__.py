"""Evidence for a blocage reported, and blocages that nobody reported."""

from mel_core.objectivation.atelier import Constat
from mel_core.objectivation.detection import detecter, secteur_et_profil
from mel_core.objectivation.dossier import Dossier, reunir
from mel_core.objectivation.secteur import Profil, Secteur

__all__ = ["Constat", "Dossier", "Profil", "Secteur", "detecter", "reunir", "secteur_et_profil"]
