"""From promise to proof: each decision reopens with its figure then, now, its target, a verdict, and what changed.

The verdict is `mel_core.seance.verdict`'s; what a signed séance measured is what it kept. What a commune or a bailleur
promised is told by the same gate: its part of each engagement, then the decisions that bear on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd

from mel_core.entrepot import Entrepot
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL, wilson
from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.seance import gardes
from mel_core.seance.coordination import blocages, changements, textes
from mel_core.seance.coordination.decisions import Decision, Lue, find_all, order
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinPreuve, read_ou_dire
from mel_core.seance.coordination.temoins import say as say_temoin
from mel_core.seance.engagements.cohortes import Issue
from mel_core.seance.engagements.engagement_pris import Engagement, EngagementJuge
from mel_core.seance.engagements.engagement_pris import find_all as find_engagements
from mel_core.seance.verdict import DIT, MOTS, PART, RESTE, Jugement, Mot, PasDeVerdict, Valeur, Verdict, judge, share
from mel_core.secret.bail import Audience, reader
from mel_core.socle import langue
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
    spite of it. Empty: unknown. All exact: `vu` and `reserves` say what is read.
    """

    fiche: Fiche
    decision: Decision
    seance: Seance
    maintenant: Valeur | None
    relue: Valeur | None
    verdict: Jugement
    issue: IssueDecision | None
    mouvement: str = ""

    @property
    def est_mesure(self) -> bool:
        """Whether a figure tells, be it too little to conclude: nobody is asked what became of it."""
        return self.verdict.groupe != RESTE

    def vu(self) -> Jugement:
        """The verdict as it is read: none of a figure of which it is told nothing; what people said of one
        that no figure tells."""
        if not self.est_mesure and self.issue:
            return PasDeVerdict(MOTS[self.issue.verdict], groupe=DIT)
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
            yield f"Les données ne couvrent que {durees} : rien n’est comparé, ni jugé."
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
    """The decisions acted at the previous séance in this ICI, and earlier ones whose deadline fell after it."""
    precedente = seance.precedente
    return [
        (fiche, decision)
        for fiche, decision in find_all(journal, ici=ici)
        if decision.est_actee
        and (decision.seance == precedente or (decision.seance < precedente and decision.echeance > precedente.fin))
    ]


def bilan(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str) -> BilanDecisions:
    """Every decision that reopens at `seance` in `ici`, measured in the snapshot that serves it."""
    lues = a_rouvrir(journal, seance, ici)
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


def read_issue(journal: Journal, decision: str, seance: Seance) -> tuple[Fiche, IssueDecision] | None:
    """What was written of the decision at `seance`; None when nothing was."""
    return IssueDecision.find(journal, ISSUE, _nom_issue(decision, seance))


def _nom_issue(decision: str, seance: Seance) -> str:
    return f"{decision}-{seance}"


MASQUE, ARRONDI = "masqué", "à l’arrondi près"
RIEN = "rien, à la séance d’avant ni à celle-ci"
_SIGNES_DITS = 90  # of a decision or of a segment, whole at 9h00 and 13h30


def part_de(engagement: Engagement, coupe: str, code: str) -> int | None:
    """What `engagement` asks of a commune or of a bailleur (`coupe`); None: nothing."""
    return (engagement.par_commune if coupe == "commune" else engagement.par_bailleur).get(code)


def judge_part(n: int, lu_par: Audience, promis: int, jugement: Jugement | None) -> str:
    """Whether a place holds its part: `tenu`, `non tenu`, or that what `lu_par` reads of `n` tells neither; the dash
    where the whole engagement is not judged."""
    if jugement is None or isinstance(jugement, PasDeVerdict):
        return langue.ABSENT
    dit = lu_par.compte(n)
    if dit == lu_par.compte(promis) == lu_par.compte(promis - 1):  # what is read is of both sides of what was promised
        return MASQUE if dit.est_tu else ARRONDI
    return MOTS[Mot(share(jugement, n, promis).groupe)]


def say_engagement(
    engagement: Engagement,
    resultat: EngagementJuge | PasDeVerdict | None,
    coupe: str,
    code: str,
    bailleurs: Mapping[str, str],
) -> str:
    """`Poulidors : 12 ménages annoncés d’ici au 31 décembre 2017, 15 relogés, tenu`. `resultat`: None before the next
    séance."""
    promis = part_de(engagement, coupe, code) or 0
    titre = shorten(engagement.titre(bailleurs), _SIGNES_DITS, placeholder="…")
    annonces = langue.effectif(promis, "ménage annoncé", "ménages annoncés")
    debut = f"{titre} : {annonces} d’ici au {langue.jour(engagement.echeance)}"
    if resultat is None:
        return debut
    if isinstance(resultat, PasDeVerdict):
        return f"{debut}, {resultat.say()}"
    n = count_loges(resultat.par_lieu[f"{coupe}_bail"], code)
    lu_par, verdict = reader().chez(coupe, code), resultat.verdict
    constat = verdict.say() if isinstance(verdict, PasDeVerdict) else judge_part(n, lu_par, promis, verdict)
    tenu = f"résultat {MASQUE}" if constat == MASQUE else constat
    return f"{debut}, {langue.effectif(lu_par.compte(n), 'relogé')}, {tenu}"


def count_loges(par_lieu: pd.DataFrame, code: str) -> int:
    """The households housed in a place. `par_lieu`: see `cohortes.bilan_par`."""
    siens = (par_lieu["cle"] == code) & (par_lieu["issue"] == str(Issue.RELOGE))
    return int(par_lieu.loc[siens, "n"].sum())


def say_promises(
    journal: Journal,
    ou: tuple[Seance, str | None],
    lieu: tuple[str, str, str],
    answer: Callable[[Fiche, Engagement], EngagementJuge | PasDeVerdict],
    rouvertes: Iterable[ResultatDecision],
    noms: Mapping[str, str],
    bailleurs: Mapping[str, str],
) -> list[str]:
    """The part of a place (`lieu`: commune or bailleur, its code, its name) in each engagement that runs or fell due at
    `ou` (séance and ICI), then the decisions that come back and bear on it. Empty where only the day decided of it."""
    (seance, ici), (coupe, code, nom) = ou, lieu
    dits = [
        say_engagement(e, None if e.seance == seance else answer(entree, e), coupe, code, bailleurs)
        for entree, e in find_engagements(journal, ici=ici or "")
        if part_de(e, coupe, code) and e.seance <= seance and e.echeance >= seance.debut
    ]
    dits += [say_decision(r, noms) for r in rouvertes if bears_on(journal, r.decision, coupe, code, nom)]
    return dits if dits or find_prises(journal, ou, lieu) else [RIEN]


def find_prises(journal: Journal, ou: tuple[Seance, str | None], lieu: tuple[str, str, str]) -> list[Decision]:
    """What the séance of `ou` decided, acted or sent back, that bears on a place."""
    return [d for _, d in order(journal, ou[0], ou[1] or "") if bears_on(journal, d, *lieu)]


def say_points(sujets: Iterable[str], *, est_signe: bool) -> str:
    """What 10h30 has to decide of a place; once its relevé is signed, what it left."""
    return f"{'resté sans décision' if est_signe else 'à décider'} à 10h30, {' ; '.join(sujets)}"


def say_decision(resultat: ResultatDecision, noms: Mapping[str, str]) -> str:
    """`« Réunir les réservataires une fois par mois », AR-Habitat : atteint (ACI en premier accès, Tourcoing)`: what is
    measured, and where, is not always who bears it."""
    decision = resultat.decision
    mesure = f" ({say_temoin(decision.temoin, noms)})" if resultat.est_mesure and decision.temoin else ""
    return f"{_texte(decision)}, {decision.porteur_dit} : {resultat.vu().say()}{mesure}"


def say_prise(decision: Decision) -> str:
    """`« Réunir les réservataires une fois par mois » : AR-Habitat, d’ici le 30 juin 2018`, of this séance."""
    return f"{_texte(decision)} : {decision.qui_et_quand}"


def _texte(decision: Decision) -> str:
    return f"« {shorten(decision.texte.rstrip('.'), _SIGNES_DITS, placeholder='…')} »"


def bears_on(journal: Journal, decision: Decision, coupe: str, code: str, nom: str) -> bool:
    """Whether a place bears it, whether it answers a blocage there, or is measured there."""
    if code == decision.porteur or nom == decision.responsable or code == getattr(decision.temoin, coupe, ""):
        return True
    point = journal.read(blocages.OBJET, decision.blocage) if coupe == "commune" and decision.blocage else None
    return point is not None and not point.effacee and code in blocages.Blocage.depuis(point).secteur.communes
