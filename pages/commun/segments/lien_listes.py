"""From a segment of 13h30 to the lists that it opens: the same rule and steps, in the list of a commune."""

from __future__ import annotations

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.segments import phrases_segments
from pages.commun import choix_perimetre, visiteur
from pages.commun.navigation import fichier
from pages.commun.segments import choix_segment
from pages.commun.segments.lecture_orientations import QuestionSegment


def offer(question: QuestionSegment, cle: str) -> None:
    """The key to the lists of these demandes, for who reads lists (its own, else the page asks which); a room
    has none. `cle`: of the place."""
    if not visiteur.may(Action.LIRE_LISTES):
        return
    if st.button(phrases_segments.say_listes(question.titre), key=f"listes_{cle}", type="tertiary"):
        q = question
        adresse = {"seance": q.seance, "segment": q.nom, "libre": q.libre, "n_min": q.n_min, "fenetre": q.fenetre}
        adresse |= {f"mois_{q.nom}": q.mois, "ici": q.ici}
        lue = {nom: str(valeur) for nom, valeur in adresse.items() if valeur not in (None, "")}
        if visiteur.may(Action.LIRE_TOUTE_LISTE):
            lue["commune"] = ""  # none is one's own: the page asks which
        choix_perimetre.forget(lue)
        choix_segment.forget_libre()
        st.switch_page(fichier("mes_listes"), query_params=lue)
