"""The séances of the journal: a semester looked at in one ICI, on a day. One exists before its data (contract §1).

The object that Préparer › Atelier keeps when somebody fixes the date: there is no other place for it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mel_core.contrat import reference
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.journal import Auteur, Fiche, Journal, Perime
from mel_core.seance.coordination import blocages, decisions, presences, signature
from mel_core.seance.coordination.presences import jour_dit
from mel_core.seance.gardes import identifiant_de
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

OBJET = presences.SEANCE
SANS_JOUR = "La date de la séance n’est pas fixée."
A_FIXER = f"{SANS_JOUR.rstrip('.')} : la fixer dans Préparer › Atelier."

D_AVANCE = "Avant ses données : ce que chacun lui doit se suit, et ses blocages se signalent, dès qu’elle existe."


class EtatSeance(StrEnum):
    """How far a séance is: what comes later in the list prevails."""

    SANS_DATE = "sans date"
    A_VENIR = "à venir"
    PASSEE = "passée"
    GELEE = "gelée"
    SIGNEE = "relevé signé"
    A_RESIGNER = "relevé à signer de nouveau"  # what it says was corrected since


@dataclass(frozen=True)
class SeanceTenue:
    """`jour`: when the ICI meets; None when what said it was erased."""

    seance: Seance
    ici: str
    jour: date | None
    etat: EtatSeance

    @property
    def dite(self) -> tuple[str, str, str, str]:
        """Its semester, ICI, day and state, as they are read."""
        return str(self.seance), self.ici, langue.jour(self.jour) if self.jour else langue.ABSENT, str(self.etat)


def create(
    journal: Journal, entrepot: Entrepot, seance: Seance, ici: str, jour: date | None, auteur: Auteur, op_id: str
) -> tuple[Fiche, bool]:
    """Its entry, and whether it was not there yet. Raises `AppelIncorrect` as `fix`, for an ICI that does not exist, or
    a séance that is there on another day."""
    _require_ici(entrepot, seance, ici)
    deja = journal.read(OBJET, identifiant_de(seance, ici))
    if deja is not None and jour_dit(deja) is not None:
        return _same(deja, seance, ici, jour), False
    try:
        return fix(journal, seance, ici, jour, auteur, op_id, deja.version if deja is not None else 0), True
    except Perime as ailleurs:  # created meanwhile
        return _same(ailleurs.actuelle, seance, ici, jour), False


def fix(
    journal: Journal, seance: Seance, ici: str, jour: date | None, auteur: Auteur, op_id: str, version_vue: int
) -> Fiche:
    """Say on which day a séance is held, or change it; said again, nothing is written. Raises `AppelIncorrect` without
    a day, or for one that does not follow the semester looked at; `Perime` when somebody changed it meanwhile."""
    if jour is None:
        raise AppelIncorrect("La date de la séance est vide : choisir un jour.")
    if jour <= seance.fin:
        raise AppelIncorrect(
            f"La séance {seance} regarde un semestre qui finit le {langue.jour(seance.fin)} : donner une date après."
        )
    contenu, nom = {"jour": jour.isoformat(), "seance": str(seance), "ici": ici}, identifiant_de(seance, ici)
    avant = journal.read(OBJET, nom)
    if avant is not None and avant.contenu == contenu:
        return avant
    return journal.write(OBJET, nom, contenu, auteur, op_id, version_vue)


def say_creation(seance: Seance, ici: str, jour: date, *, est_neuve: bool) -> str:
    """What `create` did."""
    suite = f"est créée, le {langue.jour(jour)}." if est_neuve else "était déjà créée à cette date : rien n’a changé."
    return f"La séance {seance} de l’{ici} {suite}"


def say_jour(jour: date) -> str:
    """What was kept of the day of a séance."""
    return f"Date gardée : le {langue.jour(jour)}."


def find_all(journal: Journal, entrepot: Entrepot, aujourdhui: date) -> list[SeanceTenue]:
    """The séances of the journal, by semester then ICI: those that somebody dated, those that decided something."""
    jours: dict[tuple[Seance, str], date | None] = {(d.seance, d.ici): None for _, d in decisions.find_all(journal)}
    for fiche in journal.find_all(OBJET):
        seance, _, ici = fiche.identifiant.partition("-")  # an erased entry says nothing else
        jours[Seance.read(seance), ici] = jour_dit(fiche)
    return [
        SeanceTenue(seance, ici, jour, _etat(journal, entrepot, seance, ici, jour, aujourdhui))
        for (seance, ici), jour in sorted(jours.items(), key=lambda lu: lu[0])
    ]


def seances(journal: Journal) -> set[Seance]:
    """The semesters that a séance of the journal looks at, also of one that only received what came too late."""
    recus = {b.seance for _, b in blocages.find_all(journal)}
    return recus | {Seance.read(f.identifiant.partition("-")[0]) for f in journal.find_all(OBJET)}


def _same(fiche: Fiche, seance: Seance, ici: str, jour: date | None) -> Fiche:
    if (tenue := jour_dit(fiche)) != jour:
        dite = f", le {langue.jour(tenue)}" if tenue else ""
        raise AppelIncorrect(
            f"La séance {seance} de l’{ici} existe déjà{dite} : changer sa date dans Préparer › Atelier."
        )
    return fiche


def _etat(
    journal: Journal, entrepot: Entrepot, seance: Seance, ici: str, tenue: date | None, aujourdhui: date
) -> EtatSeance:
    if signee := signature.read(journal, seance, ici):
        return EtatSeance.SIGNEE if signature.est_a_jour(journal, signee[1]) else EtatSeance.A_RESIGNER
    if entrepot.pour(ici).est_gelee(seance):
        return EtatSeance.GELEE
    if tenue is None:
        return EtatSeance.SANS_DATE
    return EtatSeance.A_VENIR if tenue >= aujourdhui else EtatSeance.PASSEE


def _require_ici(entrepot: Entrepot, seance: Seance, ici: str) -> None:
    """Of the data that serve the séance; before any, of the official perimeter."""
    if entrepot.instantane(seance) is None:
        connues: Collection[str] = sorted({c.ici for c in reference.communes().values() if c.ici})
    else:
        with entrepot.open(Portee.mel(), seance) as lecteur:
            connues = perimetre.icis(lecteur)
    perimetre.require_parmi(connues, ici)
