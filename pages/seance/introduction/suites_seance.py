"""The balance of the last séance: each decision and engagement, then, now, target, verdict, and what changed."""

from __future__ import annotations

from html import escape

import streamlit as st

from mel_core.dossier import ecrits
from mel_core.dossier.releve import SuiteEcrite
from mel_core.seance.coordination import resultats
from mel_core.seance.engagements.engagement_pris import Engagement, find_all
from mel_core.seance.engagements.resultat_engagement import ResultatEngagement
from mel_core.seance.verdict import PasDeVerdict
from pages.commun import cadre, ecriture
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.segments import ecran_engagements
from pages.seance.introduction import acte_issue


def engagements(choisi: Perimetre) -> list[tuple[ResultatEngagement | PasDeVerdict, Engagement]]:
    """Those of the previous séance in this ICI, with what each gave, or why nothing is said."""
    pris = find_all(ecriture.journal(), seance=str(choisi.seance.precedente), ici=lecture.require_ici(choisi))
    return [(ecran_engagements.answer(fiche, e, choisi), e) for fiche, e in pris]


def show(choisi: Perimetre) -> None:
    """The table: one line per decision then per engagement."""
    rouverts, noms = lecture.bilan(choisi), lecture.noms(choisi)
    suites = [
        *(ecrits.suite(r, noms) for r in rouverts.resultats),
        *(ecrits.suite_engagement(r, e, choisi.bailleurs) for r, e in engagements(choisi)),
    ]
    if not suites:
        return
    st.html(
        '<table class="suites"><thead><tr><th scope="col">Décision ou engagement</th><th scope="col">Alors</th>'
        '<th scope="col">Aujourd’hui</th><th scope="col">Cible</th><th scope="col">Lecture</th></tr></thead>'
        f"<tbody>{''.join(map(_ligne, suites))}</tbody></table>"
    )
    en_commun = (resultats.SIX_MOIS_EN_COMMUN in r.reserves() for r in rouverts.resultats)
    if any(en_commun):  # once, whatever their number
        st.html(f'<p class="reserve">{escape(resultats.SIX_MOIS_EN_COMMUN)}</p>')
    for phrase in rouverts.changements():
        st.html(f'<p class="reserve">Ce qui a changé : {escape(phrase)}</p>')
    with cadre.detail("issue"):
        acte_issue.ask(rouverts.resultats, lecture.require_ici(choisi))


def _ligne(suite: SuiteEcrite) -> str:
    qui = " · ".join(x for x in (suite.porteur, suite.temoin) if x)
    petits = "".join(f"<small>{escape(x)}</small>" for x in (qui, *suite.reserves) if x)
    valeurs = "".join(f"<td>{escape(x)}</td>" for x in (suite.alors, suite.aujourd_hui, suite.cible))
    return (
        f'<tr><th scope="row">{escape(suite.quoi)}{petits}</th>{valeurs}'
        f'<td class="verdict">{suite.signe} {escape(suite.lecture)}</td></tr>'
    )
