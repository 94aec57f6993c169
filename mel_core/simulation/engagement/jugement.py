"""Whether an engagement can be held: one verdict and one sentence, the same at 13h30, in Simuler and by the command."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.simulation.engagement import calcul_engagement
from mel_core.simulation.engagement.calcul_engagement import MotifEngagement, ScenarioEngagement, VerdictEngagement
from mel_core.simulation.engagement.repartition import au_plus
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle import langue

MOTS = {
    VerdictEngagement.FAISABLE: "Faisable",
    VerdictEngagement.TENDU: "Tendu",
    VerdictEngagement.INFAISABLE: "Impossible",
}
_DEBUTS = {
    VerdictEngagement.FAISABLE: "rien ne change, ",
    VerdictEngagement.TENDU: "plus de la moitié de ce qui est possible, ",
    VerdictEngagement.INFAISABLE: "",
}


@dataclass(frozen=True)
class JugementEngagement:
    """`raison`: what binds, or why nothing changes; empty where nothing does. As a string, a sentence that opens with
    the verdict."""

    verdict: VerdictEngagement
    motif: MotifEngagement | None
    raison: str

    @property
    def mot(self) -> str:
        return MOTS[self.verdict]

    @property
    def est_possible(self) -> bool:
        return self.verdict is not VerdictEngagement.INFAISABLE

    @property
    def suite(self) -> str:
        """What follows the word of the verdict."""
        return f" : {self.raison}." if self.raison else "."

    def __str__(self) -> str:
        return langue.typeset(f"{self.mot}{self.suite}")


def judge(situation: Situation, essai: ScenarioEngagement) -> JugementEngagement:
    """The verdict on `essai` (made by `Situation.scenario`), as the counts of `situation` are said.

    What the flow gives already is not the reason of anything where it is unknown (`Situation.est_observe`).
    """
    verdict, motif = calcul_engagement.judge(essai)
    if motif is None or (motif is MotifEngagement.DEJA_OBSERVE and not situation.est_observe):
        return JugementEngagement(verdict, motif, "")
    raison = {
        MotifEngagement.AUCUN_MENAGE: "le segment ne compte aucun ménage",
        MotifEngagement.AUCUN_FLUX: "aucune attribution n’est attendue",
        MotifEngagement.PLUS_QUE_LE_FLUX: f"le flux attendu est de {langue.effectif(situation.flux, 'attribution')}",
        MotifEngagement.PLUS_QUE_LES_MENAGES: f"le segment compte {langue.effectif(situation.n, 'ménage')}",
        MotifEngagement.PLUS_QUE_LES_SERVABLES: (
            f"le flux n’offre de quoi loger là où ils demandent que {langue.effectif(situation.n_servables, 'ménage')}"
        ),
        MotifEngagement.DEJA_OBSERVE: "c’est ce que le flux leur donne déjà",
    }[motif]
    return JugementEngagement(verdict, motif, f"{_DEBUTS[verdict]}{raison}")


def au_mieux(situation: Situation, essai: ScenarioEngagement) -> int:
    """The most households of those aimed at that the first semester could house, as the counts of `situation` are
    said."""
    return min(essai.vises, *(au_plus(n) for n in (situation.flux, situation.n, situation.n_servables)))
