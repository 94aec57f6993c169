"""What the 13h30 screens read: counts of a segment in a scope, and what an engagement is decided on. Never a line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur, Portee
from mel_core.indicateurs.manques import Silence, arret, silence
from mel_core.seance.engagements import cohorte, explication
from mel_core.seance.engagements.explication import Explication
from mel_core.segments import (
    SEGMENTS,
    Criteres,
    Recouvrements,
    SegmentLibre,
    completude,
    count,
    count_par,
    drapeaux,
    find_all,
    recouvrements,
    titre_de,
)
from mel_core.segments.compilation import parametres_du_jour
from mel_core.segments.profil import profil, tension
from mel_core.simulation.engagement import situation
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle.periodes import Seance
from pages.commun import donnees, memo

LIBRE = "libre"  # how the address and the selector name a free segment


@dataclass(frozen=True)
class Question:
    """A segment in a scope at the end of a séance, hashable: what every cached answer depends on.

    `nom`: a segment of the contract, or LIBRE with its conditions in `libre` (`SegmentLibre.texte`). `ici` is empty for
    the whole Métropole.
    """

    identifiant: str
    seance: str
    ici: str
    nom: str
    mois: int | None = None
    n_min: int = 2
    fenetre: int = 24
    libre: str = ""

    @property
    def portee(self) -> Portee | None:
        return Portee.ici(self.ici) if self.ici else None

    @property
    def quoi(self) -> str | SegmentLibre:
        return SegmentLibre.read(self.libre) if self.nom == LIBRE else self.nom

    @property
    def criteres(self) -> Criteres:
        return Criteres(Seance.read(self.seance).fin, self.mois, self.n_min, self.fenetre)

    @property
    def seuil(self) -> int:
        """N months, when the rule has one."""
        return self.mois if self.mois is not None else SEGMENTS[self.nom].mois

    @property
    def titre(self) -> str:
        """The segment, and its steps when they moved."""
        if self.nom == LIBRE:
            return "Segment libre"
        n_min, fenetre = self.n_min if self.n_min != 2 else None, self.fenetre if self.fenetre != 24 else None
        return titre_de(self.nom, self.mois, n_min, fenetre)


@dataclass(frozen=True)
class Compte:
    """`n` demandes of the segment among `n_actives` active demandes of the scope."""

    n: int
    n_actives: int

    @property
    def part(self) -> float | None:
        return self.n / self.n_actives if self.n_actives else None


def open(question: Question) -> Lecteur:
    """A reader of the question's scope, if the snapshot is still the one that it names."""
    return donnees.open(question.identifiant, question.seance, question.portee)


@memo.exact(1024)
def compte(question: Question) -> Compte:
    with open(question) as lecteur:
        return Compte(
            count(lecteur, question.quoi, question.criteres), count(lecteur, SegmentLibre(), question.criteres)
        )


@memo.exact(128)
def connaissance(question: Question) -> tuple[Silence | None, date | None]:
    """Why nobody knows how many the segment holds; else the day of the last event, when it is read from events that
    stop before the end of the séance."""
    with open(question) as lecteur:
        pourquoi = silence(lecteur, question.quoi, question.criteres.debut)
        return pourquoi, None if pourquoi else arret(lecteur, question.quoi, question.criteres.jour)


@memo.exact(1024)
def decoupe(question: Question, cle: str) -> pd.DataFrame:
    """One row per code of `cle`: `cle`, `n`."""
    with open(question) as lecteur:
        return count_par(lecteur, question.quoi, question.criteres, cle)


@memo.exact(128, est_partage=True)
def croisements(question: Question) -> Recouvrements:
    """The segment at its own step and every other of the contract that is known, at its usual threshold: overlaps,
    union."""
    with open(question) as lecteur:
        debut = question.criteres.debut
        segments = {nom: nom for nom in SEGMENTS if silence(lecteur, nom, debut) is None} | {
            question.nom: question.quoi
        }
        au_pas = {} if question.mois is None else {question.nom: question.mois}
        return recouvrements(lecteur, replace(question.criteres, mois=None), segments, mois=au_pas)


@memo.exact(128)
def drapeau(question: Question) -> tuple[Any, ...] | None:
    """The SNE's flag that measures the same thing: its name, then the four counts of `croisements.drapeaux`."""
    with open(question) as lecteur:
        lus = drapeaux(lecteur, question.criteres)
    siennes = lus[lus["segment"] == question.nom].drop(columns="segment")
    return None if siennes.empty else tuple(siennes.iloc[0])


@memo.exact(32)
def enregistres(identifiant: str, seance: str) -> pd.DataFrame:
    """What each bailleur recorded over 12 months: see `mel_core.segments.completude`. One without a name has its code
    for one."""
    question = Question(identifiant, seance, "", LIBRE)
    with open(question) as lecteur:
        lus = completude(lecteur, question.criteres.jour)
    return lus.assign(nom=lus["nom"].fillna(lus["bailleur"]))


@memo.exact(256)
def explain(question: Question) -> Explication:
    """The query of the segment, and what it leaves out."""
    with open(question) as lecteur:
        return explication.explain(lecteur, question.quoi, question.criteres)


def sans_evenement(identifiant: str, seance: str) -> tuple[str, ...]:
    """Bailleurs who signed bails in 12 months and of whom no event at all is recorded."""
    lus = enregistres(identifiant, seance)
    return tuple(str(x.nom) for x in lus.itertuples() if x.est_sans_evenement and x.n > 0)


@memo.exact(128, est_partage=True)
def read_situation(question: Question) -> Situation:
    """What an engagement is decided on."""
    with open(question) as lecteur, open(replace(question, ici="")) as metropole:
        return situation.read(lecteur, question.quoi, question.criteres, metropole)


@memo.exact(128)
def read_profil(question: Question) -> pd.DataFrame:
    """The segment beside the whole demand: see `mel_core.segments.profil.profil`."""
    with open(question) as lecteur:
        return profil(lecteur, question.quoi, question.criteres)


@memo.exact(128)
def tensions(question: Question) -> pd.DataFrame:
    """Commune × typologie that the segment wants: see `mel_core.segments.profil.tension`."""
    with open(question) as lecteur:
        return tension(lecteur, question.quoi, question.criteres)


def pin(question: Question) -> pd.DataFrame:
    """The households of the segment, to be frozen: rows, hence never cached nor shown."""
    with open(question) as lecteur:
        return cohorte.pin(find_all(lecteur, question.quoi, question.criteres))


@memo.exact(64)
def a_le_drapeau(identifiant: str, seance: str) -> bool:
    """Whether the data bear the SNE's own flag of abnormal delay."""
    question = Question(identifiant, seance, "", LIBRE)
    with open(question) as lecteur:
        return bool(parametres_du_jour(lecteur, question.criteres.jour)["drapeau"])
