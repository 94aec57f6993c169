"""Which segment is projected, and its steps: fixed cuts only, since a free slider would single people out."""

from __future__ import annotations

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.secret.bail import reader
from mel_core.segments import SEGMENTS, titre_de
from mel_core.segments.regles_segments import A_FENETRE, A_MOIS, A_N_MIN, DRAPEAU
from mel_core.socle import langue
from pages.commun import choix_perimetre, ecriture, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import constructeur
from pages.commun.segments.lecture_orientations import LIBRE, Question, a_le_drapeau

MOIS = (24, 30, 36, 48)
N_MIN = (2, 3, 4)
FENETRES = (12, 24, 36, 48, 0)
_TRACES = "pas_traces"


def choose(choisi: Perimetre, *, est_projete: bool = True) -> Question:
    """Draw the selector and the steps of the segment; what is chosen, kept in the session and in the address.

    The free builder can be narrowed until it singles a household out: on a projected page only a co-pilot has it; a
    page of lists (`est_projete=False`) shows whoever opened it nothing but its own rows. Salle closes it.
    """
    # A title that says its months follows the step chosen for it, before the step is drawn.
    sans_pas = {DRAPEAU} if a_le_drapeau(*choisi.cle) else set()
    a_mois = A_MOIS - sans_pas
    for nom in a_mois:
        choix_perimetre.keep(f"mois_{nom}", MOIS, SEGMENTS[nom].mois)
    titres = {nom: titre_de(nom, st.session_state[f"mois_{nom}"] if nom in a_mois else None) for nom in SEGMENTS}
    if visiteur.may(Action.COMPOSER_SEGMENT if est_projete else Action.LIRE_LISTES):
        titres[LIBRE] = "Segment libre…"
    with st.container(horizontal=True, key="choix_segment", vertical_alignment="bottom"):
        nom = choix_perimetre.option("Segment", "segment", titres, en_liste=True, partout=True, filter_mode=None)
        mois = _pas(f"mois_{nom}", "Attente, en mois", MOIS, SEGMENTS[nom].mois) if nom in a_mois else None
        n_min = _pas("n_min", "Au moins… fois", N_MIN, 2) if nom in A_N_MIN else 2
        # Each number of times in each window, compared, narrowed small counts: a room hears the usual one.
        a_fenetre = nom in A_FENETRE and (reader().lit_tout or not est_projete)
        fenetre = _pas("fenetre", "En… mois", FENETRES, 24, {0: "toujours"}) if a_fenetre else 24
    libre = constructeur.compose(choisi) if nom == LIBRE else ""
    question = Question(*choisi.cle, choisi.ici or "", nom, mois, n_min, fenetre, libre)
    if visiteur.est_en_salle() and (visiteur.est_connecte() or visiteur.est_repetition()):
        _draw(question)
    return question


def _draw(question: Question) -> None:
    """In Salle each segment at its steps is in the journal, once a session: narrowing a count leaves a trace.
    Whoever did not log in writes nothing."""
    traces: set[Question] = st.session_state.setdefault(_TRACES, set())
    if question in traces:
        return
    pas = {"segment": question.nom, "mois": question.mois, "n_min": question.n_min, "fenetre": question.fenetre}
    ecriture.trace({"geste": "pas en salle", "seance": question.seance, "ici": question.ici, **pas})
    traces.add(question)


def _pas(cle: str, libelle: str, pas: tuple[int, ...], depart: int, noms: dict[int, str] | None = None) -> int:
    dits = {n: langue.nombre(n) for n in pas} | (noms or {})
    return choix_perimetre.option(libelle, cle, dits, depart=depart, partout=True, label_visibility="visible")
