"""What the 13h30 screens read: counts of a segment in a scope, and what an engagement is decided on. Never a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Concatenate, ParamSpec, TypeVar

import pandas as pd

from mel_core.entrepot import Lecteur, Portee
from mel_core.indicateurs.manques import SANS_RESERVE, Reserves, Silence, reserves, silence
from mel_core.seance.engagements import cohortes
from mel_core.segments import (
    SEGMENTS,
    Criteres,
    Recouvrements,
    SegmentLibre,
    completude,
    count,
    drapeaux,
    find_all,
    pseudonymes,
    recouvrements,
    titre_de,
)
from mel_core.segments.compilation import Quoi, parametres_du_jour
from mel_core.segments.listes import suites
from mel_core.segments.listes.causes import Notees, find_notees
from mel_core.simulation.engagement import calcul_engagement, situation
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle.periodes import Seance
from pages.commun import donnees, memo

P = ParamSpec("P")
T = TypeVar("T")
LIBRE = "libre"  # how the address and the selector name a free segment


@dataclass(frozen=True)
class QuestionSegment:
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
    def quoi(self) -> Quoi:
        return SegmentLibre.read(self.libre) if self.nom == LIBRE else self.nom

    @property
    def criteres(self) -> Criteres:
        return Criteres(Seance.read(self.seance).fin, self.mois, self.n_min, self.fenetre)

    def ask(
        self, question: Callable[Concatenate[Lecteur, Quoi, Criteres, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a question of the core on a segment answers of this one: see `donnees.ask`."""
        return self.ask_there(question, self.quoi, self.criteres, *args, **kwargs)

    def ask_there(self, question: Callable[Concatenate[Lecteur, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same of a question on something else, in the same scope."""
        return donnees.ask_in(self.ici, self.identifiant, self.seance, question, *args, **kwargs)

    def open(self, portee: Portee | None = None) -> Lecteur:
        """A reader of the scope (or of `portee`), if the snapshot is still the one that this names."""
        return donnees.open(self.identifiant, self.seance, portee or (Portee.ici(self.ici) if self.ici else None))

    @property
    def titre(self) -> str:
        """The segment, and its steps when they moved."""
        if self.nom == LIBRE:
            return "Segment libre"
        n_min, fenetre = self.n_min if self.n_min != 2 else None, self.fenetre if self.fenetre != 24 else None
        return titre_de(self.nom, self.mois, n_min, fenetre)


def compte(question: QuestionSegment) -> tuple[int, int]:
    """The demandes of the segment, among the active ones of the scope."""
    return question.ask(count), question.ask_there(count, SegmentLibre(), question.criteres)


def connaissance(question: QuestionSegment) -> tuple[Silence | None, Reserves]:
    """Why nobody knows how many the segment holds; else what is said beside its count."""
    debut, jour = question.criteres.debut, question.criteres.jour
    pourquoi = question.ask_there(silence, question.quoi, debut)
    return pourquoi, SANS_RESERVE if pourquoi else question.ask_there(reserves, question.quoi, debut, jour)


@memo.exact(128, est_partage=True)
def croisements(question: QuestionSegment) -> Recouvrements:
    """The segment at its own step and every other of the contract that is known, at its usual threshold: overlaps,
    union."""
    with question.open() as lecteur:
        debut = question.criteres.debut
        segments = {nom: nom for nom in SEGMENTS if silence(lecteur, nom, debut) is None} | {
            question.nom: question.quoi
        }
        au_pas = {} if question.mois is None else {question.nom: question.mois}
        return recouvrements(lecteur, replace(question.criteres, mois=None), segments, mois=au_pas)


def notees(question: QuestionSegment) -> Notees:
    """What communes and bailleurs noted of it, as the journal stands: kept until an outcome is noted."""
    derniere = max((f.rang for f in donnees.journal().find_all(suites.OBJET)), default=0)
    return _notees(question, derniere)


@memo.exact(64, est_partage=True)
def _notees(question: QuestionSegment, derniere: int) -> Notees:
    """`derniere`: the rank of the last outcome in the journal, 0 where nothing is noted."""
    with question.open() as lecteur:
        menages = pseudonymes(lecteur, question.quoi, question.criteres) if derniere else ()
    return find_notees(donnees.journal(), menages, Seance.read(question.seance))


def drapeau(question: QuestionSegment) -> tuple[str, int, int, int, int] | None:
    """The SNE's flag that measures the same thing: its name, then the four counts of `segments.drapeaux`."""
    lus = question.ask_there(drapeaux, question.criteres)
    siennes = lus[lus["segment"] == question.nom].drop(columns="segment")
    return None if siennes.empty else tuple(siennes.iloc[0])


def enregistres(identifiant: str, seance: str) -> pd.DataFrame:
    """What each bailleur recorded over 12 months: see `mel_core.segments.completude`. One without a name has its code
    for one."""
    lus = donnees.ask(identifiant, seance, completude, Seance.read(seance).fin)
    return lus.assign(nom=lus["nom"].fillna(lus["bailleur"]))


def sans_evenement(identifiant: str, seance: str) -> tuple[str, ...]:
    """Bailleurs who signed bails in 12 months and of whom no event at all is recorded."""
    lus = enregistres(identifiant, seance)
    return tuple(str(x.nom) for x in lus.itertuples() if x.est_sans_evenement and x.n > 0)


@memo.exact(128, est_partage=True)
def read_situation(question: QuestionSegment) -> Situation:
    """What an engagement is decided on."""
    with question.open() as lecteur, replace(question, ici="").open() as metropole:
        return situation.read(lecteur, question.quoi, question.criteres, metropole)


@memo.exact(512)
def prorata(question: QuestionSegment, nombre: int) -> dict[str, dict[str, int]]:
    """`nombre` households by commune and by bailleur, in proportion to the flow (`share_by_place`)."""
    return calcul_engagement.share_by_place(read_situation(question).cellules, nombre)


def pin(question: QuestionSegment) -> pd.DataFrame:
    """The households of the segment, to be frozen: rows, hence never cached nor shown."""
    with question.open() as lecteur:
        return cohortes.pin(find_all(lecteur, question.quoi, question.criteres))


def a_le_drapeau(identifiant: str, seance: str) -> bool:
    """Whether the data bear the SNE's own flag of abnormal delay."""
    return bool(donnees.ask(identifiant, seance, parametres_du_jour, Seance.read(seance).fin)["drapeau"])
