"""What the screens say at rest, page by page, to a co-pilot."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from tests.canonique.chiffres import Recueil
from tests.marcheur.visite import PAGES, Visite

MESURES = ("aci", "mutations_bloquees", "npru", "droit_commun", "ressources", "bas_revenus", "actifs", "delais")


def gather_screens(recueil: Recueil, donnees: Path, seance: str, perimetres: list[str]) -> None:
    os.environ["MEL_DONNEES"] = str(donnees)
    st.cache_resource.clear()
    st.cache_data.clear()
    for ici in [*perimetres, "MEL"]:
        for page in PAGES:
            _note(recueil, page, {"seance": seance, "ici": ici})
        for mesure in MESURES:
            _note(recueil, "pages/seance/bilan.py", {"seance": seance, "ici": ici, "objectif": mesure})


def _note(recueil: Recueil, page: str, adresse: dict[str, str]) -> None:
    visite = Visite("", lambda faute: recueil.phrases.append(f"faute {faute.page} → {faute.quoi}"))
    visite.open(page, adresse)
    question = f"écran {visite.nom} {' '.join(adresse.values())}"
    recueil.phrases.extend(
        f"{question} {rang:04d} → {t.dit}" for rang, t in enumerate(visite.lus) if t.zone not in ("agenda", "style")
    )
