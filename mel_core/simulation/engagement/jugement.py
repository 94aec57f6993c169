"""Whether an engagement can be held: one verdict and one sentence, the same at 13h30, in Simuler and by the command."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.simulation.engagement import calcul_engagement
from mel_core.simulation.engagement.calcul_engagement import Motif, Scenario, Verdict
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle import langue

MOTS = {Verdict.FAISABLE: "Faisable", Verdict.TENDU: "Tendu", Verdict.INFAISABLE: "Impossible"}
_DEBUTS = {
    Verdict.FAISABLE: "rien ne change, ",
    Verdict.TENDU: "plus de la moitié de ce qui est possible, ",
    Verdict.INFAISABLE: "",
}


@dataclass(frozen=True)
class Jugement:
    """`raison`: what binds, or why nothing changes; empty where nothing does. As a string, a sentence that opens with
    the verdict."""

    verdict: Verdict
    motif: Motif | None
    raison: str

    @property
    def mot(self) -> str:
        return MOTS[self.verdict]

    @property
    def suite(self) -> str:
        """What follows the word of the verdict."""
        return f" : {self.raison}." if self.raison else "."

    def __str__(self) -> str:
        return langue.typeset(f"{self.mot}{self.suite}")


def judge(situation: Situation, essai: Scenario) -> Jugement:
    """The verdict on `essai` (made by `Situation.scenario`), as the counts of `situation` are said.

    What the flow gives already is not the reason of anything where it is unknown (`Situation.est_observe`).
    """
    verdict, motif = calcul_engagement.judge(essai)
    if motif is None or (motif is Motif.DEJA_OBSERVE and not situation.est_observe):
        return Jugement(verdict, motif, "")
    raison = {
        Motif.AUCUN_MENAGE: "le segment ne compte aucun ménage",
        Motif.AUCUN_FLUX: "aucune attribution n’est attendue",
        Motif.PLUS_QUE_LE_FLUX: f"le flux attendu est de {langue.effectif(situation.flux, 'attribution')}",
        Motif.PLUS_QUE_LES_MENAGES: f"le segment compte {langue.effectif(situation.n, 'ménage')}",
        Motif.PLUS_QUE_LES_SERVABLES: (
            f"le flux n’offre de quoi loger là où ils demandent que {langue.effectif(situation.n_servables, 'ménage')}"
        ),
        Motif.DEJA_OBSERVE: "c’est ce que le flux leur donne déjà",
    }[motif]
    return Jugement(verdict, motif, f"{_DEBUTS[verdict]}{raison}")
