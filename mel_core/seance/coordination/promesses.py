"""What a commune or a bailleur promised and what came of it: its part of each engagement, then the decisions that bear
on it, told by the gate of `resultats`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from textwrap import shorten

import pandas as pd

from mel_core.journal import Fiche, Journal
from mel_core.seance.coordination import blocages, signature
from mel_core.seance.coordination.decisions import Decision, order, sans_decision
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.coordination.temoins import say as say_temoin
from mel_core.seance.engagements.cohortes import Issue
from mel_core.seance.engagements.engagement_pris import Engagement, EngagementJuge
from mel_core.seance.engagements.engagement_pris import find_all as find_engagements
from mel_core.seance.verdict import MOTS, Jugement, Mot, PasDeVerdict, share
from mel_core.secret.bail import Audience, reader
from mel_core.socle import langue
from mel_core.socle.periodes import Seance

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
    n = count_loges(resultat.par_lieu[f"{coupe}_bail"]).get(code, 0)
    lu_par, verdict = reader().chez(coupe, code), resultat.verdict
    constat = verdict.say() if isinstance(verdict, PasDeVerdict) else judge_part(n, lu_par, promis, verdict)
    tenu = f"résultat {MASQUE}" if constat == MASQUE else constat
    return f"{debut}, {langue.effectif(lu_par.compte(n), 'relogé')}, {tenu}"


def count_loges(par_lieu: pd.DataFrame) -> dict[str, int]:
    """By place where some were, the households housed. `par_lieu`: see `cohortes.bilan_par`."""
    loges = par_lieu[par_lieu["issue"] == str(Issue.RELOGE)]
    return {cle: int(n) for cle, n in loges.groupby("cle")["n"].sum().items()}


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


def say_points(
    journal: Journal, ou: tuple[Seance, str | None], coupe: str, code: str, name: Callable[[blocages.Blocage], str]
) -> str:
    """What 10h30 has to decide of a place, that is about it or that it reported; once its relevé is signed, what it
    left. Empty of nothing. `name`: what an item is called."""
    seance, ici = ou
    points = sans_decision(journal, seance, ici) if ici else []
    siens = [name(b) for _, b in points if code == b.organisation or concerns(b, coupe, code)]
    if not ici or not siens:
        return ""
    est_signe = signature.read(journal, seance, ici) is not None
    return f"{'resté sans décision' if est_signe else 'à décider'} à 10h30, {' ; '.join(siens)}"


def say_decision(resultat: ResultatDecision, noms: Mapping[str, str]) -> str:
    """`« Réunir les réservataires une fois par mois », AR-Habitat : atteint (ACI en premier accès, Tourcoing)`: what is
    measured, and where, is not always who bears it."""
    decision = resultat.decision
    mesure = f" ({say_temoin(decision.temoin, noms)})" if resultat.est_mesure and decision.temoin else ""
    cloture = f", {resultat.cloture}" if resultat.cloture else ""
    return f"{_texte(decision)}, {decision.porteur_dit} : {resultat.vu().say()}{mesure}{cloture}"


def say_prise(decision: Decision) -> str:
    """`« Réunir les réservataires une fois par mois » : AR-Habitat, d’ici le 30 juin 2018`, of this séance."""
    return f"{_texte(decision)} : {decision.qui_et_quand}"


def _texte(decision: Decision) -> str:
    return f"« {shorten(decision.texte.rstrip('.'), _SIGNES_DITS, placeholder='…')} »"


def bears_on(journal: Journal, decision: Decision, coupe: str, code: str, nom: str) -> bool:
    """Whether a place bears it, whether it answers a blocage there or of that bailleur, or is measured there."""
    if code == decision.porteur or nom == decision.responsable or code == getattr(decision.temoin, coupe, ""):
        return True
    lu = blocages.Blocage.find(journal, blocages.OBJET, decision.blocage) if decision.blocage else None
    return lu is not None and concerns(lu[1], coupe, code)


def concerns(blocage: blocages.Blocage, coupe: str, code: str) -> bool:
    """Whether a blocage is of this commune, or about this bailleur."""
    return code in blocage.secteur.communes if coupe == "commune" else code == blocage.bailleur
