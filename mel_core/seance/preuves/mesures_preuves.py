"""The measures of the evidence: what each is called, and what it counts, over what."""

from __future__ import annotations

from typing import NamedTuple

from mel_core.seance.preuves.constats import Constat
from mel_core.seance.preuves.secteur import TOUS_PROFILS
from mel_core.socle import langue


class MesurePreuve(NamedTuple):
    """`compte`: what is counted, or worked out; `sur`: of what it is a share (empty: it is none)."""

    titre: str
    compte: str
    sur: str = ""

    @property
    def definition(self) -> str:
        return f"{self.compte}, sur : {self.sur}" if self.sur else self.compte


MESURES = {
    "demande": MesurePreuve("Demandes", "demandes actives au dernier jour, qui souhaitent une commune du secteur"),
    "attente": MesurePreuve(
        "Plus de 24 mois sans proposition",
        "celles de plus de 24 mois sans proposition enregistrée",
        "demandes actives du secteur et du profil",
    ),
    "flux": MesurePreuve("Attributions de la période", "attributions (baux signés) dans le secteur"),
    "tension": MesurePreuve(
        "Demandes pour une attribution, par commune",
        "demandes actives, comptées dans chaque commune souhaitée",
        "attributions de la période",
    ),
    "passages": MesurePreuve("Passages en commission", "passages de candidats en commission d’attribution"),
    "refus_rang_1": MesurePreuve(
        "Premiers rangs refusés",
        "premiers rangs suivis d’un refus du demandeur dans les 60 jours, sur la même résidence (à défaut le même "
        "bailleur)",
        "candidats attribués au rang 1",
    ),
    "non_attribution": MesurePreuve(
        "Non-attributions en commission",
        "passages finis en non-attribution",
        "passages dont la décision est connue",
    ),
    "vacance": MesurePreuve("Logements vacants", "logements vacants", "logements dont la vacance est connue"),
    "vacance_3_mois": MesurePreuve(
        "Vacants depuis plus de 3 mois",
        "logements vacants depuis plus de 3 mois",
        "logements dont la durée de vacance est connue",
    ),
    "delai": MesurePreuve("Délai médian des logés", "médiane, du dépôt de la demande au bail, des attributions datées"),
    "anciennete": MesurePreuve("Ancienneté médiane des demandes", "médiane de l’ancienneté des demandes actives"),
    "contingent": MesurePreuve(
        "Premier contingent", "attributions du premier réservataire", "attributions du secteur et du profil"
    ),
}


def titre(constat: Constat) -> str:
    """The measure, and whose it is when it belongs to one: of a few households, a room is not told."""
    dit = constat.read("secteur")
    quoi = constat.quoi if dit is not None and not dit.total.est_tu else ""
    nom = MESURES[constat.mesure].titre + ("" if constat.est_du_profil else TOUS_PROFILS)
    return langue.typeset(f"{nom} : {quoi}") if quoi else nom
