"""The sentences of the reception network, and what its measures, actors and places are called. Pure."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mel_core.indicateurs.suivi.reseau import (
    EN_LIGNE,
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
# What a place enters of its month, in this order.
SAISIS = {
    "n_pre_accueil": "Pré-accueil",
    ENREGISTREMENTS: "Enregistrements",
    EN_LIGNE: "dont en ligne",
    "n_entretiens": "Entretiens",
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


_FAITS = {
    "n_pre_accueil": ("reçu", "personne en pré-accueil", "personnes en pré-accueil"),
    "n_entretiens": ("mené", "entretien réglementaire", "entretiens réglementaires"),
}


def constat(ou: str, accueil: pd.DataFrame, seance: Seance, mesure: str = ENREGISTREMENTS) -> str:
    """What the view counts over 12 months, beside the 12 before: registrations and the share of them made online, or
    another measure."""
    return _enregistrements(ou, accueil, seance) if mesure == ENREGISTREMENTS else _faits(ou, accueil, seance, mesure)


def _faits(ou: str, accueil: pd.DataFrame, seance: Seance, mesure: str) -> str:
    fenetre, precedente = fenetres(seance)
    annee, avant = (accueil[accueil["mois"].isin(mois) & accueil[mesure].notna()] for mois in (fenetre, precedente))
    verbe, un, des = _FAITS[mesure]
    if annee.empty:
        return (
            f"Dans {ou}, {MESURES[mesure][0].lower()} : rien n’est compté dans le réseau d’accueil sur cette période."
        )
    couverts, lieux = mois_couverts(accueil, fenetre), _lieux(annee, mesure)
    combien = langue.effectif(_somme(annee, mesure), un, des)
    debut = f"Dans {ou}, {lieux} {verbe} **{combien}** en {langue.duree(couverts, MOIS_D_UN_AN)}"
    est_entiere = couverts == mois_couverts(accueil, precedente) == MOIS_D_UN_AN
    suite = f", contre {langue.nombre(_somme(avant, mesure))} les 12 mois d’avant" if est_entiere and len(avant) else ""
    return f"{debut}{suite}."


def _lieux(annee: pd.DataFrame, mesure: str) -> str:
    """Who did it, with its verb: the places that have some, among those of the network when others have none."""
    tous = annee["lieu"].nunique()
    n = annee.loc[annee[mesure] > 0, "lieu"].nunique() or tous
    dits = langue.effectif(n, "lieu", "lieux")
    if n < tous:
        return f"{dits} d’accueil sur {langue.nombre(tous)} {langue.agree(n, 'a', 'ont')}"
    return f"les {dits} d’accueil ont" if n > 1 else "le lieu d’accueil a"


def relais(comptes: pd.Series) -> str:
    """What relais do that a relais does not, and how many times: counted apart. `comptes`: see
    `saisies_accueil.par_des_relais`; empty when none does."""
    if comptes.empty:
        return ""
    noms, reste = [str(nom) for nom in comptes.index], len(comptes) - 3
    dits = langue.liste([*noms[:3], *([f"{reste} {langue.agree(reste, 'autre')}"] if reste > 0 else [])])
    sont = langue.agree(len(noms), "est un relais", "sont des relais")
    declarent = langue.agree(len(noms), "déclare", "déclarent")
    return (
        f"À vérifier : {dits} {sont} d’information et {declarent} {langue.nombre(comptes.sum())} enregistrements et "
        "entretiens, qu’un relais ne fait pas : comptés à part."
    )


def saisis(n: int, n_corriges: int) -> str:
    """How many months were entered on screen, and how many changed a file's number."""
    if not n:
        return ""
    change = f", dont {langue.nombre(n_corriges)} où la saisie remplace le fichier" if n_corriges else ""
    return f"{langue.effectif(n, 'mois saisi', 'mois saisis')} à l’écran{change}."


def _enregistrements(ou: str, accueil: pd.DataFrame, seance: Seance) -> str:
    fenetre, precedente = fenetres(seance)
    annee, avant = (accueil[accueil["mois"].isin(mois)] for mois in (fenetre, precedente))
    couverts = mois_couverts(accueil, fenetre)
    if not annee[ENREGISTREMENTS].sum() > 0:
        return f"Dans {ou}, aucun enregistrement n’est compté dans le réseau d’accueil sur cette période."
    lieux = _lieux(annee, ENREGISTREMENTS)
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
    return langue.mois(date(int(annee), int(numero), 1))


def _somme(lignes: pd.DataFrame, mesure: str) -> int:
    return int(lignes[mesure].sum())
