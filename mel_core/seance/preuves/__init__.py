"""Evidence for a blocage reported, and blocages that nobody reported."""

from mel_core.seance.preuves.constats import Preuve
from mel_core.seance.preuves.detection import detect, secteur_et_profil
from mel_core.seance.preuves.dossier_preuves import DossierPreuves, gather
from mel_core.seance.preuves.secteur import ProfilBlocage, Secteur

__all__ = ["DossierPreuves", "Preuve", "ProfilBlocage", "Secteur", "detect", "gather", "secteur_et_profil"]
