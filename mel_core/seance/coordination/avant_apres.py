"""What an entry of a séance says, and what it changed of the version before: in words, for the co-pilots alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mel_core.journal import Fiche, Journal
from mel_core.seance.coordination import decisions, phrases_coordination
from mel_core.seance.coordination.blocages import Blocage, EtatBlocage
from mel_core.seance.coordination.changements import say_cible
from mel_core.seance.coordination.decisions import Decision, Position
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur

# What is quoted of each kind; of the others (a household, a draft) nothing is.
_CHAMPS: Mapping[str, Mapping[str, str]] = {
    "blocage": {
        "constat": "ce qui bloque",
        "contexte": "ce que dit la liste",
        "organisation": "signalé par",
        "secteur": "où et pour qui",
        "depuis_le": "depuis",
        "tente": "déjà tenté",
        "dit": "ce que la Salle lira",
        "proposition": "proposition",
        "presente": "présenté par",
        "etat": "état",
        "motif_refus": "motif",
        "rang": "rang",
    },
    "decision": {
        "texte": "texte",
        "responsable": "responsable",
        "echeance": "échéance",
        "motif_echeance": "motif de l’échéance",
        "reserve": "réserve",
        "cible": "cible",
        "positions": "positions",
    },
    "engagement": {"nombre": "ménages", "echeance": "échéance"},
    "pratique": {"texte": "texte", "pourquoi": "pourquoi"},
    "presence": {
        "presents": "présents",
        "excuses": "excusés",
        "invites": "invités",
        "lieu": "lieu",
        "ordre_du_jour": "ordre du jour",
    },
    "seance": {"jour": "date"},
    "issue": {"texte": "texte"},
    "cloture": {"motif": "motif"},
    "relance": {"acteur": "qui", "relance_le": "relancé le", "repondu_le": "répondu le"},
    "signature": {"presidence": "présidence", "qualite": "en qualité de"},
    "scenario": {"nom": "nom", "phrase": "réponse"},
}
_JOURS = ("echeance", "jour", "relance_le", "repondu_le", "depuis_le")


def changes(journal: Journal, fiche: Fiche, noms: Mapping[str, str]) -> str:
    """`texte : « Visiter » → « Visiter avant » ; positions : …`: of a first version what it says; empty where nothing
    is quoted, or was erased. A refused write is compared with what its author had on screen. `noms`: by code."""
    if fiche.effacee or fiche.objet not in _CHAMPS:
        return ""
    vue = fiche.version if fiche.est_refusee else fiche.version - 1
    avant = next((f for f in journal.historique(fiche.objet, fiche.identifiant) if f.version == vue), None)
    return langue.typeset(" ; ".join(_changes(fiche, {} if avant is None else avant.contenu, noms)))


def _changes(fiche: Fiche, avant: Mapping[str, Any], noms: Mapping[str, str]) -> Iterator[str]:
    for cle, titre in _CHAMPS[fiche.objet].items():
        apres = _say(cle, fiche.contenu, noms)
        if avant and (dite := _say(cle, avant, noms)) != apres:
            yield f"{titre} : {dite or langue.ABSENT} → {apres or langue.ABSENT}"
        elif not avant and apres:
            yield f"{titre} : {apres}"


def _say(cle: str, contenu: Mapping[str, Any], noms: Mapping[str, str]) -> str:
    valeur = contenu.get(cle)
    if valeur in (None, "", [], {}):
        return ""
    if cle == "cible":
        return _cible(contenu)
    if cle == "secteur":
        return phrases_coordination.situate(Blocage.depuis(contenu), noms)
    if cle == "positions":
        return decisions.say_positions({noms.get(c, c): Position(p) for c, p in valeur.items()})
    if cle in _JOURS:
        return langue.jour(date.fromisoformat(valeur))
    if cle == "etat":
        return EtatBlocage(valeur).titre
    if isinstance(valeur, list):
        return langue.liste([noms.get(code, code) for code in valeur])
    if cle in ("acteur", "organisation", "responsable"):
        return noms.get(valeur, valeur)
    return f"« {valeur} »" if isinstance(valeur, str) else langue.nombre(valeur)


def _cible(contenu: Mapping[str, Any]) -> str:
    try:
        return say_cible(Decision.depuis(contenu))
    except ErreurUtilisateur:  # as an earlier version of the application kept it
        return str(contenu["cible"])
