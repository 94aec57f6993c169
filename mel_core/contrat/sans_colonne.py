"""What is unknown without each optional column that something leans on, said for each file that lacks it (contract §1).

A load never stops for such a column: it reads as unknown. Labels are told apart, with what may be declared of them
(`etiquettes`).
"""

from __future__ import annotations

from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.regles import COLONNE_ABSENTE, REVENUS_ABSENTS

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


def report_colonnes_absentes(lue: TableLue) -> None:
    """One sentence per file and column (or choice of columns) that it has not."""
    for partie in lue.parties:
        for colonnes, quoi in SANS.get(lue.table.nom, {}).items():
            if partie.presentes.isdisjoint(colonnes):
                regle = REVENUS_ABSENTS if colonnes[0] == "revenu_fiscal" else COLONNE_ABSENTE
                lue.constats.report(regle, colonnes[0], fichier=partie.fichier, quoi=quoi)
