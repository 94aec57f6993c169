"""What the objectives call for over the next six months: by quartier and résidence, offer against demand, QPV."""

from mel_core.simulation.preconisations.lieux_preconises import par_quartier, par_residence
from mel_core.simulation.preconisations.offre import mutations_bloquees, offre_demande
from mel_core.simulation.preconisations.qpv import commissions, peuplement

__all__ = [
    "commissions",
    "mutations_bloquees",
    "offre_demande",
    "par_quartier",
    "par_residence",
    "peuplement",
]
