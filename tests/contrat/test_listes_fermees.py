"""The closed lists of the contract (§1, Tables), as it writes them: a code that is lost blocks whoever sends it."""

from __future__ import annotations

from mel_core.contrat.tables import TABLES

NUMEROS = " ".join(f"{n:02}" for n in range(1, 24))
LISTES = {
    "communes.typologie_fragilite": "1 2 3 4",
    "communes.fragilite": "fragile moyenne sans",
    "quartiers.ips": "1 2 3 4",
    "quartiers.fragilite": "fragile moyenne sans",
    "residences.financement": "PLAI PLUS PLS AUTRE",
    "demandes.etat": "ACTIVE RADIEE",
    "demandes.motif_radiation": "RADATT RADREN RADABA RADCON RADIRR",
    "demandes.categorie_menage": "1 2 3 4 5 6",
    "demandes.statut_logement": (
        "HLM LP RS RHVS RE SLHT SH CDEFCM CPE CP LTG FONC POCC CAMCAR HOT SD SQUAT"  # SNE
    ),
    "demandes.motif": NUMEROS,
    "demandes.typologies": "C T1 T2 T3 T4 T5 T6P",
    "demandes.critere_mutation": (
        "SOUS_OCCUPATION SUR_OCCUPATION ECONOMIQUE HANDICAP_SANTE ENVIRONNEMENT VIOLENCES DELAI AUTRE"
    ),
    "evenements.type": "PROPOSITION PASSAGE_CAL VISITE REFUS_DEMANDEUR DESISTEMENT AUTRE",
    "evenements.decision": "ATTRIBUE NON_ATTRIBUE IRRECEVABLE",
    "attributions.reservataire": "COLTER COLACT PPRIOR PFONCT AUTRES AUCUN",
    "attributions.categorie_menage": "1 2 3 4 5 6",
    "accueil.type_lieu": "LABELLISE RELAIS",
    "accueil.porteur": "COMMUNE MEL ACTION_LOGEMENT BAILLEUR ASSOCIATION AUTRE",
}


def test_each_closed_list_is_that_of_the_contract_and_no_other_column_has_one() -> None:
    fermees = {
        f"{nom}.{colonne.nom}": " ".join(colonne.valeurs)
        for nom, table in TABLES.items()
        for colonne in table.colonnes
        if colonne.valeurs
    }
    assert fermees == LISTES
