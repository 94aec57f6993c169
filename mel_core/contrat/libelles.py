"""The words of the codes: what a question says beside each of them."""

from __future__ import annotations

from collections.abc import Mapping

from mel_core.socle.appellations import TYPOLOGIES_DITES

STATUTS = {
    "HLM": "locataire HLM",
    "LP": "locataire privé",
    "RS": "résidence sociale ou foyer",
    "RHVS": "résidence hôtelière à vocation sociale",
    "RE": "résidence étudiante",
    "SLHT": "sous-locataire ou hébergé temporairement",
    "SH": "structure d’hébergement",
    "CDEFCM": "centre départemental de l’enfance",
    "CPE": "chez parents ou enfants",
    "CP": "chez un particulier",
    "LTG": "logé gratuitement",
    "FONC": "logement de fonction",
    "POCC": "propriétaire occupant",
    "CAMCAR": "camping ou caravane",
    "HOT": "hôtel",
    "SD": "sans abri",
    "SQUAT": "squat",
}
MOTIFS = {
    "01": "sans logement",
    "02": "démolition",
    "03": "logement non décent",
    "04": "logement repris ou vendu",
    "05": "procédure d’expulsion",
    "06": "violences familiales",
    "07": "handicap",
    "08": "raisons de santé",
    "09": "logement trop cher",
    "10": "logement trop grand",
    "11": "divorce, séparation",
    "12": "décohabitation",
    "13": "logement trop petit",
    "14": "mariage ou PACS",
    "15": "regroupement familial",
    "16": "assistant maternel",
    "17": "environnement ou voisinage",
    "18": "mutation professionnelle",
    "19": "rapprochement du travail",
    "20": "rapprochement des services",
    "21": "rapprochement de la famille",
    "22": "accédant en difficulté",
    "23": "autre motif",
}

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
