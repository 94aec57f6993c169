"""The lever of an engagement: a share of the expected flow in whole points, or a number of households."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import streamlit as st

from mel_core.seance.engagements.engagement_pris import Engagement
from mel_core.secret.bail import reader
from mel_core.simulation.engagement import phrases_engagement as phrases
from mel_core.simulation.engagement.calcul_engagement import ScenarioEngagement
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle import langue
from mel_core.socle.langue import Peu
from pages.commun import choix_perimetre
from pages.commun.levier import Curseur
from pages.commun.segments import acte_engagement
from pages.commun.segments import lecture_orientations as lecture
from pages.commun.segments.lecture_orientations import Question

PART_MAX = 100
PART, NOMBRE = "part", "nombre"
UNITES = {PART: "Part du flux", NOMBRE: "Nombre"}
_VU = "engagement_vu"  # the engagement whose lever was on screen last


def choose_unite() -> str:
    """Whether the engagement is set as a share of the flow or as a number."""
    choix_perimetre.keep("unite", list(UNITES))
    unite = st.segmented_control(
        "Engagement en",
        list(UNITES),
        format_func=UNITES.__getitem__,
        key="unite",
        persist_state="session",
        required=True,
        label_visibility="collapsed",
    )
    st.query_params["unite"] = tenue = choix_perimetre.tenu(unite)
    return tenue


def place(question: Question, situation: Situation) -> Curseur:
    """The lever of a share, where this session left it. `situation`: as it is read."""
    acte = acte_engagement.acte(question)
    lue = lecture.read_situation(question)
    exact = _en_points(lue, acte.nombre if acte else deja(lue), lit_tout=True)
    debut = depart(situation, acte)
    cle = _keep(question, "engagement", range(PART_MAX + 1), debut, exact)
    reperes = {debut, repos(situation)}  # where a step is not read in whole points
    dits = {points: say_pas(situation, points, acte) for points in sorted(reperes)}
    return Curseur(cle, "Part du flux attendu pour ce segment", debut, maximum=PART_MAX, dits=dits)


def aim(question: Question, situation: Situation) -> ScenarioEngagement:
    """The number of households, typed; the engagement that it is."""
    acte = acte_engagement.acte(question)
    plafond = max(1, situation.flux)
    voulu, exact = (acte.nombre if acte else deja(s) for s in (situation, lecture.read_situation(question)))
    cle = _keep(question, "nombre", range(plafond + 1), min(voulu, plafond), exact)
    nombre = st.number_input(
        f"Ménages à loger, sur {langue.effectif(situation.flux, 'attribution attendue', 'attributions attendues')}",
        0,
        plafond,
        step=1,
        key=cle,
        persist_state="session",
        format="%d",
    )
    st.query_params[f"nombre_{question.nom}"] = str(int(nombre))
    return situation.scenario(nombre=int(nombre))


def _keep(question: Question, unite: str, options: range, depart: int, depart_exact: int) -> str:
    """The key of the lever, which holds what this session tried for this very engagement, else what the address asks,
    else `depart`: what was tried for another one is never proposed here.

    Whoever passes into the room takes there what it tried, not the exact count where its lever stood.
    """
    engagement, adresse = acte_engagement.identifiant_de(question), f"{unite}_{question.nom}"
    cles = [f"{unite}_{'exacte' if lit_tout else 'dite'}_{engagement}" for lit_tout in (True, False)]
    cle = cles[0] if reader().lit_tout else cles[1]
    est_exact = cle != cles[0] and cle not in st.session_state and st.session_state.get(cles[0]) == depart_exact
    if st.session_state.setdefault(_VU, engagement) != engagement or est_exact:
        for nom in ("engagement", "nombre"):
            st.query_params.pop(f"{nom}_{question.nom}", None)
        st.session_state[_VU] = engagement
    if st.session_state.get(cle) not in options:
        if (demande := st.query_params.get(adresse)) is not None and demande not in map(str, options):
            choix_perimetre.say_inconnue(demande)
        st.session_state[cle] = {str(n): n for n in options}.get(st.query_params.get(adresse, ""), depart)
    elif adresse not in st.query_params:  # a page just reached: said again (see `perimetre.keep`)
        st.session_state[cle] = st.session_state[cle]
    return cle


def deja(situation: Situation) -> int:
    """What the flow already gives; 0 where it is not said: an engagement of nobody is as usual."""
    n = situation.n_observes_attendus
    return 0 if isinstance(n, Peu) else n


def repos(situation: Situation) -> int:
    """What the flow already gives, in whole points."""
    return _en_points(situation, deja(situation), lit_tout=reader().lit_tout)


def depart(situation: Situation, acte: Engagement | None) -> int:
    """Where the slider starts, in whole points: what was acted, else what the flow already gives."""
    if acte is None:
        return repos(situation)
    return _en_points(situation, acte.nombre, lit_tout=reader().lit_tout)


def _en_points(situation: Situation, nombre: int, *, lit_tout: bool) -> int:
    """The point above, or the nearest one for whom shares are whole: no two steps of a slider may read the same."""
    servis = situation.scenario(nombre=nombre).servis
    if not servis:
        return 0
    points = Fraction(100 * servis, situation.flux)
    return min(ceil(points) if lit_tout else max(1, int(langue.round_off(points))), PART_MAX)


def say_pas(situation: Situation, points: int, acte: Engagement | None = None) -> str:
    """A step as it is read: in whole points, but where it starts and at rest, where it is the share that the sentence
    says; or no share, where what the flow gives is not said."""
    est_depart = acte is not None and points == depart(situation, acte)
    est_repos = points == repos(situation)
    if est_repos and not est_depart and isinstance(situation.n_observes_attendus, Peu):
        return "comme d’habitude"
    if situation.flux and (est_depart or est_repos):
        return phrases.part_du_flux(essai(situation, points, acte).servis, situation.flux)
    return langue.part(Fraction(points, 100))


def essai(situation: Situation, points: int, acte: Engagement | None = None) -> ScenarioEngagement:
    """The engagement under the slider. Where it starts it is exactly what was acted, at rest exactly what the flow
    already gives: rounding adds nobody."""
    if acte and points == depart(situation, acte):
        return situation.scenario(nombre=acte.nombre)
    if points == repos(situation):
        return situation.scenario(nombre=deja(situation))
    return situation.scenario(part=Fraction(points, 100))
