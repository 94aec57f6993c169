"""A map in its place: at the size of the window, with its legend, its text, and what is said where nothing draws it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from pages.adaptateur import vivant
from pages.commun import visiteur
from pages.commun.images.cartes import LIEUX, Carte

_outils = vivant.composant("carte")
_CARTOUCHE_PX = 176  # that the legend takes on the right: see style.css
_REFUS = "Ce navigateur ne dessine pas les cartes (WebGL est éteint) : les mêmes chiffres sont {ou}."


def draw(carte: Carte, cle: str, surface: tuple[float, float]) -> str | None:
    """The map of `carte` under the key `cle`, and its legend, in an area of `surface` pixels of a window 1366 wide; the
    code of the place that was just clicked, none else. A step that changes its colours leaves where it was moved to."""
    grandeur = vivant.grandeur()
    largeur, hauteur = grandeur * (surface[0] - _CARTOUCHE_PX), grandeur * surface[1]
    rang = st.session_state.get(f"recentrages_{cle}", 0)
    with st.container(key=f"carte_{cle}", gap=None):
        choix = st.pydeck_chart(
            carte.deck(largeur, hauteur, grandeur, est_projete=visiteur.est_en_salle()),
            key=f"deck_{cle}_{rang}",
            on_select="rerun",
            height=round(hauteur),
            alt=carte.titre,
        )
        absente = _REFUS.format(ou="en Préparation" if visiteur.est_en_salle() else "dans le tableau")
        lu = f'<p class="lu">{escape(carte.titre)} : {escape(carte.lecture)}</p>'
        st.html(f'{carte.cartouche()}<p class="sans_carte">{escape(absente)}</p>{lu}')
        _outils(key=f"outils_{cle}", data=vivant.octets({"titre": carte.titre, "dits": carte.dits()}))
        st.button("Recentrer", key=f"recentrer_{cle}", on_click=_recenter, args=(cle,))
    return _clique(choix, f"clique_{cle}")


def _recenter(cle: str) -> None:
    """The map as it opens: another one in its place."""
    st.session_state[f"recentrages_{cle}"] = st.session_state.get(f"recentrages_{cle}", 0) + 1


def _clique(choix: Any, retenu: str) -> str | None:
    """What was clicked since the last run: a selection stays in the widget, a click is heard once."""
    objets = choix["selection"]["objects"].get(LIEUX, []) if isinstance(choix, Mapping) else []
    code = str(objets[0]["properties"]["code"]) if objets else None
    est_nouveau = code != st.session_state.get(retenu)
    st.session_state[retenu] = code
    return code if est_nouveau else None
