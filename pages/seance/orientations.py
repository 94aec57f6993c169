"""13h30 Orientations, « orientations et préconisations décidées ensemble »: segments, engagements, offer and demand."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.commun import (
    cadre,
    ecran_engagements,
    ecran_offre,
    ecran_ordonnancement,
    ecran_segments,
    perimetre,
    pourquoi_orientations,
)

STYLE = Path(__file__).with_suffix(".css")
VUES = {
    "segments": ("Segments", ecran_segments.montrer),
    "engagements": ("Engagements", ecran_engagements.montrer),
    "preconisations": ("Préconisations", ecran_offre.preconisations),
    "mutations": ("Mutations bloquées", ecran_offre.mutations),
    "offre": ("Offre et demande", ecran_offre.offre),
    "qpv": ("QPV", ecran_offre.qpv),
    "ordonnancement": ("Ordonnancement", ecran_ordonnancement.montrer),
}


def page() -> None:
    st.html(STYLE)
    with st.container(horizontal=True, key="perimetre"):
        choisi = perimetre.choose()
        cadre.millesime(choisi.instantane)
    perimetre.garder("vue", list(VUES))
    with st.container(horizontal=True, key="vues", vertical_alignment="center"):
        vue = st.segmented_control(
            "Vue",
            list(VUES),
            format_func=lambda nom: VUES[nom][0],
            key="vue",
            persist_state="session",
            required=True,
            label_visibility="collapsed",
        )
        pourquoi = st.container(key="pourquoi_vue")
    st.query_params["vue"] = vue
    question = VUES[vue][1](choisi)
    with pourquoi:
        pourquoi_orientations.expliquer(vue, choisi, question)


page()
