"""The balance of the last séance: each decision and engagement, then, now, target, verdict, and what changed."""

from __future__ import annotations

from html import escape

import streamlit as st

from mel_core.dossier.ecrits import say_temoin
from mel_core.journal import Fiche
from mel_core.seance.coordination import resultats
from mel_core.seance.coordination.changements import say_cible, say_valeur
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.engagements.engagement_pris import Engagement, find_all
from mel_core.seance.engagements.resultat_engagement import ResultatEngagement
from mel_core.seance.verdict import Jugement, PasDeVerdict
from mel_core.secret.audience import Audience
from mel_core.socle import langue
from pages.commun import cadre, ecriture
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.segments import ecran_engagements
from pages.seance.introduction import acte_issue


def engagements_a_constater(choisi: Perimetre) -> list[tuple[Fiche, Engagement]]:
    """Those of the previous séance in this ICI."""
    return [
        (f, e)
        for f, e in find_all(ecriture.journal(), ici=lecture.require_ici(choisi))
        if e.seance == choisi.seance.precedente
    ]


def verdicts_des_engagements(choisi: Perimetre) -> list[Jugement]:
    """What each engagement of the previous séance gave, or why nothing is said."""
    lus = (ecran_engagements.answer(f, e, choisi) for f, e in engagements_a_constater(choisi))
    return [r if isinstance(r, PasDeVerdict) else r.verdict for r in lus]


def show(choisi: Perimetre) -> None:
    """The table: one line per decision then per engagement."""
    rouverts = lecture.bilan(choisi)
    noms = lecture.noms(choisi)
    lignes = "".join(_ligne(r, noms, choisi.audience) for r in rouverts.resultats)
    lignes += "".join(_ligne_engagement(f, e, choisi) for f, e in engagements_a_constater(choisi))
    if not lignes:
        return
    st.html(
        '<table class="suites"><thead><tr><th scope="col">Décision ou engagement</th><th scope="col">Alors</th>'
        '<th scope="col">Aujourd’hui</th><th scope="col">Cible</th><th scope="col">Lecture</th></tr></thead>'
        f"<tbody>{lignes}</tbody></table>"
    )
    en_commun = (resultats.SIX_MOIS_EN_COMMUN in r.reserves(choisi.audience) for r in rouverts.resultats)
    if any(en_commun):  # once, whatever their number
        st.html(f'<p class="reserve">{escape(resultats.SIX_MOIS_EN_COMMUN)}</p>')
    for phrase in rouverts.changements(choisi.audience):
        st.html(f'<p class="reserve">Ce qui a changé : {escape(phrase)}</p>')
    with cadre.detail("issue"):
        acte_issue.ask(rouverts.resultats, lecture.require_ici(choisi))


def _ligne(r: ResultatDecision, noms: dict[str, str], audience: Audience) -> str:
    decision, verdict = r.decision, r.vu(audience)
    cible = say_cible(decision) or langue.ABSENT
    temoin = f" · {escape(say_temoin(decision.temoin, noms))}" if decision.temoin else ""
    qui = f"<small>{escape(decision.porteur_dit or 'sans responsable')}{temoin}</small>"
    dites = (x for x in r.reserves(audience) if x != resultats.SIX_MOIS_EN_COMMUN)
    reserves = "".join(f"<small>{escape(x)}</small>" for x in dites)
    issue = f"<small>{escape(r.issue.texte)}</small>" if r.issue else ""
    mouvement = f"<small>{escape(r.mouvement)}</small>" if r.mouvement else ""
    lues = (v and say_valeur(v, audience, decision) for v in (decision.alors, r.maintenant))
    valeurs = "".join(f"<td>{x or langue.ABSENT}</td>" for x in lues)
    return (
        f'<tr><th scope="row">{escape(decision.texte)}{qui}{reserves}{issue}{mouvement}</th>{valeurs}<td>{cible}</td>'
        f'<td class="verdict">{verdict.signe} {escape(verdict.say(audience))}</td></tr>'
    )


def _lu(r: ResultatEngagement, audience: Audience) -> tuple[Jugement, str]:
    return r.verdict, langue.effectif(audience.compte(r.n_loges), "relogé")


def _ligne_engagement(fiche: Fiche, engagement: Engagement, choisi: Perimetre) -> str:
    titre = f"Engagement : {ecran_engagements.titre(engagement, choisi)}"
    alors = langue.effectif(choisi.audience.compte(engagement.effectif), "en attente", "en attente")
    cible = langue.effectif(engagement.nombre, "relogé")
    r = ecran_engagements.answer(fiche, engagement, choisi)
    verdict, loges = (r, langue.ABSENT) if isinstance(r, PasDeVerdict) else _lu(r, choisi.audience)
    reserve = f"<small>{escape(verdict.reserve)}</small>" if verdict.reserve else ""
    return (
        f'<tr><th scope="row">{escape(titre)}{reserve}</th><td>{alors}</td><td>{loges}</td><td>{cible}</td>'
        f'<td class="verdict">{verdict.signe} {escape(verdict.say(choisi.audience))}</td></tr>'
    )
