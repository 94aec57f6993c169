"""How large the window is: deck.gl opens a map at a zoom, and only the page knows the pixels that it has."""

from __future__ import annotations

import streamlit as st

from pages.adaptateur import vivant

GRANDEURS = range(15, 61)  # in twentieths: from a window 1025 wide to one of 4100
_CLE = "grandeur_fenetre"  # of its own: « fenetre » is a step of a segment, in its address
_SUE = "grandeur_sue"  # what a component said is forgotten from page to page: asked again, it would draw each one twice
_composant = vivant.composant("fenetre", "adaptateur")


def listen() -> None:
    """To be placed once in the frame: a window that is not 1366 wide says so once, and the page is drawn for it."""
    _composant(key=_CLE, data={"vingtiemes": round(20 * grandeur())}, on_vingtiemes_change=lambda: None)


def grandeur() -> float:
    """Of the window, to a twentieth, and never more than it is: a map is not to leave its place. 1 for one 1366 wide,
    and until it is known."""
    if (vingtiemes := vivant.entier_dit(vivant.dit(_CLE, "vingtiemes"), GRANDEURS)) is not None:
        st.session_state[_SUE] = vingtiemes
    return int(st.session_state.get(_SUE, 20)) / 20
