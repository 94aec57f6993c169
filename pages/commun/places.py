"""Places on the screen: what is about another subject leaves before the sentence speaks of this one."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_RIEN = "<span></span>"


def take(cle: str, sujet: str) -> DeltaGenerator:
    """Where the picture and the lever of `sujet` go; to call before its sentence. `cle`: what takes turns there.

    Keys pressed on a lever that is about to go would be lost, under a sentence that is already about this subject. What
    is drawn again in its own place stays in the page until its elements come, one by one, and a place that is emptied
    until the run ends: subjects take turns at two places, and something else is written in the one that is left.
    """
    montre = f"{cle}_montre"  # the subject that is on screen, and which of the two places it took
    nom, rang = st.session_state.get(montre, ("", 0))
    if nom != sujet:
        rang = 1 - rang
        st.session_state[montre] = sujet, rang
    with st.container(gap=None):
        places = st.empty(), st.empty()
    places[1 - rang].html(_RIEN)
    return places[rang].container()
