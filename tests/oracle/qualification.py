"""What each attribution is: classes, quartier, QPV, labels, delay (contract §2 and §3)."""

from __future__ import annotations

import calendar
import csv
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from tests.oracle.parametres import Parametres
from tests.oracle.plafonds import PLAFONDS_PLUS

Ligne = dict[str, Any]
Tables = dict[str, list[Ligne]]

INCONNU = "inconnu"
LABELS = ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru")
ASSOCIEES = {"59298": "59350", "59355": "59350"}
COMMUNES = Path(__file__).resolve().parents[2] / "data" / "reference" / "communes.csv"


@cache
def communes_embarquees() -> dict[str, Ligne]:
    with COMMUNES.open(encoding="utf-8", newline="") as fichier:
        return {c["code_insee"]: c for c in csv.DictReader(fichier)}


def ou(*labels: bool | None) -> bool | None:
    """Three-valued OR: a true one wins, else an unknown one leaves the whole unknown."""
    if any(label is True for label in labels):
        return True
    return None if any(label is None for label in labels) else False


def non(label: bool | None) -> bool | None:
    return None if label is None else not label


def parmi(*labels: bool | None) -> bool | None:
    """Whether one of the labels is borne, known only when each of them is: a true one does not settle its row alone."""
    return None if any(label is None for label in labels) else any(labels)


def label(ligne: Ligne, nom: str) -> bool | None:
    """An empty cell is false, a missing column unknown."""
    return bool(ligne[nom]) if nom in ligne else None


def step_back(jour: date, mois: int) -> date:
    """`jour` minus whole months, clamped to the month's end."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 - mois, 12)
    return date(annee, rang + 1, min(jour.day, calendar.monthrange(annee, rang + 1)[1]))


def delai_mois(creation: date | None, bail: date) -> int | None:
    """The greatest N with `creation` ≤ `bail` − N months, sought by trying each one."""
    if creation is None:
        return None
    mois = 0
    while creation <= step_back(bail, mois + 1):
        mois += 1
    return mois


def plafond_plus(ligne: Ligne) -> int | None:
    """PLUS ceiling of the household in the year of its bail, € a year; empty without household size or ceiling."""
    plafonds = PLAFONDS_PLUS.get(ligne["date_bail"].year)
    personnes = ligne.get("n_personnes")
    categorie = ligne.get("categorie_menage")
    if categorie is None and personnes:
        categorie = min(personnes, 6)
    if plafonds is None or categorie is None:
        return None
    supplement = plafonds[6] * max(0, (personnes or 0) - 6) if categorie == 6 else 0
    return plafonds[categorie - 1] + supplement


def classe_ressources(ligne: Ligne, parametres: Parametres) -> str:
    revenu, plafond = ligne.get("revenu_fiscal"), plafond_plus(ligne)
    if revenu is None or revenu <= 0 or plafond is None:
        return INCONNU
    r = Fraction(revenu) / plafond
    if r < parametres.bornes[0]:
        return "tres_modeste"
    if r < parametres.bornes[1]:
        return "modeste"
    return "intermediaire" if r < parametres.bornes[2] else "eleve"


def premier_quartile(ligne: Ligne, parametres: Parametres) -> bool | None:
    ressources, n_uc = ligne.get("ressources_mensuelles"), ligne.get("n_uc")
    seuil = parametres.seuils.get(ligne["date_bail"].year)
    if ressources is None or n_uc is None or n_uc <= 0 or seuil is None:
        return None
    return Fraction(ressources) * 12 / Fraction(n_uc) <= seuil


@dataclass(frozen=True)
class Reference:
    """Communes, quartiers and résidences by code, as the attributions and the stock see them."""

    communes: dict[str, Ligne]
    quartiers: dict[str, Ligne]
    residences: dict[str, Ligne]
    parametres: Parametres

    @classmethod
    def de(cls, tables: Tables, parametres: Parametres) -> Reference:
        donnees = {c["code_insee"]: c for c in tables.get("communes", [])}
        return cls(
            communes_embarquees() | donnees,
            {q["code_quartier"]: q for q in tables.get("quartiers", [])},
            {r["code_residence"]: r for r in tables.get("residences", [])},
            parametres,
        )

    def de_la_commune(self, code: str) -> Ligne:
        """The cuts that a commune carries, `inconnu` where nothing is said."""
        commune = self.communes.get(code, {})
        return {
            "commune": code,
            "territoire": commune.get("territoire") or INCONNU,
            "ici": commune.get("ici") or INCONNU,
            "fragilite_commune": commune.get("fragilite")
            or self.parametres.fragilite_ips.get(commune.get("typologie_fragilite") or 0)
            or INCONNU,
            "typologie_fragilite": str(commune.get("typologie_fragilite") or INCONNU),
        }

    def du_quartier(self, code: str | None, residence: Ligne | None) -> Ligne:
        """quartier, fragilite and qpv of a place whose résidence may say its own QPV."""
        quartier = self.quartiers.get(code or "")
        qpv = (residence or {}).get("code_qpv")
        if quartier is None:
            return {"quartier": INCONNU, "fragilite": INCONNU, "qpv": qpv or INCONNU}
        fragilite = quartier.get("fragilite") or self.parametres.fragilite_ips.get(quartier.get("ips") or 0)
        return {
            "quartier": code,
            "fragilite": fragilite or INCONNU,
            "qpv": qpv or quartier.get("code_qpv") or "hors_qpv",
        }


def enjeu(residence: Ligne | None) -> str:
    """Whether a résidence has a stake of social mix: unknown without a résidence, or without an answer."""
    return {None: INCONNU, True: "oui", False: "non"}[(residence or {}).get("enjeu_mixite")]


def officielle(code_insee: str) -> str:
    return ASSOCIEES.get(code_insee, code_insee)


def qualifier(ligne: Ligne, reference: Reference) -> Ligne:
    """Everything that the indicators and the cuts ask of one attribution, beside what its file says."""
    residence = reference.residences.get(ligne.get("code_residence") or "")
    code_quartier = ligne.get("code_quartier")
    if code_quartier not in reference.quartiers:
        code_quartier = residence["code_quartier"] if residence else None
    aci = parmi(label(ligne, "aci"), label(ligne, "dalo"), label(ligne, "pdalhpd"))
    bloquee, npru = label(ligne, "mutation_bloquee"), label(ligne, "npru")
    return {
        **ligne,
        **reference.de_la_commune(officielle(ligne["code_insee"])),
        **reference.du_quartier(code_quartier, residence),
        "bailleur": ligne["code_bailleur"],
        "residence": ligne["code_residence"] if residence else INCONNU,
        "mutation": "mutation" if ligne["mutation"] else "premier_acces",
        "reservataire": ligne.get("reservataire") or INCONNU,
        "typologie": ligne.get("typologie") or INCONNU,
        "financement": ligne.get("financement") or INCONNU,
        "enjeu_mixite": enjeu(residence),
        "classe": classe_ressources(ligne, reference.parametres),
        "est_aci": aci,
        "est_mutation_bloquee": bloquee,
        "est_npru": npru,
        "est_droit_commun": non(parmi(aci, bloquee, npru)),
        "est_premier_quartile": premier_quartile(ligne, reference.parametres),
        "labels_absents": {nom for nom in LABELS if nom not in ligne},
        "delai_mois": delai_mois(ligne.get("date_creation_demande"), ligne["date_bail"]),
    }
