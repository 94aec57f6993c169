"""The sentences of the reception network, and what its measures, actors and places are called. Pure."""

from __future__ import annotations

from datetime import date

import pandas as pd
from babel.dates import format_date

from mel_core.indicateurs.suivi.reseau import (
    ENREGISTREMENTS,
    LIGNE,
    MOIS_D_UN_AN,
    RESEAU,
    fenetres,
    mois_couverts,
    part_en_ligne,
)
from mel_core.socle import langue
from mel_core.socle.periodes import Seance

MESURES = {
    ENREGISTREMENTS: ("Enregistrements", "enregistrement"),
    "n_pre_accueil": ("Pré-accueil", "pré-accueil"),
    "n_entretiens": ("Entretiens", "entretien"),
}
PORTEURS = {
    "COMMUNE": "Communes",
    "MEL": "Métropole",
    "ACTION_LOGEMENT": "Action Logement",
    "BAILLEUR": "Bailleurs",
    "ASSOCIATION": "Associations",
    "AUTRE": "Autres",
}
TYPES = {"LABELLISE": "labellisé", "RELAIS": "relais d’information"}
VOIES = {RESEAU: "Par le réseau", LIGNE: "En ligne"}


def constat(ou: str, accueil: pd.DataFrame, seance: Seance) -> str:
    """Registrations over 12 months, the share made online, and that of the 12 months before."""
    fenetre, precedente = fenetres(seance)
    annee, avant = (accueil[accueil["mois"].isin(mois)] for mois in (fenetre, precedente))
    couverts = mois_couverts(accueil, fenetre)
    if not annee[ENREGISTREMENTS].sum() > 0:
        return f"Dans {ou}, aucun enregistrement n’est compté dans le réseau d’accueil sur cette période."
    n = annee["lieu"].nunique()
    lieux = f"les {langue.effectif(n, 'lieu', 'lieux')} d’accueil ont" if n > 1 else "le lieu d’accueil a"
    demandes = langue.effectif(_somme(annee, ENREGISTREMENTS), "demande")
    debut = f"Dans {ou}, {lieux} enregistré **{demandes}** en {langue.duree(couverts, MOIS_D_UN_AN)}"
    part, ancienne = part_en_ligne(annee), part_en_ligne(avant)
    if couverts < MOIS_D_UN_AN or mois_couverts(accueil, precedente) < MOIS_D_UN_AN:
        ancienne = None  # nothing is compared with part of a year
    if part is None:
        return f"{debut} ; l’enregistrement en ligne n’est pas compté."
    suite = "" if ancienne is None else f", contre {langue.part(ancienne)} les 12 mois d’avant"
    return f"{debut}, dont **{langue.part(part)}** en ligne{suite}."


def evolution(accueil: pd.DataFrame, seance: Seance, mesure: str) -> str:
    """The last 12 months against the first 12 of the network, when there are two such years."""
    mois = sorted(accueil["mois"].unique())
    annee, _ = fenetres(seance)
    if len(mois) < 2 * MOIS_D_UN_AN or mois_couverts(accueil, annee) < MOIS_D_UN_AN:
        return "Moins de deux ans de recul : l’évolution depuis le début du réseau ne se mesure pas encore."
    debut = _somme(accueil[accueil["mois"].isin(mois[:MOIS_D_UN_AN])], mesure)
    fin = _somme(accueil[accueil["mois"].isin(annee)], mesure)
    if debut == 0:
        return f"Rien n’était compté les 12 premiers mois, à partir de {mois_dit(mois[0])}."
    ecart = (fin - debut) / debut
    return (
        f"{MESURES[mesure][0]} : **{langue.signe(100 * ecart, 1)}{langue.FINE}%** des 12 premiers mois "
        f"({langue.nombre(debut)}, à partir de {mois_dit(mois[0])}) aux 12 derniers ({langue.nombre(fin)})."
    )


def mois_dit(mois: str) -> str:
    """`2017-09` → `septembre 2017`."""
    annee, numero = mois.split("-")
    return format_date(date(int(annee), int(numero), 1), "MMMM y", locale=langue.FR)


def _somme(lignes: pd.DataFrame, mesure: str) -> int:
    return int(lignes[mesure].sum())
