"""What a séance acted, in words, whatever document says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mel_core.seance.coordination import Position, signature
from mel_core.seance.engagements.engagement_pris import TableauDuPartage
from mel_core.socle import langue

SANS_DATE = "date non fixée"


@dataclass(frozen=True)
class DecisionEcrite:
    """A decision in words. `sujet`: where and for whom; `constat`: what it answers, as the room read it. `alors`,
    `cible`: of what will tell (`temoin`); empty when nothing measures it. `positions`: by institution, also of those
    that took none. `renvoi`: to which séance, in words, when nobody took act of it: it then has no owner, no deadline,
    no result. `reserve`: what those who act with one say."""

    texte: str
    responsable: str
    echeance: date | None
    sujet: str = ""
    temoin: str = ""
    alors: str = ""
    cible: str = ""
    positions: Mapping[str, Position] = field(default_factory=dict)
    renvoi: str = ""
    constat: str = ""
    reserve: str = ""

    @property
    def dite(self) -> str:
        """`Doubler les ACI (Bailleur B1, d’ici le 30 juin 2018). Ménages ACI, Roubaix : 30 % ce jour, cible 45 %.`"""
        texte = self.texte.strip().removesuffix(".")
        if self.renvoi:
            return f"{texte} ({self.renvoi})."
        echeance = f", d’ici le {langue.jour(self.echeance)}" if self.echeance else ""
        dite = f"{texte} ({self.responsable}{echeance})."
        if not self.temoin:
            return dite
        cible = f", cible {self.cible}" if self.cible else ", sans cible"
        return f"{dite} {self.temoin} : {self.alors or langue.ABSENT} ce jour{cible}."


@dataclass(frozen=True)
class SuiteEcrite:
    """What a decision or an engagement of the last séance gave, in words. `temoin`: the figure that tells and where it
    is read; empty when nothing measures it. `reserves`: why its reading may not be taken for a proof. `porteur`: who
    was to act, `signe`: that of its verdict, which a screen shows too. `parts`: how many places hold what an engagement
    asked of each, which has no room beside the others on a screen that is projected. `quand`: when `aujourd_hui`
    was counted, where an engagement was judged on its own day."""

    quoi: str
    alors: str
    aujourd_hui: str
    cible: str
    lecture: str
    temoin: str = ""
    reserves: Sequence[str] = ()
    porteur: str = ""
    signe: str = ""
    parts: str = ""
    quand: str = ""

    @property
    def maintenant(self) -> str:
        """`54 relogés au 31 décembre 2017`: under « Aujourd’hui », where it may be a day of its own."""
        return f"{self.aujourd_hui} {self.quand}".rstrip()

    @property
    def qui(self) -> str:
        """Who was to act, then the figure that tells."""
        return " · ".join(x for x in (self.porteur, self.temoin) if x)

    @property
    def ligne(self) -> tuple[str, ...]:
        """Its row in a document: who reads « atteint » reads on the same row why it may be chance."""
        quoi = "\n".join(x for x in (self.quoi, self.qui, self.parts, *self.reserves) if x)
        return quoi, self.alors, self.maintenant, self.cible, self.lecture

    @property
    def phrase(self) -> str:
        """A decision typed as a sentence ends with its full stop; one that no figure follows has none to say."""
        debut = self.quoi.strip().removesuffix(".") + (f" ({self.qui})" if self.qui else "")
        chiffres = ""
        if not self.alors == self.aujourd_hui == self.cible == langue.ABSENT:
            chiffres = f"{self.alors} alors, {self.aujourd_hui} {self.quand or 'aujourd’hui'}, cible {self.cible} : "
        dite = langue.typeset(f"{debut} : {chiffres}{self.lecture.removesuffix('.')}.")
        return " ".join(x for x in (dite, self.parts, *self.reserves) if x)


@dataclass(frozen=True)
class Releve:
    """What a relevé says. `suivi`: decisions and engagements of the last séance. `reserves`: what bears on all of them.

    `signature`: who signed for the presidency and when, in words; empty while it is a projet. `modifie_depuis`: the day
    of the signature when what follows is no longer what was signed; empty otherwise. `lien`: the last link of
    the journal when the document was made, None when nothing was written. `scenarios`: hypotheses that the room asked
    to keep, (name, what it answers, by whom); `compares`: those of one simulation side by side: its title, the heads of
    the table (the constat, then their names), a row per figure.
    `partages`: how each engagement is shared out. `sans_decision`: the items of the agenda that no decision answers.
    `tenue`: when and where the ICI met; `presents`: who was represented, empty while nobody told; `excuses`;
    `sans_reponse`: who was invited and is neither.
    """

    decisions: Sequence[DecisionEcrite]
    engagements: Sequence[tuple[str, ...]] = ()
    pratiques: Sequence[tuple[str, str]] = ()
    suivi: Sequence[SuiteEcrite] = ()
    reserves: Sequence[str] = ()
    signature: str = ""
    lien: str | None = None
    scenarios: Sequence[tuple[str, str, str]] = ()
    compares: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = ()
    modifie_depuis: str = ""
    sans_decision: Sequence[str] = ()
    partages: Sequence[TableauDuPartage] = ()
    tenue: str = SANS_DATE
    presents: Sequence[str] = ()
    excuses: Sequence[str] = ()
    sans_reponse: Sequence[str] = ()

    @property
    def est_signe(self) -> bool:
        """Whether it was, be it of another text."""
        return bool(self.signature or self.modifie_depuis)

    @property
    def comptes(self) -> tuple[int, int, int, int]:
        """Decisions acted, sent back, engagements, items of the agenda without a decision."""
        n_renvoyees = sum(bool(d.renvoi) for d in self.decisions)
        return len(self.decisions) - n_renvoyees, n_renvoyees, len(self.engagements), len(self.sans_decision)

    @property
    def actes(self) -> list[str]:
        """The same, a line each, where they hold on few of them."""
        promis = (f"Engagement : {quoi}, {combien} d’ici le {quand}." for quoi, combien, quand, _ in self.engagements)
        laisses = (f"Sans décision : {point}" for point in self.sans_decision)
        return list(map(langue.typeset, (*(d.dite for d in self.decisions), *promis, *laisses)))

    @property
    def etat(self) -> str:
        return signature.say_etat(self.signature, self.modifie_depuis)
