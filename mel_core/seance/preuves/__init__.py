"""Evidence for a blocage reported, and blocages that nobody reported."""

from mel_core.seance.preuves.atelier import Constat
from mel_core.seance.preuves.detection import detect, secteur_et_profil
from mel_core.seance.preuves.dossier_preuves import Dossier, gather
from mel_core.seance.preuves.secteur import Profil, Secteur

__all__ = ["Constat", "Dossier", "Profil", "Secteur", "detect", "gather", "secteur_et_profil"]
