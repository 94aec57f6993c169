"""13h30, what communes and bailleurs noted of the demandes of a segment: the causes, added up, one picture."""

from __future__ import annotations

import streamlit as st

from mel_core.segments import pseudonymes
from mel_core.segments.listes import causes as coeur
from mel_core.segments.listes import suites
from mel_core.segments.listes.causes import Notees
from mel_core.socle.periodes import Seance
from pages.adaptateur import vivant
from pages.commun import annonces, ecriture, memo
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import etape
from pages.commun.segments.lecture_orientations import QuestionSegment


def read(question: QuestionSegment) -> Notees:
    """As the journal stands: kept until an outcome is noted."""
    derniere = max((f.rang for f in ecriture.journal().find_all(suites.OBJET)), default=0)
    return _read(question, derniere)


@memo.exact(64, est_partage=True)
def _read(question: QuestionSegment, derniere: int) -> Notees:
    """`derniere`: the rank of the last outcome in the journal, 0 where nothing is noted."""
    with question.open() as lecteur:
        menages = pseudonymes(lecteur, question.quoi, question.criteres) if derniere else ()
    return coeur.find_notees(ecriture.journal(), menages, Seance.read(question.seance))


def say(question: QuestionSegment, choisi: Perimetre) -> str:
    return coeur.say(choisi.ici_dite, question.titre, read(question))


def show(question: QuestionSegment) -> None:
    """The bars of the causes; what is not a cause is counted in the sentence alone."""
    comptes = read(question).causes.rename(columns={"dite": "cle"})[["cle", "n"]]
    if comptes.empty:
        annonces.note(coeur.AUCUNE)
        return
    titre = f"{question.titre} : causes notées"
    figure, note = etape.repartition(etape.lignes(comptes, {}, ""), "cause", coeur.QUOI, titre)
    with st.container(key="segment_image"):
        vivant.draw(figure)
    annonces.note(note)
