"""The small world of an engagement: its steps, who signs, what it is acted on."""

from __future__ import annotations

from datetime import date

from mel_core.entrepot import Portee
from mel_core.journal import Auteur
from mel_core.seance.engagements import cohortes as c
from mel_core.seance.engagements.engagement_pris import Engagement, echeance_de
from mel_core.segments import Criteres
from mel_core.segments import find_all as find_all_segment
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE, ROUBAIX, attribution
from tests.seance.engagements.test_cohorte import evenement

S1, S2 = Seance(2017, 1), Seance(2017, 2)
AUTEUR = Auteur("Mme Dupont", "MEL")
SIX = (*(f"p{i}" for i in range(4)), "loge", "parti")
# Of somebody else, so that the events and the bails cover the semester that is judged.
AUTOUR = [evenement(90 + i, "autre", "AUTRE", jour) for i, jour in enumerate((date(2017, 7, 3), date(2018, 1, 2)))]
BAUX_AUTOUR = [
    attribution(90 + i, date_bail=jour, code_insee=ROUBAIX)
    for i, jour in enumerate((date(2017, 7, 2), date(2018, 1, 2)))
]


def engagement(entrepot, nombre=2, part=None) -> tuple[Engagement, object]:
    with entrepot.open(Portee.mel(), S1) as lecteur:
        cohorte = c.pin(find_all_segment(lecteur, "attente_24", Criteres(S1.fin)))
        acte = Engagement(
            *("attente_24", Criteres(S1.fin), S1, ""),
            nombre=nombre,
            flux=5,
            effectif=len(cohorte),
            echeance=echeance_de(S1),
            millesime=lecteur.instantane.identifiant,
            part=part,
            par_commune={LILLE: nombre},
        )
    return acte, cohorte
