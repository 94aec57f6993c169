"""13h30 Orientations, « orientations et préconisations décidées ensemble »: segments, engagements, offer and demand."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.commun import cadre, ecran_engagements, ecran_segments, perimetre

STYLE = Path(__file__).with_suffix(".css")
VUES = {
    "segments": ("Segments", ecran_segments.montrer),
    "engagements": ("Engagements", ecran_engagements.montrer),
}


def page() -> None:
    st.html(STYLE)
    with st.container(horizontal=True, key="perimetre"):
        choisi = perimetre.choose()
        perimetre.garder("vue", list(VUES))
        vue = st.segmented_control(
            "Vue",
            list(VUES),
            format_func=lambda nom: VUES[nom][0],
            key="vue",
            persist_state="session",
            required=True,
            label_visibility="collapsed",
        )
        st.query_params["vue"] = vue
        cadre.millesime(choisi.instantane)
    VUES[vue][1](choisi)


page()
