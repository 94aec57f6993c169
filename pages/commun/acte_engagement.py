"""« Acter cet engagement »: what is on screen goes to the journal, signed, with its frozen list; once."""

from __future__ import annotations

import streamlit as st

from mel_core import langue
from mel_core.engagements.engagement import LIBRE, OBJET, Engagement, acter, echeance_de
from mel_core.engagements.situation import Situation
from mel_core.erreurs import ErreurUtilisateur
from mel_core.journal import Perime
from mel_core.periodes import Seance
from mel_core.segments import SegmentLibre
from mel_core.simulation.engagement import Scenario, Verdict, juger, repartir
from pages.commun import acces, donnees, lecture_orientations, registre
from pages.commun.lecture_orientations import Question

CHAMPS = {"nombre": "Ménages logés", "part": "Part du flux", "echeance": "Échéance"}


def proposer(question: Question, situation: Situation, scenario: Scenario) -> None:
    """The button, what was acted already, and the choice to make when two people acted at once."""
    identifiant = identifiant_de(question)
    if registre.arbitrer(OBJET, identifiant, CHAMPS):
        return
    fiche = registre.journal().lire(OBJET, identifiant)
    version = fiche.version if fiche else 0
    if fiche and not fiche.effacee:
        acte = Engagement.depuis(fiche)
        st.html(
            f'<p class="acte" role="status"><strong>Acté : {langue.effectif(acte.nombre, "ménage")}</strong> d’ici le '
            f"{langue.jour(acte.echeance)}, par {_qui(fiche.auteur.nom, fiche.auteur.organisation)}, "
            f"{langue.instant(fiche.instant)}.</p>"
        )
        if acte.nombre == scenario.servis:
            return
    if not acces.profil().est_copilote:
        return
    est_possible = juger(scenario)[0] is not Verdict.INFAISABLE and scenario.servis > 0
    libelle = "Modifier l’engagement acté" if version else "Acter cet engagement"
    if registre.demander_auteur():
        st.button(
            f"{libelle} : {langue.effectif(scenario.servis, 'ménage')}",
            key="acter",
            type="primary",
            disabled=not est_possible,
            on_click=_acter,
            args=(question, situation, scenario, version),
        )


def identifiant_de(question: Question) -> str:
    """One engagement for a segment with its steps, in a séance and an ICI: changing it makes another version."""
    q = question
    return registre.journal().op_id_de(OBJET, q.seance, q.ici, q.nom, q.libre, q.mois, q.n_min, q.fenetre)


def _acter(question: Question, situation: Situation, scenario: Scenario, version: int) -> None:
    """Runs before the screen is drawn again. The server checks everything anew: profile, author, count, list."""
    try:
        acces.exiger_copilote("acter un engagement")
        auteur = registre.exiger_auteur()
        seance = Seance.lire(question.seance)
        cohorte = lecture_orientations.figer(question)
        servis = repartir(situation.cellules, scenario.servis)
        engagement = Engagement(
            segment=LIBRE if question.nom == lecture_orientations.LIBRE else question.nom,
            criteres=question.criteres,
            seance=seance,
            ici=question.ici,
            nombre=scenario.servis,
            flux=scenario.flux,
            effectif=len(cohorte),
            echeance=echeance_de(seance),
            millesime=question.identifiant,
            part=scenario.part,
            par_commune=_sommes(servis, "commune"),
            par_bailleur=_sommes(servis, "bailleur"),
            libre=question.quoi if isinstance(question.quoi, SegmentLibre) else None,
        )
        identifiant = identifiant_de(question)
        op_id = registre.journal().op_id_de(identifiant, version, scenario.servis, str(scenario.part), auteur.nom)
        acter(
            registre.journal(), donnees.entrepot().dossier, engagement, cohorte, auteur,
            identifiant=identifiant, op_id=op_id, version_vue=version,
        )  # fmt: skip
    except Perime:
        return  # both are kept: the screen shows the choice
    except ErreurUtilisateur as erreur:
        st.session_state["refus_engagement"] = str(erreur)


def _sommes(servis, cle: str) -> dict[str, int]:
    sommes = servis.groupby(cle)["a_servir"].sum()
    return {str(code): int(n) for code, n in sommes.items() if n}


def _qui(nom: str, organisation: str) -> str:
    return f"{nom} ({organisation})" if nom and organisation else nom or organisation or "un co-pilote"
