"""What a commune or a bailleur promised, and what came of it: its part of each engagement, then the decisions that bear
on it, each with the verdict of the one gate (`verdict.judge`)."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten

from mel_core.journal import Journal
from mel_core.seance.coordination import blocages
from mel_core.seance.coordination.decisions import Decision
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.engagements.cohorte import Issue
from mel_core.seance.engagements.engagement_pris import Engagement
from mel_core.seance.engagements.resultat_engagement import ResultatEngagement
from mel_core.seance.verdict import MOTS, Jugement, Mot, PasDeVerdict, share
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte

TROP_FAIBLE = "effectif trop faible"
RIEN = "rien, à la séance d’avant ni à celle-ci : une décision se propose à 10h30, un engagement à 13h30"
_SIGNES_DITS = 70  # of a decision or of a segment, whole at 9h00 and 13h30


def part_de(engagement: Engagement, coupe: str, code: str) -> int | None:
    """What `engagement` asks of a commune or of a bailleur (`coupe`); None: nothing."""
    return (engagement.par_commune if coupe == "commune" else engagement.par_bailleur).get(code)


def judge_part(n: int, dit: Compte, promis: int, jugement: Jugement | None) -> str:
    """Whether a place holds its part: `tenu`, `non tenu`, or that it is too few to be said; the dash where the whole
    engagement is not judged. `dit`: `n` as it is read."""
    if jugement is None or isinstance(jugement, PasDeVerdict):
        return langue.ABSENT
    if dit.est_tu and promis <= dit.au_plus:
        return TROP_FAIBLE
    return MOTS[Mot(share(jugement, n, promis).groupe)]


def say_engagement(
    engagement: Engagement,
    resultat: ResultatEngagement | PasDeVerdict | None,
    coupe: str,
    code: str,
    bailleurs: Mapping[str, str],
) -> str:
    """`Poulidors (S1 2017) : 12 annoncés, 15 relogés, tenu`. `resultat`: None before the next séance."""
    promis = part_de(engagement, coupe, code) or 0
    titre = shorten(engagement.titre(bailleurs), _SIGNES_DITS, placeholder="…")
    debut = f"{titre} : {langue.effectif(promis, 'ménage annoncé', 'ménages annoncés')}"
    if resultat is None:
        return f"{debut} d’ici au {langue.jour(engagement.echeance)}"
    if isinstance(resultat, PasDeVerdict):
        return f"{debut}, {resultat.say()}"
    par_lieu = resultat.par_lieu[f"{coupe}_bail"]
    siens = (par_lieu["cle"] == code) & (par_lieu["issue"] == str(Issue.RELOGE))
    n = int(par_lieu.loc[siens, "n"].sum())
    dit, verdict = reader().chez(coupe, code).compte(n), resultat.verdict
    constat = verdict.say() if isinstance(verdict, PasDeVerdict) else judge_part(n, dit, promis, verdict)
    return f"{debut}, {langue.effectif(dit, 'relogé')}, {constat}"


def say_decision(resultat: ResultatDecision) -> str:
    """`« Réunir les réservataires une fois par mois », AR-Habitat : atteint`."""
    return f"{_texte(resultat.decision)}, {resultat.decision.porteur_dit} : {resultat.vu().say()}"


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
