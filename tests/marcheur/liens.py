"""What a page says of where one is and of what was chosen: its link is to give it back, and its sentences to say it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.marcheur.lus import Texte

# What is begun and waits for its button is no view: a link does not carry it.
_FORMULAIRE = re.compile(
    r"saisie|brouillon|profil|repete|couche|libre_|section|objectif_|ips_|vers_|suite_|question_|publication_ant|_a_creer"
)
_GARDE = "Brouillon gardé au journal"  # of a draft, whose link gives it back
# Which of the address says where one is, and must never be replaced without a word.
SITUENT = ("seance", "ici", "commune", "bailleur", "segment", "objectif", "point", "vue", "simulation")


def said(lus: list[Texte]) -> str:
    """The sentences of a page, without what moves by itself and without what is being typed, but for its being kept."""
    return " | ".join(t.dit for t in lus if t.genre == "html" and (t.zone == "message" or t.dit.startswith(_GARDE)))


def chosen(essai: AppTest) -> dict[str, str]:
    """What the controls of a view hold, but for what is being typed or filled."""
    controles = [*essai.selectbox, *essai.segmented_control, *essai.pills, *essai.multiselect, *essai.radio]
    controles += [*essai.select_slider, *essai.slider, *essai.toggle, *essai.number_input]
    tenus = {str(w.key): str(w.value) for w in controles if w.key and not _FORMULAIRE.search(str(w.key))}
    return {**tenus, **dict(_of_ours(essai._tree))}


def _of_ours(bloc: Any) -> Iterator[tuple[str, str]]:
    """What our own components hold: the message of Salle, the levers."""
    for enfant in bloc.children.values():
        if hasattr(enfant, "children"):
            yield from _of_ours(enfant)
        elif enfant.type == "bidi_component":
            lus = json.loads(enfant.proto.bytes or b"{}")
            if enfant.proto.component_name == "ici_salle":
                yield "message de Salle", str(lus["courant"])
            elif enfant.proto.component_name == "ici_levier":
                yield f"levier {lus['cle']}", str(lus["etape"]["valeurs"])


def filters_unsaid(essai: AppTest, lus: list[Texte]) -> list[str]:
    """What a filter of a list holds, and its sentence does not say."""
    dit = " ".join(t.dit for t in lus if t.zone == "message").lower()
    tenus = [v for w in essai.multiselect if str(w.key).startswith("liste_") for v in w.values]
    return [v for v in tenus if dit and v.lower() not in dit]


def unnamed(essai: AppTest, adresse: dict[str, str]) -> str:
    """The message that Salle shows and the address does not name: sent to somebody whose sequence is another, or opened
    later, the link would show another one."""
    montre = dict(_of_ours(essai._tree)).get("message de Salle", "")
    return montre if montre != adresse.get("message", "") else ""
