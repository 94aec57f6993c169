"""What a page says of where one is and of what was chosen: its link is to give it back, and its sentences to say it."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from tests.marcheur.lus import Texte

# What is begun and waits for its button is no view: a link does not carry it.
_FORMULAIRE = re.compile(
    r"saisie|brouillon|profil|repete|couche|libre_|a_corriger|section|objectif_|ips_|vers_|suite_|question_|publication_ant"
)
# Which of the address says where one is, and must never be replaced without a word.
SITUENT = ("seance", "ici", "commune", "bailleur", "segment", "objectif", "point", "vue", "simulation")


def said(lus: list[Texte]) -> str:
    """The sentences of a page, without what moves by itself and without what is being typed."""
    return " | ".join(t.dit for t in lus if t.zone == "message" and t.genre == "html")


def chosen(essai: AppTest) -> dict[str, str]:
    """What the controls of a view hold, but for what is being typed or filled."""
    controles = [*essai.selectbox, *essai.segmented_control, *essai.pills, *essai.multiselect, *essai.radio]
    controles += [*essai.select_slider, *essai.slider, *essai.toggle]
    return {str(w.key): str(w.value) for w in controles if w.key and not _FORMULAIRE.search(str(w.key))}


def filters_unsaid(essai: AppTest, lus: list[Texte]) -> list[str]:
    """What a filter of a list holds, and its sentence does not say."""
    dit = " ".join(t.dit for t in lus if t.zone == "message").lower()
    tenus = [v for w in essai.multiselect if str(w.key).startswith("liste_") for v in w.values]
    return [v for v in tenus if dit and v.lower() not in dit]
