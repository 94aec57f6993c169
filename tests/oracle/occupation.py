"""The stock's occupants, cell by cell: what the entrants are set against (contract §4, `entrants_occupants`)."""

from __future__ import annotations

from fractions import Fraction

from tests.oracle.qualification import INCONNU, Ligne, Reference, enjeu, officielle

OCCUPANTS = tuple(f"n_occupants_{c}" for c in ("tres_modestes", "modestes", "intermediaires", "eleves"))
COUPES_DU_PARC = frozenset(
    {"quartier", "fragilite", "fragilite_commune", "commune", "bailleur"}
    | {"residence", "territoire", "ici", "qpv", "financement", "enjeu_mixite", "typologie_fragilite"}
)
SANS_COMMUNE = dict.fromkeys(("commune", "territoire", "ici", "fragilite_commune", "typologie_fragilite"), INCONNU)


def _locate(residence: Ligne, reference: Reference) -> Ligne:
    quartier = reference.quartiers.get(residence["code_quartier"])
    commune = reference.de_la_commune(officielle(quartier["code_insee"])) if quartier else SANS_COMMUNE
    return {
        **commune,
        **reference.du_quartier(residence["code_quartier"], residence),
        "bailleur": residence["code_bailleur"],
        "residence": residence["code_residence"],
        "financement": residence.get("financement") or INCONNU,
        "enjeu_mixite": enjeu(residence),
    }


def part_occupants(cle: dict[str, str], reference: Reference, filtres: dict[str, str]) -> Fraction | None:
    """Modest among known occupants of the résidences of the cell; empty when the stock can't be cut so."""
    if not cle.keys() <= COUPES_DU_PARC:
        return None
    modestes = connus = 0
    for residence in reference.residences.values():
        effectifs = [residence.get(nom) for nom in OCCUPANTS]
        situation = _locate(residence, reference)
        exigences = (*filtres.items(), *cle.items())
        if None in effectifs or any(situation[nom] != valeur for nom, valeur in exigences):
            continue
        modestes += effectifs[0] + effectifs[1]
        connus += sum(effectifs)
    return Fraction(modestes, connus) if connus else None
