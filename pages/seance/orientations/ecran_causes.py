"""13h30, what communes and bailleurs noted of the demandes of a segment: the causes, added up, one picture."""

from __future__ import annotations

from mel_core.segments.listes import causes as coeur
from mel_core.segments.phrases_segments import rank
from pages.commun import annonces
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import etape
from pages.commun.segments import lecture_orientations as lecture
from pages.commun.segments.lecture_orientations import QuestionSegment


def say(question: QuestionSegment, choisi: Perimetre) -> str:
    return coeur.say(choisi.ici_dite, question.titre, lecture.notees(question))


def show(question: QuestionSegment) -> None:
    """The bars of the causes; what is not a cause is counted in the sentence alone."""
    comptes = lecture.notees(question).causes.rename(columns={"dite": "cle"})[["cle", "n"]]
    if comptes.empty:
        annonces.note(coeur.AUCUNE)
        return
    titre = f"{question.titre} : causes notées"
    etape.draw_repartition(*etape.repartition(rank(comptes, {}, ""), "cause", coeur.QUOI, titre))
