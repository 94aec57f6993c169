"""What a complaint is about, by its words: the measure of the evidence that bears on it, or that no column has it and
which one comes nearest."""

from __future__ import annotations

import re
from typing import NamedTuple


class Plainte(NamedTuple):
    """`mesure`: of `dossier_preuves.MESURES`. `absent`: what no column has, of which `mesure` is the nearest; empty
    where it measures the complaint itself."""

    mesure: str
    absent: str = ""


# What no column has first: « on refuse, le loyer est trop cher » is about the loyer.
_MOTS = (
    (r"loyers?|quittances?|charges?|apl|taux d.effort|cher|chers|chère|chères", Plainte("refus_rang_1", "le loyer")),
    (
        r"voisinage|voisins?|sécurité|insécurité|incivilités?|nuisances?|trafics?",
        Plainte("refus_rang_1", "le cadre de vie"),
    ),
    (r"travaux|humidité|insalubres?|ascenseurs?|vétustes?|chauffage", Plainte("vacance", "l’état des logements")),
    (r"accessibles?|accessibilité|pmr|fauteuils?", Plainte("refus_rang_1", "l’accessibilité des logements")),
    (r"écoles?|crèches?|transports?|bus|métro|parkings?|stationnement", Plainte("tension", "les équipements")),
    (r"vacants?|vacance|vides?|inoccupés?", Plainte("vacance")),
    (
        r"(?:commissions?|cal|caleol) (?:\w+ )?(?:refuse|refusent|écarte|écartent|ajourne|ajournent)|"
        r"(?:refus|refusés?|refusées?) (?:en|par|de|des)(?: la| les)? (?:commissions?|cal|caleol)|"
        r"non.attributions?|ajournements?|ajournés?",
        Plainte("non_attribution"),
    ),
    (r"refus|refuse|refusent|refusés?|refusées?|désistements?", Plainte("refus_rang_1")),
    (r"commissions?|cal|caleol", Plainte("non_attribution")),
    (r"contingents?|réservataires?|préfecture", Plainte("contingent")),
    (r"attend|attendent|attente|ancienneté|sans proposition", Plainte("attente")),
    (r"délais?|trop longs?|trop longue", Plainte("delai")),
    (r"libère|libèrent|rotation|offre|pénurie|manque de logements|trop peu de logements", Plainte("tension")),
)
_MOTIFS = tuple((re.compile(rf"\b(?:{mots})\b", re.IGNORECASE), plainte) for mots, plainte in _MOTS)


def read(texte: str) -> Plainte | None:
    """None where its words tell nothing."""
    return next((plainte for motif, plainte in _MOTIFS if motif.search(texte)), None)
