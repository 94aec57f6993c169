"""Which screen of the bilan is projected: an objective by its button, any other measure by a list, one at a time."""

from __future__ import annotations

import streamlit as st

from pages.commun import choix_perimetre
from pages.commun.mesures.catalogue import MESURES

_CHOISI, _BOUTON, _LISTE = "objectif", "bouton_objectif", "mesure"


def choose(objectifs: dict[str, str]) -> str:
    """Draw both selectors; the code of the objective or measure chosen, kept in the session and in the address.

    `objectifs`: label by code.
    """
    choix_perimetre.keep(_CHOISI, [*objectifs, *MESURES])
    choisi = st.session_state[_CHOISI]
    st.session_state[_BOUTON] = choisi if choisi in objectifs else None
    st.session_state[_LISTE] = choisi if choisi in MESURES else None
    st.segmented_control(
        "Objectif suivi",
        list(objectifs),
        format_func=objectifs.__getitem__,
        key=_BOUTON,
        on_change=_take,
        args=(_BOUTON,),
        label_visibility="collapsed",
    )
    st.selectbox(
        "Autres mesures du bilan",
        list(MESURES),
        format_func=lambda code: MESURES[code].titre,
        key=_LISTE,
        placeholder="Autres mesures…",
        on_change=_take,
        args=(_LISTE,),
        label_visibility="collapsed",
        filter_mode=None,
    )
    st.query_params[_CHOISI] = choisi
    return choisi


def _take(cle: str) -> None:
    """A click on what is already chosen, or a list that is cleared, changes nothing."""
    if st.session_state[cle] is not None:
        st.session_state[_CHOISI] = st.session_state[cle]
        st.query_params.pop("coupe", None)  # that of another measure
        choix_perimetre.forget(["fiche"])  # the page of a commune is of every measure
        st.query_params.pop("fiche", None)
