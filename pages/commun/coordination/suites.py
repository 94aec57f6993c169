"""The balance of the last séance: each decision and engagement, then, now, target, verdict, and what changed."""

from __future__ import annotations

from html import escape

import streamlit as st

from mel_core import langue
from mel_core.coordination import Verdict, resultats
from mel_core.coordination.changements import dire_cible, dire_projetable
from mel_core.coordination.resultats import VERDICTS, Issue, Resultat
from mel_core.coordination.temoins import Valeur
from mel_core.dossier.ecrits import dire_temoin
from mel_core.engagements.engagement import Engagement, lister
from mel_core.engagements.resultat import VERDICTS as VERDICTS_ENGAGEMENT
from mel_core.engagements.resultat import Resultat as ResultatEngagement
from mel_core.engagements.resultat import constater
from mel_core.erreurs import ErreurUtilisateur
from mel_core.journal import Fiche, Perime
from mel_core.periodes import Seance
from mel_core.secret.dits import dire_compte
from pages.commun import acces, donnees, registre
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.orientations import ecran_engagements
from pages.commun.perimetre import Perimetre

# A verdict is a word with its sign, never a colour.
SIGNES = {
    Verdict.ATTEINT: "●",
    Verdict.EN_PROGRES: "◐",
    Verdict.SANS_EFFET: "○",
    Verdict.ELOIGNE: "◇",
    Verdict.A_RENSEIGNER: "?",
}
_REFUS = "refus_issue"
_ISSUES = (Verdict.ATTEINT, Verdict.EN_PROGRES, Verdict.SANS_EFFET, Verdict.ELOIGNE)


def engagements_a_constater(choisi: Perimetre) -> list[tuple[Fiche, Engagement]]:
    """Those of the previous séance in this ICI."""
    return [
        (f, e)
        for f, e in lister(registre.journal(), ici=lecture.exiger_ici(choisi))
        if e.seance == choisi.seance.precedente
    ]


def verdicts_des_engagements(choisi: Perimetre) -> list[str]:
    """What each engagement of the previous séance gave (see `engagements.resultat`); empty when it can't be read."""
    return [_constat(f, e, choisi) for f, e in engagements_a_constater(choisi)]


def _constat(fiche: Fiche, engagement: Engagement, choisi: Perimetre) -> str:
    try:
        return _resultat(choisi.instantane.identifiant, str(choisi.seance), fiche.op_id, engagement).verdict
    except ErreurUtilisateur:
        return ""


def montrer(choisi: Perimetre) -> None:
    """The table: one line per decision then per engagement."""
    rouverts = lecture.bilan(choisi)
    noms = lecture.noms(choisi)
    lignes = "".join(_ligne(r, noms) for r in rouverts.resultats)
    lignes += "".join(_ligne_engagement(f, e, choisi) for f, e in engagements_a_constater(choisi))
    if not lignes:
        return
    st.html(
        '<table class="suites"><thead><tr><th scope="col">Décision ou engagement</th><th scope="col">Alors</th>'
        '<th scope="col">Aujourd’hui</th><th scope="col">Cible</th><th scope="col">Lecture</th></tr></thead>'
        f"<tbody>{lignes}</tbody></table>"
    )
    if any(resultats.SIX_MOIS_EN_COMMUN in r.reserves for r in rouverts.resultats):  # once, whatever their number
        st.html(f'<p class="reserve">{escape(resultats.SIX_MOIS_EN_COMMUN)}</p>')
    for phrase in rouverts.changements:
        st.html(f'<p class="reserve">Ce qui a changé : {escape(phrase)}</p>')
    muets = [r for r in rouverts.resultats if not r.est_mesure and r.issue is None]
    if muets and acces.profil().est_copilote:
        registre.demander_auteur()
        for r in muets:
            renseigner(r)
    dites = [r for r in rouverts.resultats if not r.est_mesure and r.issue is not None]
    if dites and acces.profil().est_copilote:
        with st.expander("Corriger ce que l’on a dit d’une décision"):
            if registre.demander_auteur():
                for r in dites:
                    renseigner(r)


def _ligne(r: Resultat, noms: dict[str, str]) -> str:
    decision = r.decision
    cible = dire_cible(decision) or langue.ABSENT
    temoin = f" · {escape(dire_temoin(decision.temoin, noms))}" if decision.temoin else ""
    qui = f"<small>{escape(decision.responsable)}{temoin}</small>"
    reserves = "".join(f"<small>{escape(x)}</small>" for x in r.reserves if x != resultats.SIX_MOIS_EN_COMMUN)
    issue = f"<small>{escape(r.issue.texte)}</small>" if r.issue else ""
    return (
        f'<tr><th scope="row">{escape(decision.texte)}{qui}{reserves}'
        f"{issue}</th><td>{_valeur(decision.alors)}</td><td>{_valeur(r.maintenant)}</td><td>{cible}</td>"
        f'<td class="verdict">{SIGNES[r.verdict]} {VERDICTS[r.verdict]}</td></tr>'
    )


def _valeur(valeur: Valeur | None) -> str:
    return langue.ABSENT if valeur is None else dire_projetable(valeur)


@st.cache_resource(show_spinner=False, max_entries=64)
def _resultat(identifiant: str, seance: str, op_id: str, _engagement: Engagement) -> ResultatEngagement:
    entrepot = donnees.entrepot()
    return constater(entrepot, entrepot.dossier, _engagement, Seance.lire(seance))


def _ligne_engagement(fiche: Fiche, engagement: Engagement, choisi: Perimetre) -> str:
    titre = f"Engagement : {ecran_engagements.titre(engagement, choisi)}"
    alors = dire_compte(engagement.effectif, "en attente", "en attente")
    cible = langue.effectif(engagement.nombre, "relogé")
    try:
        r = _resultat(choisi.instantane.identifiant, str(choisi.seance), fiche.op_id, engagement)
    except ErreurUtilisateur as erreur:
        return (
            f'<tr><th scope="row">{escape(titre)}<small>{escape(str(erreur))}</small></th><td>{alors}</td>'
            f'<td>{langue.ABSENT}</td><td>{cible}</td><td class="verdict">? à renseigner</td></tr>'
        )
    loges = dire_compte(r.n_loges, "relogé")
    signe = {"tenu": "●", "en_cours": "◐"}.get(r.verdict, "○")
    return (
        f'<tr><th scope="row">{escape(titre)}</th><td>{alors}</td><td>{loges}</td><td>{cible}</td>'
        f'<td class="verdict">{signe} {VERDICTS_ENGAGEMENT[r.verdict]}</td></tr>'
    )


def renseigner(r: Resultat) -> None:
    """A decision that no figure measures asks what became of it; said already, it may be corrected."""
    nom = r.fiche.identifiant
    dite = resultats.lire_issue(registre.journal(), nom, r.seance)
    if dite:
        st.session_state.setdefault(f"issue_verdict_{nom}", dite[1].verdict)
        st.session_state.setdefault(f"issue_texte_{nom}", dite[1].texte)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"issue_{nom}"):
        st.html(f'<p class="blocage">Qu’est devenue « {escape(r.decision.texte)} » ?</p>')
        st.selectbox(
            "Lecture",
            _ISSUES,
            index=None,
            placeholder="Choisir",
            format_func=VERDICTS.__getitem__,
            key=f"issue_verdict_{nom}",
        )
        st.text_input("En une phrase", key=f"issue_texte_{nom}")
        st.button("Garder", key=f"issue_garder_{nom}", on_click=_renseigner, args=(r, dite[0].version if dite else 0))
    if refus := st.session_state.pop(f"{_REFUS}_{nom}", None):
        st.error(refus)


def _renseigner(r: Resultat, version: int) -> None:
    """A callback: reads the fields themselves, a click may come before the page has taken what was just typed."""
    nom = r.fiche.identifiant
    verdict, texte = st.session_state.get(f"issue_verdict_{nom}"), st.session_state.get(f"issue_texte_{nom}", "")
    try:
        acces.exiger_copilote("dire ce qu’une décision est devenue")
        if verdict is None:
            raise ErreurUtilisateur("Rien ne dit ce que la décision est devenue : choisir la lecture, puis garder.")
        auteur, journal = registre.exiger_auteur(), registre.journal()
        op_id = journal.op_id_de("issue", nom, r.seance, verdict, texte, version)
        resultats.renseigner(journal, r.fiche, r.seance, Issue(verdict, texte), auteur, op_id, version)
    except Perime:
        st.session_state[f"{_REFUS}_{nom}"] = (
            f"Quelqu’un vient de le dire autrement, voir ci-dessus. Votre texte est gardé au journal : « {texte} »."
        )
    except ErreurUtilisateur as refus:
        st.session_state[f"{_REFUS}_{nom}"] = str(refus)
