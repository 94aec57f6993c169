"""From promise to proof: each decision reopens with its figure then, now, its target, a verdict, and what changed.

The verdict is `mel_core.seance.verdict`'s; what a signed séance measured is what it kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from mel_core.entrepot import Entrepot
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL, wilson
from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.seance import clotures, gardes
from mel_core.seance.coordination import changements, textes
from mel_core.seance.coordination.decisions import Decision, Lue, find_all
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinPreuve, read_ou_dire
from mel_core.seance.engagements.engagement_pris import EngagementJuge
from mel_core.seance.verdict import CLOSE, DIT, MOTS, PART, RESTE, Jugement, Mot, PasDeVerdict, Valeur, Verdict, judge
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance

ISSUE = "issue"
SIX_MOIS_EN_COMMUN = langue.typeset(
    "Les deux périodes de 12 mois ont six mois en commun : le changement n’y paraît qu’à moitié."
)


@dataclass(frozen=True)
class IssueDecision(Inscrit):
    """What people say that a decision became, where no figure tells it."""

    verdict: Mot
    texte: str

    def __post_init__(self) -> None:
        textes.check("Ce que la décision est devenue", self.texte)


@dataclass(frozen=True)
class ResultatDecision:
    """`maintenant`: the figure over the séance where the decision reopens; `relue`: that of then, in today's data.

    `verdict`: that of the figures alone; where no figure tells, `issue` is what people said. `mouvement`: whether the
    figure moved beyond chance since the decision, a sentence of its own: the target may be met without it, or missed in
    spite of it. Empty: unknown. All exact: `vu` and `reserves` say what is read. `cloture`: when and why it is followed
    no more; empty while it is.
    """

    fiche: Fiche
    decision: Decision
    seance: Seance
    maintenant: Valeur | None
    relue: Valeur | None
    verdict: Jugement
    issue: IssueDecision | None
    mouvement: str = ""
    cloture: str = ""

    @property
    def est_a_clore(self) -> bool:
        """Whether its deadline is past and it is not met: it comes back until somebody closes it."""
        return self.decision.echeance <= self.seance.fin and not self.est_atteinte

    @property
    def est_atteinte(self) -> bool:
        """Whether it is met, as measured or, where no figure tells, as people said."""
        dit = self.issue.verdict if self.issue and not self.est_mesure else self.verdict.groupe
        return dit == Mot.ATTEINT

    @property
    def est_mesure(self) -> bool:
        """Whether a figure tells, be it too little to conclude: nobody is asked what became of it."""
        return self.verdict.groupe != RESTE

    def vu(self) -> Jugement:
        """The verdict as it is read: none of a figure of which it is told nothing; what people said of one
        that no figure tells."""
        if not self.est_mesure and self.issue:
            return PasDeVerdict(MOTS[self.issue.verdict], groupe=DIT)
        if not self.est_mesure and self.cloture:
            return CLOSE
        if self.maintenant and isinstance(self.verdict, Verdict) and not self._se_dit(self.maintenant):
            return PasDeVerdict("ce chiffre ne se dit pas en salle")
        return self.verdict

    def _se_dit(self, valeur: Valeur) -> bool:
        return changements.se_dit(valeur, self.decision.temoin)

    def reserves(self) -> tuple[str, ...]:
        """What makes both figures less comparable, and whether the target was met already."""
        return tuple(langue.typeset(phrase) for phrase in self._reserves())

    def _reserves(self) -> Iterator[str]:
        decision, maintenant, relue, alors = self.decision, self.maintenant, self.relue, self.decision.alors
        if decision.temoin is None or alors is None or maintenant is None or relue is None:
            return
        if motif := maintenant.motif or alors.motif:
            yield motif
        if reserve := self.vu().reserve:
            yield reserve
        yield from changements.de_la_mesure(decision, relue, maintenant)
        depart = alors if relue.valeur is None else relue
        if partielles := [v for v in (depart, maintenant) if not v.duree.est_entiere]:
            durees = langue.liste([str(v.duree) for v in partielles])
            yield f"Les données ne couvrent que {durees} : son chiffre n’est ni comparé, ni jugé."
            return
        if maintenant.valeur is not None and _commun(decision, self.seance) == Fraction(1, 2):
            yield SIX_MOIS_EN_COMMUN


@dataclass(frozen=True)
class BilanDecisions:
    """The balance of a séance: `resultats` of the decisions that reopen; what bears on all of them, the `parametres`
    that changed (in sentences) and the bailleurs that record less (`saisies`)."""

    resultats: tuple[ResultatDecision, ...]
    parametres: tuple[str, ...] = ()
    saisies: tuple[changements.SaisieEnBaisse, ...] = ()

    def changements(self) -> tuple[str, ...]:
        """In sentences."""
        return (*self.parametres, *(s.phrase() for s in self.saisies))


def est_dans_le_bruit(alors: Valeur, maintenant: Valeur, commun: Fraction) -> bool:
    """Whether chance alone explains the change of a share: 0 is inside the 95 % interval of the difference.

    `commun`: the part of each period that the other one covers too (0: apart; 1/2: twelve months, a semester later). A
    period read twice tells of no change: what differs is a revision of its data.
    """
    if alors.unite != PART or None in (alors.valeur, maintenant.valeur) or 0 in (alors.n_connus, maintenant.n_connus):
        return False
    if commun >= 1:
        return True
    bas, haut = intervalle_de_l_ecart(alors, maintenant, commun)
    return bas <= 0 <= haut


def intervalle_de_l_ecart(alors: Valeur, maintenant: Valeur, commun: Fraction) -> tuple[float, float]:
    """The 95 % interval of q − p, the share now minus the share then, both known, from the Wilson interval of each.

    Apart, Newcombe's hybrid score (Statistics in Medicine 17, 1998, p. 873, method 10); where the periods overlap, its
    form for two shares of correlation r (ibid. p. 2635; Zou and Donner, same journal 27, 2008, p. 1693):
    q − p − √(a² − 2rab + b²) with a = q − low(q), b = high(p) − p; on the other side a = high(q) − q, b = p − low(p).
    The attributions of both periods (assumed: `commun` of the smaller count) give the covariance n_common × p(1 − p) ÷
    (n m), hence r = `commun` × √(min(n, m) ÷ max(n, m)). At n = m and half an overlap the variance is p(1 − p) ÷ n,
    that of the two halves which the periods do not share.
    """
    n, m = alors.n_connus, maintenant.n_connus
    p, q = (float(v.valeur) for v in (alors, maintenant) if v.valeur is not None)
    (bas_p, bas_q), (haut_p, haut_q) = wilson(np.array([p * n, q * m]), np.array([n, m]))
    r = float(commun) * math.sqrt(min(n, m) / max(n, m))

    def rayon(a: float, b: float) -> float:
        return math.sqrt(max(a * a - 2 * r * a * b + b * b, 0.0))

    return float(q - p - rayon(q - bas_q, haut_p - p)), float(q - p + rayon(haut_q - q, p - bas_p))


def a_rouvrir(journal: Journal, seance: Seance, ici: str) -> list[Lue]:
    """As the journal alone tells: the decisions acted at the previous séance in this ICI, earlier ones whose deadline
    fell after it, and those that the signature of `seance` kept."""
    precedente, gardees = seance.precedente, gardes.kept(journal, seance, ici)
    return [
        (fiche, decision)
        for fiche, decision in find_all(journal, ici=ici)
        if decision.est_actee
        and decision.seance <= precedente
        and (decision.seance == precedente or decision.echeance > precedente.fin or fiche.identifiant in gardees)
    ]


def rouvertes(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str) -> list[Lue]:
    """`a_rouvrir`, and the earlier decisions that no séance since found met: one is followed until it is, or is closed.
    What was signed reopens what it was signed with."""
    siennes = a_rouvrir(journal, seance, ici)
    if gardes.est_signee(journal, seance, ici):
        return siennes
    connues = {fiche.identifiant for fiche, _ in siennes}

    def est_finie(fiche: Fiche, decision: Decision) -> bool:
        depuis = (Seance.de_rang(rang) for rang in range(decision.seance.rang + 1, seance.rang))
        return clotures.est_close_avant(journal, fiche.identifiant, seance) or any(
            judge_decision(entrepot.pour(ici), journal, fiche, decision, s).est_atteinte for s in depuis
        )

    return [
        (fiche, decision)
        for fiche, decision in find_all(journal, ici=ici)
        if fiche.identifiant in connues
        or (decision.est_actee and decision.seance < seance.precedente and not est_finie(fiche, decision))
    ]


def bilan(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str) -> BilanDecisions:
    """Every decision that reopens at `seance` in `ici`, measured in the snapshot that serves it."""
    lues = rouvertes(entrepot, journal, seance, ici)
    if not lues:
        return BilanDecisions(())
    garde, entrepot = gardes.read(journal, seance, ici), entrepot.pour(ici)
    return BilanDecisions(
        tuple(judge_decision(entrepot, journal, fiche, decision, seance) for fiche, decision in lues),
        changements.parametres(entrepot, {seance.precedente, *(d.seance for _, d in lues)}, seance),
        changements.saisies(entrepot, seance.precedente, seance)
        if garde is None
        else tuple(changements.SaisieEnBaisse.depuis(s) for s in garde["saisies"]),
    )


def keep(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str) -> dict[str, Any]:
    """What each decision that reopens measured, for the signature of `seance`: counts, no row of a person."""
    lu = bilan(entrepot, journal, seance, ici)
    return {
        ici: {"saisies": [s.contenu() for s in lu.saisies]},
        **{
            r.fiche.identifiant: {
                "version": r.fiche.version,
                **{nom: v and v.contenu() for nom, v in (("maintenant", r.maintenant), ("relue", r.relue))},
            }
            for r in lu.resultats
        },
    }


def judge_decision(
    entrepot: Entrepot, journal: Journal, fiche: Fiche, decision: Decision, seance: Seance
) -> ResultatDecision:
    """The result of one decision at `seance`."""
    maintenant = relue = None
    if garde := gardes.read(journal, seance, decision.ici, fiche):
        maintenant, relue = (v and Valeur.depuis(v) for v in (garde["maintenant"], garde["relue"]))
    elif decision.temoin is not None:
        maintenant = read_ou_dire(decision.temoin, entrepot, seance)
        relue = decision.alors
        if not isinstance(decision.temoin, TemoinPreuve) or decision.temoin.est_date:
            relue = read_ou_dire(decision.temoin, entrepot, decision.seance, millesime_de=seance)
    but = decision.but
    if but is not None and relue is not None and relue.valeur is not None and relue.duree.est_entiere:
        but = replace(but, alors=(*but.alors, relue.valeur))
    issue = read_issue(journal, fiche.identifiant, seance)
    return ResultatDecision(
        fiche,
        decision,
        seance,
        maintenant,
        relue,
        judge(maintenant, Periode.de(seance, "annee"), but),
        issue[1] if issue else None,
        _mouvement(decision, seance, maintenant, relue),
        clotures.say(journal, fiche.identifiant, seance, "close"),
    )


def _mouvement(decision: Decision, seance: Seance, maintenant: Valeur | None, relue: Valeur | None) -> str:
    """What the share did since the decision, in the data of today; nothing on too few to conclude."""
    depart = decision.alors if relue is None or relue.valeur is None else relue
    if depart is None or maintenant is None or maintenant.unite != PART:
        return ""
    if (
        depart.valeur is None
        or maintenant.valeur is None
        or not (depart.duree.est_entiere and maintenant.duree.est_entiere)
    ):
        return ""
    if min(depart.n_connus, maintenant.n_connus) < EFFECTIF_MINIMAL:
        return ""
    if maintenant.valeur == depart.valeur:
        return "Depuis la décision, le chiffre n’a pas bougé."
    if est_dans_le_bruit(depart, maintenant, _commun(decision, seance)):
        return "Depuis la décision, le chiffre ne bouge pas plus que le hasard ne l’explique."
    sens = "monté" if maintenant.valeur > depart.valeur else "baissé"
    return f"Depuis la décision, le chiffre a {sens} plus que le hasard ne l’explique."


def _commun(decision: Decision, seance: Seance) -> Fraction:
    """The part of the period that is read at `seance` and was read at the decision: half for two séances in a row, each
    read over the 12 months up to its end. A stock has no period: two readings count as two samples.
    """
    temoin = decision.temoin
    if not isinstance(temoin, TemoinIndicateur) and not (isinstance(temoin, TemoinPreuve) and temoin.est_date):
        return Fraction(0)
    if decision.seance == seance:
        return Fraction(1)
    sur_12_mois = isinstance(temoin, TemoinPreuve) or temoin.etendue == "annee"
    return Fraction(1, 2) if sur_12_mois and decision.seance == seance.precedente else Fraction(0)


def fill_in(
    journal: Journal,
    decision: Fiche,
    seance: Seance,
    issue: IssueDecision,
    auteur: Auteur,
    op_id: str,
    version_vue: int = 0,
) -> Fiche:
    """Write what a decision became at `seance`, or correct it (`version_vue` ≥ 1)."""
    ou = {"decision": decision.identifiant, "seance": str(seance), "ici": decision.contenu["ici"]}
    textes.refuse_personne({"Ce que la décision est devenue": issue.texte})
    return journal.write(
        ISSUE, _nom_issue(decision.identifiant, seance), {**ou, **issue.contenu()}, auteur, op_id, version_vue
    )


def close(
    journal: Journal,
    suivi: Fiche,
    resultat: ResultatDecision | EngagementJuge,
    seance: Seance,
    motif: str,
    auteur: Auteur,
    op_id: str,
    version_vue: int = 0,
) -> Fiche:
    """From `seance` on, a decision or an engagement that is not held is followed no more. Raises `AppelIncorrect` for
    one that is held, or whose deadline is to come."""
    if not resultat.est_a_clore:
        raise AppelIncorrect(clotures.PAS_A_CLORE)
    textes.check("Motif", motif)
    textes.refuse_personne({"Motif": motif})
    return clotures.write(journal, suivi, seance, motif.strip(), auteur, op_id, version_vue)


def read_issue(journal: Journal, decision: str, seance: Seance) -> tuple[Fiche, IssueDecision] | None:
    """What was written of the decision at `seance`; None when nothing was."""
    return IssueDecision.find(journal, ISSUE, _nom_issue(decision, seance))


def _nom_issue(decision: str, seance: Seance) -> str:
    return f"{decision}-{seance}"
