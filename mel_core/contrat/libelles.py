"""The words of the codes: what a question says beside each of them."""

from __future__ import annotations

from collections.abc import Mapping

from mel_core.contrat.tables import MOTIFS_DEMANDE, STATUTS_LOGEMENT
from mel_core.socle.appellations import TYPOLOGIES_DITES

STATUTS = dict(
    zip(
        STATUTS_LOGEMENT,
        (
            "locataire HLM",
            "locataire privé",
            "résidence sociale ou foyer",
            "résidence hôtelière à vocation sociale",
            "résidence étudiante",
            "sous-locataire ou hébergé temporairement",
            "structure d’hébergement",
            "centre départemental de l’enfance",
            "chez parents ou enfants",
            "chez un particulier",
            "logé gratuitement",
            "logement de fonction",
            "propriétaire occupant",
            "camping ou caravane",
            "hôtel",
            "sans abri",
            "squat",
        ),
        strict=True,
    )
)
MOTIFS = dict(
    zip(
        MOTIFS_DEMANDE,
        (
            "sans logement",
            "démolition",
            "logement non décent",
            "logement repris ou vendu",
            "procédure d’expulsion",
            "violences familiales",
            "handicap",
            "raisons de santé",
            "logement trop cher",
            "logement trop grand",
            "divorce, séparation",
            "décohabitation",
            "logement trop petit",
            "mariage ou PACS",
            "regroupement familial",
            "assistant maternel",
            "environnement ou voisinage",
            "mutation professionnelle",
            "rapprochement du travail",
            "rapprochement des services",
            "rapprochement de la famille",
            "accédant en difficulté",
            "autre motif",
        ),
        strict=True,
    )
)

# Column → code → its words; a column whose codes are words has none.
LIBELLES: dict[str, dict[str, str]] = {
    "statut_logement": STATUTS,
    "motif": MOTIFS,
    "motif_radiation": {
        "RADATT": "attribution d’un logement",
        "RADREN": "non-renouvellement",
        "RADABA": "abandon",
        "RADCON": "impossibilité de contacter le demandeur",
        "RADIRR": "irrecevabilité",
    },
    "reservataire": {
        "COLTER": "collectivité territoriale",
        "COLACT": "Action Logement",
        "PPRIOR": "préfet, publics prioritaires",
        "PFONCT": "préfet, fonctionnaires",
        "AUTRES": "autre réservataire",
        "AUCUN": "sans réservataire",
    },
    "critere_mutation": {
        "SOUS_OCCUPATION": "sous-occupation",
        "SUR_OCCUPATION": "sur-occupation",
        "ECONOMIQUE": "économique",
        "HANDICAP_SANTE": "handicap ou santé",
        "ENVIRONNEMENT": "environnement",
        "VIOLENCES": "violences",
        "DELAI": "délai d’attente",
        "AUTRE": "autre critère",
    },
    "typologies": TYPOLOGIES_DITES,
}


def libelles(colonne: str) -> Mapping[str, str]:
    """The words of the codes of a column; empty when they speak for themselves."""
    return LIBELLES.get(colonne, {})


def say(colonne: str, code: str) -> str:
    """`11 divorce, séparation`."""
    libelle = libelles(colonne).get(code, "")
    return f"{code} {libelle}" if libelle else code
