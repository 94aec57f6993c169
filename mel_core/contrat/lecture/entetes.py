"""Columns are found by name, never by position: which column of the file is which column of the contract."""

from __future__ import annotations

from collections import Counter

from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.lecture.brut import Lecture
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.personnelles import TABLES_DE_PERSONNES, est_personnelle
from mel_core.contrat.proches import proche
from mel_core.contrat.regles import (
    COLONNE_DOUBLE,
    COLONNE_DU_MAPPING,
    COLONNE_INCONNUE,
    COLONNE_MANQUANTE,
    COLONNE_PERSONNELLE,
    COLONNE_SANS_NOM,
)
from mel_core.contrat.tables import Table
from mel_core.socle.langue import effectif


def noms_attendus(table: Table, mapping: Mapping) -> dict[str, str]:
    """Canonical column → its name in the file. A mapped column is looked for under that name only."""
    return {nom: mapping.nom_dans_fichier(table.nom, nom) for nom in table.noms}


def match_up(table: Table, lecture: Lecture, mapping: Mapping, constats: Constats) -> dict[str, int]:
    """Canonical column → its rank in the file, for the columns that the file has; the rest is reported."""
    attendus = noms_attendus(table, mapping)
    ligne = lecture.ligne_entete
    libres = [nom for nom in dict.fromkeys(lecture.entete) if nom and nom not in attendus.values()]
    _report_doubles(lecture, constats)
    for colonne in table.colonnes:
        attendu = attendus[colonne.nom]
        if attendu in lecture.entete:
            continue
        if colonne.requise:
            ressemblante = proche(attendu, libres)
            suite = f" ; l’en-tête la plus proche est « {ressemblante} »" if ressemblante else ""
            constats.report(
                COLONNE_MANQUANTE, colonne.nom, ligne=ligne, attendue=attendu, proche=suite, table=table.nom
            )
        elif attendu != colonne.nom:
            constats.report(COLONNE_DU_MAPPING, colonne.nom, ligne=ligne, attendue=attendu)
    _report_ignorees(table, lecture, libres, attendus, constats)
    return {nom: lecture.entete.index(attendu) for nom, attendu in attendus.items() if attendu in lecture.entete}


def _report_doubles(lecture: Lecture, constats: Constats) -> None:
    for nom, n in Counter(lecture.entete).items():
        if nom and n > 1:
            constats.report(COLONNE_DOUBLE, nom, nom, lecture.ligne_entete)


def _report_ignorees(
    table: Table, lecture: Lecture, libres: list[str], attendus: dict[str, str], constats: Constats
) -> None:
    absentes = [nom for nom, attendu in attendus.items() if attendu not in lecture.entete]
    for nom in libres:
        if table.nom in TABLES_DE_PERSONNES and est_personnelle(nom):
            constats.report(COLONNE_PERSONNELLE, nom, nom, lecture.ligne_entete)
            continue
        ressemblante = proche(nom, absentes)
        suite = f" (serait-ce « {ressemblante} » ?)" if ressemblante else ""
        constats.report(COLONNE_INCONNUE, nom, nom, lecture.ligne_entete, proche=suite, table=table.nom)
    sans_nom = sum(not nom for nom in lecture.entete)
    if sans_nom:
        constats.report(COLONNE_SANS_NOM, ligne=lecture.ligne_entete, n=effectif(sans_nom, "colonne"))
