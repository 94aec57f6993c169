"""« Acter cet engagement »: what is on screen goes to the journal, signed, with its frozen list; once."""

from __future__ import annotations

from html import escape

import pandas as pd
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
    """The button that opens the signature, for who may act."""
    if not acces.profil().est_copilote:
        return
    fiche = registre.journal().lire(OBJET, identifiant_de(question))
    menages = langue.effectif(scenario.servis, "ménage")
    with st.popover(
        f"Acter {menages}" if fiche is None else f"Modifier : {menages}", key="acter_menu", width="stretch"
    ):
        if juger(scenario)[0] is Verdict.INFAISABLE or scenario.servis == 0:
            st.write("Cet engagement ne s’acte pas : il est impossible, ou ne loge personne. Déplacer le curseur.")
            return
        if fiche is not None and fiche.contenu.get("nombre") == scenario.servis:
            st.write("C’est l’engagement déjà acté : déplacer le curseur pour le modifier.")
            return
        seance = Seance.lire(question.seance)
        servis = repartir(situation.cellules, scenario.servis)
        st.markdown(
            f"**{menages}** d’ici le {langue.jour(echeance_de(seance))}, répartis selon le flux attendu :  \n"
            f"{_premiers(question, servis, 'commune')}  \n{_premiers(question, servis, 'bailleur')}"
        )
        if registre.demander_auteur():
            st.button(
                f"Acter, signé {registre.auteur().nom}",
                key="acter",
                type="primary",
                on_click=_acter,
                args=(question, situation, scenario, fiche.version if fiche else 0),
            )


def rappeler(question: Question) -> None:
    """What was acted already, why it could not be, and the choice to make when two people acted at once."""
    identifiant = identifiant_de(question)
    refus = st.session_state.pop("refus_engagement", None)
    if refus:
        st.html(f'<p class="acte" role="alert">{escape(refus)}</p>')
    registre.arbitrer(OBJET, identifiant, CHAMPS)
    fiche = registre.journal().lire(OBJET, identifiant)
    if fiche is None or fiche.effacee:
        return
    acte = Engagement.depuis(fiche)
    st.html(
        f'<p class="acte" role="status"><strong>Acté : {langue.effectif(acte.nombre, "ménage")}</strong> d’ici le '
        f"{langue.jour(acte.echeance)}, par {escape(_qui(fiche.auteur.nom, fiche.auteur.organisation))}, "
        f"{langue.instant(fiche.instant)}.</p>"
    )


def _premiers(question: Question, servis: pd.DataFrame, cle: str) -> str:
    """`Lille 20, Roubaix 12 et 14 autres`."""
    table = (donnees.communes if cle == "commune" else donnees.bailleurs)(question.identifiant, question.seance)
    noms = dict(zip(table[cle], table["nom"], strict=True))
    sommes = servis.groupby(cle)["a_servir"].sum().sort_values(ascending=False)
    sommes = sommes[sommes > 0]
    dits = [f"{noms.get(code, code)}{langue.INSECABLE}{langue.nombre(int(n))}" for code, n in sommes.head(5).items()]
    reste = len(sommes) - len(dits)
    return langue.liste([*dits, *([langue.effectif(reste, "autre")] if reste else [])])


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


def _sommes(servis: pd.DataFrame, cle: str) -> dict[str, int]:
    sommes = servis.groupby(cle)["a_servir"].sum()
    return {str(code): int(n) for code, n in sommes.items() if n}


def _qui(nom: str, organisation: str) -> str:
    return f"{nom} ({organisation})" if nom and organisation else nom or organisation or "un co-pilote"
