"""The stock's occupants, cell by cell: what the entrants are set against (contract §4, `entrants_occupants`)."""

from __future__ import annotations

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


def occupants(cle: dict[str, str], reference: Reference, filtres: dict[str, str]) -> tuple[int, int] | None:
    """Modest and known occupants of the résidences of the cell; None when the stock can't be cut so, or has none."""
    if not cle.keys() <= COUPES_DU_PARC:
        return None
    modestes = connus = lues = 0
    for residence in reference.residences.values():
        effectifs = [residence.get(nom) for nom in OCCUPANTS]
        situation = _locate(residence, reference)
        exigences = (*filtres.items(), *cle.items())
        if None in effectifs or any(situation[nom] != valeur for nom, valeur in exigences):
            continue
        lues += 1
        modestes += effectifs[0] + effectifs[1]
        connus += sum(effectifs)
    return (modestes, connus) if lues else None
