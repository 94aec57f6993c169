"""The lever of an engagement: at a desk, a share of the expected flow in whole points, or a number of households; in a
room, a number by fives, as counts are rounded there: every step of it turns each rounding at the same place."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from math import ceil

import streamlit as st

from mel_core.seance.engagements.engagement_pris import Engagement
from mel_core.secret.bail import reader
from mel_core.simulation.engagement import phrases_engagement as phrases
from mel_core.simulation.engagement.calcul_engagement import ScenarioEngagement
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle import langue
from pages.commun import choix_perimetre
from pages.commun.levier import Curseur
from pages.commun.segments import acte_engagement
from pages.commun.segments.lecture_orientations import QuestionSegment

PART_MAX = 100
PART, NOMBRE = "part", "nombre"
UNITES = {PART: "Part du flux", NOMBRE: "Nombre"}
_VU = "engagement_vu"  # the engagement whose lever was on screen last


def choose_unite() -> str:
    """Whether the engagement is set as a share of the flow or as a number."""
    if not reader().lit_tout:
        return PART
    return choix_perimetre.option("Engagement en", "unite", UNITES, partout=True)


def place(question: QuestionSegment, situation: Situation, acte: Engagement | None) -> Curseur:
    """The lever of a share, or of a room's number, where this session left it. `acte`: what was acted, if anything."""
    est_au_bureau = reader().lit_tout
    debut, positions = depart(situation, acte), range(_last(situation) + 1)
    if est_au_bureau:
        cle = _keep(question, "engagement", positions, debut)
        reperes: Collection[int] = {debut, repos(situation)}  # where a step is not read in whole points
        libelle = "Part du flux attendu pour ce segment"
    else:
        cle = _keep_en_salle(question, situation, acte, positions, debut)
        reperes, libelle = positions, "À loger"
    dits = {position: say_pas(situation, position, acte) for position in sorted(reperes)}
    return Curseur(cle, libelle, debut, maximum=positions[-1], dits=dits)


def choose_nombre(question: QuestionSegment, situation: Situation, acte: Engagement | None) -> ScenarioEngagement:
    """The number of households, typed; the engagement that it is."""
    plafond = max(1, situation.flux)
    cle = _keep(question, "nombre", range(plafond + 1), min(acte.nombre if acte else deja(situation), plafond))
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


def _keep(question: QuestionSegment, unite: str, options: range, depart: int) -> str:
    """The key of the lever, which holds what this session tried for this very engagement, else what the address asks,
    else `depart`: what was tried for another one is never proposed here."""
    cle = f"{unite}_{_forget_another(question)}"
    choix_perimetre.keep(cle, options, depart, f"{unite}_{question.nom}")
    return cle


def _keep_en_salle(
    question: QuestionSegment, situation: Situation, acte: Engagement | None, options: range, depart: int
) -> str:
    """The same in a room: who passes into it takes there what was tried, as near as its steps come, and not the exact
    count where the lever stood."""
    engagement = _forget_another(question)
    cle = f"menages_{engagement}"
    if st.session_state.get(cle) in options:
        st.session_state[cle] = st.session_state[cle]
        return cle
    exact = acte.nombre if acte else situation.n_observes_attendus
    stood = {"engagement": _en_points(situation, exact), "nombre": min(exact, max(1, situation.flux))}
    demandes = {u: st.query_params.get(f"{u}_{question.nom}", "") for u in stood}
    flux = _flux_lu(situation)
    essayes = [
        int(demande) if unite == "nombre" else int(demande) * flux // PART_MAX
        for unite, demande in demandes.items()
        if demande.isdecimal() and st.session_state.get(f"{unite}_{engagement}") != stood[unite]
    ]
    position = int(langue.round_off(Fraction(essayes[0], pas(situation)))) if essayes else depart
    st.session_state[cle] = position if position in options else depart
    return cle


def _forget_another(question: QuestionSegment) -> str:
    """What tells this engagement from others; nothing that was tried for another one stays in the address."""
    engagement = acte_engagement.identifiant_de(question)
    if st.session_state.setdefault(_VU, engagement) != engagement:
        for nom in ("engagement", "nombre"):
            st.query_params.pop(f"{nom}_{question.nom}", None)
        st.session_state[_VU] = engagement
    return engagement


def write(question: QuestionSegment, scenario: ScenarioEngagement, position: int) -> None:
    """In the address, where the lever stands."""
    dits = {"engagement": str(position)} if reader().lit_tout else {"nombre": str(scenario.vises)}
    for unite in ("engagement", "nombre"):
        if unite in dits:
            st.query_params[f"{unite}_{question.nom}"] = dits[unite]
        elif not reader().lit_tout:
            st.query_params.pop(f"{unite}_{question.nom}", None)


def deja(situation: Situation) -> int:
    """What the flow already gives, as it is read; 0 where it is not said: an engagement of nobody is as usual."""
    n = reader().compte(situation.n_observes_attendus)
    return n.dit or 0


def _flux_lu(situation: Situation) -> int:
    return reader().compte(situation.flux).dit or 0


def pas(situation: Situation) -> int:
    """Households from one step of a room's lever to the next: a hundred steps at most, each a multiple of what counts
    are rounded to."""
    base = reader().regle.base
    return base * max(1, ceil(Fraction(_plafond(situation), base * PART_MAX)))


def _plafond(situation: Situation) -> int:
    """Where a room's lever ends: at the flow, or at twice what is possible, which shows that more is not."""
    possibles = (2 * reader().compte(n).au_plus for n in (situation.n, situation.n_servables))
    return min(_flux_lu(situation), *possibles)


def _last(situation: Situation) -> int:
    return PART_MAX if reader().lit_tout else max(1, _plafond(situation) // pas(situation))


def repos(situation: Situation) -> int:
    """The position of what the flow already gives."""
    return _en_position(situation, deja(situation))


def depart(situation: Situation, acte: Engagement | None) -> int:
    """Where the slider starts: at what was acted, else at what the flow already gives."""
    return repos(situation) if acte is None else _en_position(situation, acte.nombre)


def _en_position(situation: Situation, nombre: int) -> int:
    """The point above, or a room's nearest step."""
    if not reader().lit_tout:
        return min(max(1, int(langue.round_off(Fraction(nombre, pas(situation))))), _last(situation)) if nombre else 0
    return _en_points(situation, nombre)


def _en_points(situation: Situation, nombre: int) -> int:
    servis = situation.scenario(nombre=nombre).servis
    return min(ceil(Fraction(100 * servis, situation.flux)), PART_MAX) if servis else 0


def say_pas(situation: Situation, position: int, acte: Engagement | None = None) -> str:
    """A step as it is read: a room's in households; else in whole points, but where it starts and at rest, where it is
    the share that the sentence says."""
    est_depart = acte is not None and position == depart(situation, acte)
    est_repos = position == repos(situation)
    if not reader().lit_tout:
        if est_repos and not est_depart and reader().compte(situation.n_observes_attendus).est_tu:
            return "comme d’habitude"
        return langue.effectif(essai(situation, position, acte).vises, "ménage")
    if situation.flux and (est_depart or est_repos):
        return phrases.part_du_flux(essai(situation, position, acte).servis, situation.flux)
    return langue.part(Fraction(position, 100))


def essai(situation: Situation, position: int, acte: Engagement | None = None) -> ScenarioEngagement:
    """The engagement under the slider. Where it starts it is exactly what was acted, at rest what the flow already
    gives, as it is read: rounding adds nobody."""
    if acte and position == depart(situation, acte):
        return situation.scenario(nombre=acte.nombre)
    if position == repos(situation):
        return situation.scenario(nombre=deja(situation))
    if not reader().lit_tout:
        return situation.scenario(nombre=position * pas(situation))
    return situation.scenario(part=Fraction(position, 100))
