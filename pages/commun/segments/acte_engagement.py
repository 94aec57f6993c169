"""« Acter cet engagement »: what is on screen goes to the journal, signed, with its frozen list; once."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Fiche
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.seance.engagements.engagement_pris import LIBRE, OBJET, Engagement, act, echeance_de
from mel_core.seance.verdict import PAR_LE_FLUX
from mel_core.secret.bail import reader
from mel_core.segments import SegmentLibre
from mel_core.simulation.engagement.calcul_engagement import ScenarioEngagement
from mel_core.simulation.engagement.phrases_engagement import between, judge
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import donnees, ecriture, signatures, visiteur
from pages.commun.segments import lecture_orientations
from pages.commun.segments.lecture_orientations import Question
from pages.commun.segments.repartition_engagement import Repartition, noms_des_lieux


def offer(question: Question, situation: Situation, scenario: ScenarioEngagement, repartition: Repartition) -> None:
    """The button that opens the signature, for who may act; shut, with its reason beside it, while there is nothing to
    act (see `empechement`)."""
    if not visiteur.may(Action.ACTER_ENGAGEMENT):
        return
    identifiant = identifiant_de(question)
    fiche = ecriture.journal().read(OBJET, identifiant)
    if empechement(question, situation, scenario, repartition):
        st.button("Acter" if fiche is None else "Modifier", key="acter_ferme", disabled=True, width="stretch")
        return
    menages = langue.effectif(scenario.servis, "ménage")
    with st.popover(
        f"Acter {menages}" if fiche is None else f"Modifier : {menages}", key="acter_menu", width="stretch"
    ):
        seance = Seance.read(question.seance)
        suite = "ajustés en séance" if repartition.est_ajustee else "répartis selon le flux attendu"
        dits = [f"**{menages}** d’ici le {langue.jour(echeance_de(seance))}, {suite}"]
        if reader().lit_tout:
            partages = {"commune": repartition.par_commune, "bailleur": repartition.par_bailleur}
            dits = [f"{dits[0]} :", *(premiers(question, lieux, cle) for cle, lieux in partages.items())]
        st.markdown("  \n".join(dits))
        if scenario.servis <= between(scenario.n_observes)[0]:
            st.markdown(PAR_LE_FLUX)
        if ecriture.ask_auteur() and signatures.ask(seance, question.ici, identifiant, est_repris=True):
            acte = (_act, question, scenario, repartition, fiche.version if fiche else 0)
            ecriture.bouton(f"Acter, signé {ecriture.auteur().nom}", "acter", *acte, type="primary")


def empechement(
    question: Question, situation: Situation, scenario: ScenarioEngagement, repartition: Repartition
) -> str:
    """Why this is not to be acted, in one sentence; empty when it may be."""
    if scenario.flux == 0:
        return "Rien à acter : aucune attribution n’est attendue d’ici la prochaine ICI."
    est_possible = judge(situation, scenario).est_possible
    if not est_possible:
        quoi = "trop près de ce qui est possible" if est_possible is None else "impossible"
        return f"Rien à acter : cet engagement est {quoi}, le réduire."
    if scenario.servis == 0:
        return "Rien à acter : aucun ménage n’est visé, déplacer le curseur."
    if repartition.refus:
        return f"Cet engagement ne s’acte pas encore. {repartition.refus}"
    dit, voulu = _read(question), (scenario.servis, repartition.par_commune, repartition.par_bailleur)
    if dit and tuple(dit.contenu.get(champ) for champ in ("nombre", "par_commune", "par_bailleur")) == voulu:
        return "Déjà acté ainsi : changer le nombre ou sa répartition pour le modifier."
    return ""


def _read(question: Question) -> Fiche | None:
    fiche = ecriture.journal().read(OBJET, identifiant_de(question))
    return None if fiche is None or fiche.effacee else fiche


def acte(question: Question) -> Engagement | None:
    """What was acted for this segment, if anything."""
    fiche = _read(question)
    return Engagement.depuis(fiche) if fiche else None


def remind(question: Question) -> None:
    """What was acted already, and why this could not be."""
    if refus := st.session_state.pop("refus_engagement", None):
        st.html(f'<p class="acte" role="alert">{escape(refus)}</p>')
    fiche = _read(question)
    if fiche is None:
        return
    vu = Engagement.depuis(fiche)
    st.html(
        f'<p class="acte" role="status"><strong>Acté : {langue.effectif(vu.nombre, "ménage")}</strong> d’ici le '
        f"{langue.jour(vu.echeance)}, par {escape(_qui(fiche.auteur.nom, fiche.auteur.organisation))}, "
        f"{langue.instant(fiche.instant)}.</p>"
    )


def premiers(question: Question, servis: Mapping[str, int], cle: str, combien: int = 5) -> str:
    """`Lille 20, Roubaix 12 et 14 autres`."""
    noms = noms_des_lieux(question, cle)
    rangees = sorted(((code, n) for code, n in servis.items() if n), key=lambda x: (-x[1], x[0]))
    dits = [f"{noms.get(code, code)}{langue.INSECABLE}{langue.nombre(n)}" for code, n in rangees[:combien]]
    reste = len(rangees) - len(dits)
    return langue.liste([*dits, *([langue.effectif(reste, "autre")] if reste else [])])


def identifiant_de(question: Question) -> str:
    """One engagement for a segment with its steps, in a séance and an ICI: changing it makes another version."""
    q = question
    return engagements.identifiant_de(ecriture.journal(), Seance.read(q.seance), q.ici, q.nom, q.criteres, q.libre)


def _act(question: Question, scenario: ScenarioEngagement, repartition: Repartition, version: int) -> None:
    """Runs before the screen is drawn again. The server checks everything anew: profile, author, count, list, sums."""
    perime = (
        "Quelqu’un vient d’acter un autre engagement, affiché ici : le vôtre reste à l’écran, « Modifier » le "
        "remplacera."
    )
    with ecriture.geste("refus_engagement", perime):
        auteur = ecriture.require_auteur(Action.ACTER_ENGAGEMENT)
        seance, identifiant = Seance.read(question.seance), identifiant_de(question)
        signatures.require(seance, question.ici, identifiant, est_repris=True)
        cohorte, situation = lecture_orientations.pin(question), lecture_orientations.read_situation(question)
        flux = situation.flux
        if scenario.servis > min(flux, len(cohorte)):  # what is read may be rounded up
            raise ErreurUtilisateur("Cet engagement dépasse de peu ce qui est possible : le réduire, puis acter.")
        engagement = Engagement(
            segment=LIBRE if question.nom == lecture_orientations.LIBRE else question.nom,
            criteres=question.criteres,
            seance=seance,
            ici=question.ici,
            nombre=scenario.servis,
            flux=flux,
            effectif=len(cohorte),
            echeance=echeance_de(seance),
            millesime=question.identifiant,
            part=scenario.part,
            par_commune=repartition.par_commune,
            par_bailleur=repartition.par_bailleur,
            libre=question.quoi if isinstance(question.quoi, SegmentLibre) else None,
            deja=situation.n_observes_attendus if situation.est_observe else None,
        )
        parts = [sorted(p.items()) for p in (repartition.par_commune, repartition.par_bailleur)]
        op_id = ecriture.journal().op_id_de(
            identifiant, version, scenario.servis, str(scenario.part), str(parts), auteur.nom
        )
        act(
            ecriture.journal(), donnees.entrepot().dossier, engagement, cohorte, auteur,
            identifiant=identifiant, op_id=op_id, version_vue=version,
        )  # fmt: skip


def _qui(nom: str, organisation: str) -> str:
    return f"{nom} ({organisation})" if nom and organisation else nom or organisation or "un co-pilote"
