"""9h30 Bilan, « suivre et réajuster »: a measure and its pictures, one at a time; or the card of a place."""

from __future__ import annotations

import streamlit as st

from mel_core.indicateurs.catalogue import MESURES, OBJECTIFS
from pages.commun import cadre, choix_perimetre, entete
from pages.seance.bilan import ecran_mesures, fiche

_CHOISI = "objectif"
_AUTRES = [code for code in MESURES if code not in OBJECTIFS]


def choose() -> str:
    """Draw both selectors; the code of the objective or measure chosen, kept in the session and in the address."""
    choix_perimetre.keep(_CHOISI, list(MESURES))
    choisi = st.session_state[_CHOISI]
    st.segmented_control(
        "Objectif suivi",
        OBJECTIFS,
        format_func=lambda code: MESURES[code].titre,
        default=choisi if choisi in OBJECTIFS else None,
        required=True,
        label_visibility="collapsed",
        **choix_perimetre.montre("bouton_objectif", choisi if choisi in OBJECTIFS else None, _take),
    )
    st.selectbox(
        "Autres mesures du bilan",
        _AUTRES,
        index=_AUTRES.index(choisi) if choisi in _AUTRES else None,
        format_func=lambda code: MESURES[code].titre,
        placeholder="Autres mesures…",
        label_visibility="collapsed",
        filter_mode=None,
        **choix_perimetre.montre("autre_mesure", choisi if choisi in _AUTRES else None, _take),
    )
    st.query_params[_CHOISI] = choisi
    return choisi


def _take(choisi: str | None) -> None:
    """A list that is cleared changes nothing."""
    if choisi is not None:
        st.session_state[_CHOISI] = choisi
        st.query_params.pop("coupe", None)  # that of another measure
        choix_perimetre.forget(["fiche"])  # the page of a commune is of every measure
        st.query_params.pop("fiche", None)


def page() -> None:
    est_nue = st.query_params.keys().isdisjoint(("objectif", "coupe", "lieu"))
    with entete.perimetre():
        choisi = choix_perimetre.choose()
        code = choose()
        cadre.millesime(choisi.instantane)
    if lieu := fiche.read(choisi, est_nue=est_nue):
        fiche.show(choisi, lieu)
    else:
        ecran_mesures.show(choisi, code)


page()
