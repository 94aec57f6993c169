"""What each column of the contract means, in which unit, what an empty cell says, who holds it, and the words of its
codes: declared once.

The models to fill in, the screen of what is needed, the questions of a check and `docs/import.md` all read it here.
What can be told from the declaration of a column (closed list, obligation, label) is not written again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mel_core.contrat.colonnes import Colonne
from mel_core.contrat.tables import N_PAR_TYPOLOGIE
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


def say_code(colonne: str, code: str) -> str:
    """`11 divorce, séparation`."""
    libelle = libelles(colonne).get(code, "")
    return f"{code} {libelle}" if libelle else code


class Source(StrEnum):
    """Whom a co-pilot asks."""

    SNE = "SNE"
    BAILLEURS = "Bailleurs"
    DDTM = "DDTM"
    ACTION_LOGEMENT = "Action Logement"
    RPLS = "RPLS"
    INSEE = "Insee"
    MEL = "MEL"


# What is asked there.
CHEZ: dict[Source, str] = {
    Source.SNE: "demandes, attributions et labels, par l’infocentre ou l’interface du SNE",
    Source.BAILLEURS: "commissions, résidences à enjeu, enquête sur l’occupation du parc social (OPS)",
    Source.DDTM: "labels DALO et PDALHPD, conventions, objectifs et seuils de l’année",
    Source.ACTION_LOGEMENT: "attributions de son contingent",
    Source.RPLS: "logements, financement, vacance et rotation, dans le fichier détail",
    Source.INSEE: "IRIS, population, revenus et familles",
    Source.MEL: "fragilité des communes et des quartiers, NPRU, programmation, accueil, commissions",
}


@dataclass(frozen=True)
class Explication:
    """`sens`: what the column says; `unite`; `vide`: what an empty cell says, when it is not « unknown »; `chez`: who
    holds it, the first one to ask first."""

    sens: str
    unite: str = ""
    vide: str = ""
    chez: tuple[Source, ...] = ()


_PAR_TABLE: dict[str, tuple[Source, ...]] = {
    "communes": (Source.MEL,),
    "quartiers": (Source.INSEE,),
    "bailleurs": (Source.MEL,),
    "residences": (Source.RPLS, Source.BAILLEURS),
    "demandes": (Source.SNE,),
    "evenements": (Source.BAILLEURS, Source.SNE),
    "attributions": (Source.SNE, Source.BAILLEURS),
    "accueil": (Source.MEL,),
    "programmation": (Source.MEL,),
    "commissions_qpv": (Source.MEL,),
}
_AN, _MOIS, _UC, _PART = "€ par an", "€ par mois", "unités de consommation", "part de 0 à 1"
_MENAGES, _LOGEMENTS, _HORS_QPV, _SANS_OBJET = "ménages", "logements", "hors QPV", "sans objet"
_LABELS = (Source.SNE, Source.DDTM)
_MENAGE: dict[str, Explication] = {
    "n_personnes": Explication("Nombre de personnes du ménage à loger.", "personnes"),
    "categorie_menage": Explication(
        "Catégorie de ménage des plafonds de ressources ; à défaut, le nombre de personnes, 6 au plus.",
        vide="lue d’après n_personnes",
    ),
    "n_uc": Explication("Unités de consommation du ménage.", _UC),
    "revenu_fiscal": Explication("Revenu fiscal de référence du ménage, comparé au plafond PLUS.", _AN),
    "ressources_mensuelles": Explication("Ressources mensuelles déclarées, pour le premier quartile.", _MOIS),
    "aci": Explication("Ménage relevant de l’accord collectif intercommunal.", chez=(Source.SNE, Source.MEL)),
    "dalo": Explication("Ménage reconnu prioritaire au titre du DALO.", chez=_LABELS),
    "pdalhpd": Explication("Ménage relevant du plan départemental (PDALHPD).", chez=_LABELS),
    "mutation_bloquee": Explication(
        "Ménage labellisé en mutation complexe ou bloquée.", chez=(Source.BAILLEURS, Source.MEL)
    ),
    "npru": Explication(
        "Ménage à reloger ou relogé au titre du renouvellement urbain (NPRU).", chez=(Source.MEL, Source.BAILLEURS)
    ),
    "actif": Explication("Le titulaire est actif (en emploi ou en recherche d’emploi)."),
}

EXPLICATIONS: dict[str, dict[str, Explication]] = {
    "communes": {
        "code_insee": Explication("Code INSEE de la commune, une des 95 de la MEL."),
        "nom": Explication("Nom de la commune."),
        "territoire": Explication("Territoire de la MEL dont elle est."),
        "ici": Explication("Instance de coordination intercommunale dont elle est."),
        "typologie_fragilite": Explication("Typologie de fragilité de la commune, 4 la plus fragile."),
        "fragilite": Explication("Classe de fragilité de la commune.", vide="lue d’après typologie_fragilite"),
        "depuis": Explication("Date d’entrée dans la MEL.", vide="celle de la géographie embarquée"),
    },
    "quartiers": {
        "code_quartier": Explication("Code de l’IRIS, ou de la commune si elle n’est pas découpée en IRIS."),
        "nom": Explication("Nom du quartier, tel qu’il s’affiche."),
        "code_insee": Explication("Code INSEE de la commune du quartier."),
        "ips": Explication("Indice de précarité sociale, 4 le plus fragile.", chez=(Source.MEL, Source.INSEE)),
        "fragilite": Explication(
            "Classe de fragilité du quartier.", vide="lue d’après ips", chez=(Source.MEL, Source.INSEE)
        ),
        "code_qpv": Explication("Code du QPV où se trouve le quartier.", vide=_HORS_QPV, chez=(Source.MEL,)),
        "nom_qpv": Explication("Nom de ce QPV.", chez=(Source.MEL,)),
        "n_hlm": Explication("Logements sociaux du quartier.", _LOGEMENTS, chez=(Source.RPLS,)),
        "part_modestes_parc_social": Explication(
            "Part de ménages modestes dans le parc social.", _PART, chez=(Source.BAILLEURS,)
        ),
        "part_modestes_parc_prive": Explication("Part de ménages modestes dans le parc privé.", _PART),
        "population": Explication("Population du quartier.", "habitants"),
        "revenu_median_uc": Explication("Revenu médian par unité de consommation.", _AN),
        "part_non_emploi": Explication("Taux de non-emploi des 25–64 ans.", _PART),
        "part_familles_4_enfants": Explication("Part des familles de quatre enfants ou plus.", _PART),
        "part_familles_monoparentales": Explication("Part des familles monoparentales.", _PART),
    },
    "bailleurs": {
        "code_bailleur": Explication("Code du bailleur, le même dans toutes les tables."),
        "nom": Explication("Nom du bailleur, tel qu’il s’affiche."),
    },
    "residences": {
        "code_residence": Explication("Code de la résidence, le même dans toutes les tables."),
        "nom": Explication("Nom de la résidence, tel qu’il s’affiche.", chez=(Source.BAILLEURS,)),
        "code_bailleur": Explication("Code du bailleur qui la possède."),
        "code_quartier": Explication("Code du quartier (IRIS) où elle se trouve."),
        "n_logements": Explication("Logements de la résidence.", _LOGEMENTS),
        "financement": Explication("Financement de la majorité de ses logements."),
        "code_qpv": Explication("Code du QPV où elle se trouve.", vide="celui de son quartier", chez=(Source.MEL,)),
        "npru": Explication("Résidence d’un projet de renouvellement urbain (NPRU).", chez=(Source.MEL,)),
        "enjeu_mixite": Explication(
            "Résidence à enjeu de mixité sociale (CCH, article L. 441-1-6).", chez=(Source.BAILLEURS, Source.DDTM)
        ),
        "n_vacants": Explication("Logements vacants.", _LOGEMENTS),
        "n_vacants_3_mois": Explication("Logements vacants depuis plus de trois mois.", _LOGEMENTS),
        "taux_rotation": Explication("Part des logements libérés en un an.", _PART),
        **{
            f"n_occupants_{classe}": Explication(
                f"Ménages occupants {dits}, à l’enquête OPS.", _MENAGES, chez=(Source.BAILLEURS,)
            )
            for classe, dits in (
                ("tres_modestes", "très modestes"),
                ("modestes", "modestes"),
                ("intermediaires", "intermédiaires"),
                ("eleves", "aux ressources élevées"),
                ("inconnus", "aux ressources inconnues"),
            )
        },
        "annee_enquete": Explication("Année de l’enquête OPS.", "année", chez=(Source.BAILLEURS,)),
    },
    "demandes": {
        "numero_unique": Explication("Numéro unique de la demande ; remplacé par un pseudonyme à l’import."),
        "date_creation": Explication("Date de création de la demande."),
        "date_renouvellement": Explication("Date du dernier renouvellement.", vide="jamais renouvelée"),
        "etat": Explication("État de la demande au jour de l’extraction."),
        "date_radiation": Explication("Date de radiation.", vide="pas de radiation connue"),
        "motif_radiation": Explication("Motif de radiation."),
        "statut_logement": Explication("Logement actuel ; HLM : la demande est une mutation."),
        "code_insee_actuel": Explication("Code INSEE de la commune habitée."),
        "code_bailleur_actuel": Explication("Code du bailleur actuel, pour une mutation."),
        "motif": Explication("Motif de la demande, code du SNE."),
        "typologies": Explication("Typologies cherchées, séparées par une barre : T2|T3."),
        "communes_souhaitees": Explication("Codes INSEE des communes souhaitées, séparés par une barre."),
        "critere_mutation": Explication("Critère de la mutation.", chez=(Source.BAILLEURS,)),
        "delai_anormalement_long": Explication("Délai anormalement long, tel que le SNE le signale."),
        "multiples_attributions_sous_conditions": Explication(
            "Plusieurs attributions sous conditions, telles que le SNE les signale."
        ),
        "age": Explication("Âge du demandeur, sans sa date de naissance.", "années"),
        "points": Explication("Points de la cotation.", "points", chez=(Source.SNE, Source.MEL)),
        **_MENAGE,
    },
    "evenements": {
        "id_evenement": Explication("Identifiant de l’événement, unique chez le bailleur."),
        "numero_unique": Explication("Numéro unique de la demande."),
        "type": Explication("Ce qui a eu lieu."),
        "date_survenance": Explication("Date de l’événement."),
        "code_residence": Explication("Code de la résidence proposée."),
        "code_bailleur": Explication("Code du bailleur qui propose.", vide="celui de la résidence"),
        "typologie": Explication("Typologie du logement proposé."),
        "decision": Explication("Décision de la commission (PASSAGE_CAL seulement).", vide=_SANS_OBJET),
        "rang": Explication("Rang donné (ATTRIBUE seulement), à partir de 1 ; « 2e » se lit 2.", vide=_SANS_OBJET),
        "motif": Explication("Motif du refus ou de la non-attribution, sans rien de personnel."),
    },
    "attributions": {
        "id_attribution": Explication("Identifiant de l’attribution, unique chez le bailleur."),
        "numero_unique": Explication("Numéro unique de la demande ; remplacé par un pseudonyme à l’import."),
        "date_bail": Explication("Date de signature du bail."),
        "date_creation_demande": Explication("Date de création de la demande, pour le délai d’attribution."),
        "code_insee": Explication("Code INSEE de la commune du logement."),
        "code_bailleur": Explication("Code du bailleur qui loue."),
        "code_residence": Explication("Code de la résidence."),
        "code_quartier": Explication("Code du quartier (IRIS) du logement.", vide="celui de la résidence"),
        "typologie": Explication("Typologie du logement (C, T1 à T5, T6P) ; « F2 » et « 2 pièces » se lisent T2."),
        "financement": Explication("Financement du logement."),
        "reservataire": Explication(
            "Réservataire au titre duquel le logement est attribué.", chez=(Source.SNE, Source.ACTION_LOGEMENT)
        ),
        "mutation": Explication("Le ménage était déjà locataire du parc social."),
        **_MENAGE,
    },
    "accueil": {
        "code_lieu": Explication("Code du lieu d’accueil."),
        "mois": Explication("Mois des volumes, écrit 2017-09, 09/2017 ou septembre 2017."),
        "nom": Explication("Nom du lieu."),
        "type_lieu": Explication("Lieu labellisé ou relais ; un relais n’enregistre aucune demande."),
        "porteur": Explication("Qui tient le lieu."),
        "code_insee": Explication("Code INSEE de la commune du lieu."),
        "n_pre_accueil": Explication("Pré-accueils du mois.", "accueils"),
        "n_enregistrements": Explication("Demandes enregistrées dans le mois.", "demandes"),
        "n_enregistrements_en_ligne": Explication("Demandes enregistrées en ligne dans le mois.", "demandes"),
        "n_entretiens": Explication("Entretiens du mois.", "entretiens"),
    },
    "programmation": {
        "code_operation": Explication("Code de l’opération."),
        "nom": Explication("Nom de l’opération."),
        "code_insee": Explication("Code INSEE de la commune de l’opération."),
        "annee": Explication("Année de programmation.", "année"),
        "n_logements": Explication("Logements de l’opération.", _LOGEMENTS),
        "n_plus": Explication("Dont PLUS.", _LOGEMENTS),
        "n_plai": Explication("Dont PLAI.", _LOGEMENTS),
        "n_pls": Explication("Dont PLS.", _LOGEMENTS),
        "npru": Explication("Opération de reconstitution de l’offre (NPRU)."),
        **{
            colonne: Explication(
                f"Dont {'T6 et plus' if typologie == 'T6P' else typologie} parmi les logements sociaux. Colonne "
                "propre à l’application : une opération n’est lue que si elle les dit toutes, 0 compris.",
                _LOGEMENTS,
            )
            for typologie, colonne in N_PAR_TYPOLOGIE.items()
        },
    },
    "commissions_qpv": {
        "id_retour": Explication("Identifiant du retour de commission."),
        "code_qpv": Explication("Code du QPV."),
        "date": Explication("Date de la commission."),
        "n_candidats": Explication("Candidats examinés.", _MENAGES),
        "n_designes": Explication("Candidats désignés.", _MENAGES),
        "n_refuses": Explication("Candidats refusés.", _MENAGES),
        "observation": Explication("Observation de la commission, sans rien de personnel."),
    },
}


def chez(table: str, colonne: str) -> tuple[Source, ...]:
    """Who holds a column, the first one to ask first; never empty."""
    return EXPLICATIONS[table][colonne].chez or _PAR_TABLE[table]


def vide(table: str, colonne: Colonne) -> str:
    """What an empty cell of `colonne` says: `inconnu` unless the contract says otherwise."""
    if colonne.requise:
        return "refusé : la ligne est rejetée"
    if colonne.etiquette:
        return "non ; sans la colonne, inconnu"
    return EXPLICATIONS[table][colonne.nom].vide or "inconnu"


def est_inconnu(table: str, colonne: Colonne) -> bool:
    """Whether an empty cell in store is unknown, and no answer (« hors QPV »)."""
    return EXPLICATIONS[table][colonne.nom].vide not in (_HORS_QPV, _SANS_OBJET)
