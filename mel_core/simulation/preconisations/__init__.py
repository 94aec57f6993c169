"""What the objectives call for over the next six months: by quartier and résidence, offer against demand, QPV."""

from mel_core.simulation.preconisations.lieux_preconises import par_quartier, par_residence, peuplement
from mel_core.simulation.preconisations.offre import commissions, mutations_bloquees, offre_demande

__all__ = [
    "commissions",
    "mutations_bloquees",
    "offre_demande",
    "par_quartier",
    "par_residence",
    "peuplement",
]
