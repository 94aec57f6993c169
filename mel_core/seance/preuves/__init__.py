"""Evidence for a blocage reported, and blocages that nobody reported."""

from mel_core.seance.preuves.atelier import Constat
from mel_core.seance.preuves.detection import detecter, secteur_et_profil
from mel_core.seance.preuves.dossier_preuves import Dossier, reunir
from mel_core.seance.preuves.secteur import Profil, Secteur

__all__ = ["Constat", "Dossier", "Profil", "Secteur", "detecter", "reunir", "secteur_et_profil"]
