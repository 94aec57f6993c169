"""What is unknown without each optional column that something leans on, said for each file that lacks it (contract §1).

A load never stops for such a column: it reads as unknown on all the rows of the file. A label may be declared by the
mapping to be covered by another column, or to be borne by nobody.
"""

from __future__ import annotations

import pyarrow as pa

from mel_core.contrat import regles
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import Mapping

_QUARTILE = "premier quartile hors QPV et autres attributions en QPV inconnus"
_OCCUPANTS = "occupants en place inconnus, et la comparaison des entrants avec eux"
_ACCUEIL = "activité de l’accueil incomplète"

# Table → columns any of which would do, the one told first → what is unknown.
SANS: dict[str, dict[tuple[str, ...], str]] = {
    "communes": {("fragilite", "typologie_fragilite"): "fragilité des communes inconnue"},
    "quartiers": {
        ("fragilite", "ips"): "fragilité des quartiers inconnue, et l’objectif de l’équilibre dans chacun",
        ("code_qpv",): "QPV, premier quartile hors QPV et autres attributions en QPV inconnus",
    },
    "residences": {
        ("enjeu_mixite",): "résidences à enjeu de mixité inconnues",
        ("n_occupants_tres_modestes",): _OCCUPANTS,
        ("n_occupants_modestes",): _OCCUPANTS,
        ("n_occupants_intermediaires",): _OCCUPANTS,
        ("n_occupants_eleves",): _OCCUPANTS,
    },
    "demandes": {
        ("revenu_fiscal",): "ressources des demandes inconnues",
        ("ressources_mensuelles",): "premier quartile des demandes inconnu",
        ("n_uc",): "premier quartile des demandes inconnu",
        ("date_radiation",): "demandes radiées après la date de référence inconnues",
        ("statut_logement",): "mutations parmi les demandes inconnues",
        ("code_insee_actuel",): "commune de résidence inconnue",
        ("code_bailleur_actuel",): "bailleur actuel inconnu",
        ("communes_souhaitees",): "communes souhaitées inconnues",
        ("typologies",): "typologies souhaitées inconnues",
        ("motif",): "motif des demandes inconnu",
        ("critere_mutation",): "critère de mutation inconnu",
        ("delai_anormalement_long",): "délai anormalement long compté d’après l’ancienneté seule",
        ("age",): "âge inconnu",
    },
    "evenements": {
        ("decision",): "poulidor, rangs 1 sans bail et non-attributions répétées inconnus",
        ("rang",): "poulidor et rangs 1 sans bail inconnus",
        ("code_bailleur", "code_residence"): "bailleur des événements inconnu",
    },
    "attributions": {
        ("revenu_fiscal",): "équilibre, ressources et bas revenus inconnus",
        ("n_personnes", "categorie_menage"): "équilibre, ressources et bas revenus inconnus",
        ("ressources_mensuelles",): _QUARTILE,
        ("n_uc",): _QUARTILE,
        ("code_quartier", "code_residence"): "quartier, fragilité et QPV inconnus, et les objectifs qui en dépendent",
        ("code_residence",): "coupes par résidence et par enjeu de mixité inconnues",
        ("date_creation_demande",): "délais inconnus",
        ("reservataire",): "flux et coupe par réservataire inconnus",
        ("typologie",): "coupe par typologie inconnue",
        ("financement",): "coupe par financement inconnue",
        ("actif",): "actifs inconnus",
    },
    "accueil": {
        ("n_pre_accueil",): _ACCUEIL,
        ("n_enregistrements",): _ACCUEIL,
        ("n_entretiens",): _ACCUEIL,
    },
}

# What cannot be known without each label.
_SANS_ETIQUETTE = {
    **dict.fromkeys(("aci", "dalo", "pdalhpd"), "les ménages ACI et ceux de droit commun"),
    "mutation_bloquee": "les mutations bloquées et les ménages de droit commun",
    "npru": "les relogements NPRU, les ménages de droit commun et le premier quartile hors QPV",
}


def report_colonnes_absentes(lue: TableLue) -> None:
    """One sentence per file and column (or choice of columns) that it has not."""
    for partie in lue.parties:
        for colonnes, quoi in SANS.get(lue.table.nom, {}).items():
            if partie.presentes.isdisjoint(colonnes):
                regle = regles.REVENUS_ABSENTS if colonnes[0] == "revenu_fiscal" else regles.COLONNE_ABSENTE
                lue.constats.report(regle, colonnes[0], fichier=partie.fichier, quoi=quoi)


def declare_les_absentes(lue: TableLue, mapping: Mapping) -> None:
    """Fill with false the label columns that another one covers, or that nobody is said to bear; say all of them."""
    table = lue.table.nom
    absentes = [c.nom for c in lue.table.colonnes if c.etiquette and c.nom not in lue.presentes]
    couvertes = {
        couverte: couvrante
        for couvrante, couvertes in mapping.couvre.get(table, {}).items()
        if couvrante in lue.presentes
        for couverte in couvertes
    }
    for nom in absentes:
        if nom in couvertes:
            lue.constats.report(regles.ETIQUETTE_COUVERTE, nom, couvrante=couvertes[nom])
        elif nom in mapping.absentes.get(table, ()):
            lue.constats.report(regles.ETIQUETTE_SANS_MENAGE, nom)
        else:
            lue.constats.report(regles.ETIQUETTE_ABSENTE, nom, quoi=_SANS_ETIQUETTE[nom])
            continue
        lue.declarees[nom] = couvertes.get(nom, "")
        lue.donnees[nom] = pa.repeat(pa.scalar(False), len(lue.numeros))
    lue.presentes |= lue.declarees.keys()
