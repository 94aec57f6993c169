"""13h30 Orientations, « orientations et préconisations décidées ensemble »: segments, engagements, offer and demand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from mel_core.socle import langue
from pages.commun import cadre, choix_perimetre, entete, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import choix_segment, ecran_engagements
from pages.seance.orientations import (
    ecran_mutations,
    ecran_offre,
    ecran_ordonnancement,
    ecran_preconisations,
    ecran_qpv,
    ecran_segments,
    pourquoi_orientations,
)

STYLE = Path(__file__).with_suffix(".css")
SEGMENTS = "segments"
VUES: dict[str, tuple[str, Callable[[Perimetre], None]]] = {
    "engagements": ("Engagements", ecran_engagements.show),
    "preconisations": ("Préconisations", ecran_preconisations.show),
    "mutations": ("Mutations bloquées", ecran_mutations.show),
    "offre": ("Offre et demande", ecran_offre.show),
    "qpv": ("QPV", ecran_qpv.show),
    "ordonnancement": ("Ordonnancement", ecran_ordonnancement.show),
}
# What is observed, over the year or on the last day of the séance; the two other views, and the lever of a segment,
# open on a hypothesis of the séance, and say so.
SUR_L_ANNEE = frozenset({"offre", "qpv"})
CONSTATS = SUR_L_ANNEE | {SEGMENTS, "engagements", "mutations"}


def page() -> None:
    st.html(STYLE)
    choisi = entete.choose()
    vues = [SEGMENTS, *VUES]
    with st.container(horizontal=True, key="vues", vertical_alignment="center"):
        say = {SEGMENTS: "Segments"} | {nom: titre for nom, (titre, _) in VUES.items()}
        vue = choix_perimetre.option("Vue", "vue", {vue: say[vue] for vue in vues}, partout=True)
        if vue in CONSTATS and not (vue == SEGMENTS and ecran_segments.est_au_levier()):
            quand = choisi.precision if vue in SUR_L_ANNEE else langue.fin(choisi.seance.fin)
            # A desk has it under « Pourquoi », which stays on the line of the views.
            cadre.etat(cadre.CONSTAT, quand if visiteur.est_en_salle() else "")
        pourquoi = st.container(key="pourquoi_vue")
    question = choix_segment.choose(choisi) if vue == SEGMENTS else None
    if question is not None:
        ecran_segments.show(choisi, question)
    else:
        VUES[vue][1](choisi)
    with pourquoi:  # nobody waits for what explains: it comes after the message
        pourquoi_orientations.explain(vue, choisi, question)


page()
