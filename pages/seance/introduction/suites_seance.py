"""The balance of the last séance: each decision and engagement, then, now, target, verdict, and what changed; what
became of a decision that no figure measures is kept as it is typed, corrected as a new version."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from mel_core.dossier import ecrits
from mel_core.dossier.releve import SuiteEcrite
from mel_core.droits.actions import Action
from mel_core.seance.coordination import resultats
from mel_core.seance.coordination.resultats import IssueDecision, ResultatDecision
from mel_core.seance.engagements.engagement_pris import Engagement, find_all
from mel_core.seance.engagements.resultat_engagement import ResultatEngagement
from mel_core.seance.verdict import DE_VIVE_VOIX, MOTS, Mot, PasDeVerdict
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import annonces, apres_signature, cadre, ecriture, visiteur
from pages.commun.brouillon import Saisie
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.segments import ecran_engagements


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
        ask_issues(rouverts.resultats, lecture.require_ici(choisi))


def _ligne(suite: SuiteEcrite) -> str:
    qui = " · ".join(x for x in (suite.porteur, suite.temoin) if x)
    petits = "".join(f"<small>{escape(x)}</small>" for x in (qui, *suite.reserves) if x)
    valeurs = "".join(f"<td>{escape(x)}</td>" for x in (suite.alors, suite.aujourd_hui, suite.cible))
    return (
        f'<tr><th scope="row">{escape(suite.quoi)}{petits}</th>{valeurs}'
        f'<td class="verdict">{suite.signe} {escape(suite.lecture)}</td></tr>'
    )


_BROUILLON, _REFUS = "brouillon-issue", "refus_issue"


def ask_issues(lus: Sequence[ResultatDecision], ici: str) -> None:
    """Ask it of each decision that is still silent; those that were told may be corrected."""
    sans_chiffre = [r for r in lus if not r.est_mesure]
    if not sans_chiffre or not visiteur.may(Action.DIRE_ISSUE):
        return
    muets, dites = ([r for r in sans_chiffre if (r.issue is not None) is est_dite] for est_dite in (False, True))
    if muets:
        _open(muets, ici)
    if dites:
        with st.expander("Corriger ce que l’on a dit d’une décision"):
            _open(dites, ici) if not muets else _champs(dites, ici)


def _open(lus: Sequence[ResultatDecision], ici: str) -> None:
    """Who signs, once for the screen; after the signature, whether it may fall; then the fields."""
    ecriture.ask_auteur()
    if apres_signature.ask(lus[0].seance, ici, resultats.ISSUE):
        _champs(lus, ici)
        return
    for r in lus:
        annonces.take(f"{_REFUS}_{r.fiche.identifiant}")


def _champs(lus: Sequence[ResultatDecision], ici: str) -> None:
    for r in lus:
        _fill_in(r, ici)


def _fill_in(r: ResultatDecision, ici: str) -> None:
    nom = r.fiche.identifiant
    dite = resultats.read_issue(ecriture.journal(), nom, r.seance)
    version = dite[0].version if dite else 0
    depart = {"verdict": str(dite[1].verdict), "texte": dite[1].texte} if dite else None
    saisie = Saisie(Action.DIRE_ISSUE, _BROUILLON, f"{nom}-{r.seance}", depart)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"issue_{nom}"):
        st.html(f'<p class="blocage">Qu’est devenue « {escape(r.decision.texte)} » ?</p>')
        saisie.choix("Lecture", list(map(str, DE_VIVE_VOIX)), "verdict", format_func=lambda v: MOTS[Mot(v)])
        saisie.texte("En une phrase", "texte")
        st.button("Inscrire", key=f"issue_garder_{nom}", on_click=_keep, args=(saisie, r, ici, version))
    saisie.etat()
    annonces.take(f"{_REFUS}_{nom}")


def _keep(saisie: Saisie, r: ResultatDecision, ici: str, version: int) -> None:
    """A callback: what is wrong is said, nothing typed is lost."""
    nom = r.fiche.identifiant
    perime = (
        "Quelqu’un vient de le dire autrement, voir ci-dessus : votre texte reste dans le formulaire, l’inscrire le "
        "remplacera."
    )
    with ecriture.geste(f"{_REFUS}_{nom}", perime):
        c = saisie.take()
        verdict, texte = c.get("verdict"), c.get("texte") or ""
        if verdict is None:
            raise ErreurUtilisateur("Rien ne dit ce que la décision est devenue : choisir la lecture, puis inscrire.")
        auteur = ecriture.require_auteur(Action.DIRE_ISSUE)
        journal, issue = ecriture.journal(), IssueDecision(Mot(verdict), texte)
        dite = resultats.read_issue(journal, nom, r.seance)
        if dite is not None and dite[1] == issue:
            return  # nothing new to say
        apres_signature.require(r.seance, ici, resultats.ISSUE)
        op_id = journal.op_id_de("issue", nom, r.seance, verdict, texte, version)
        resultats.fill_in(journal, r.fiche, r.seance, issue, auteur, op_id, version)
