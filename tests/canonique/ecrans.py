"""What the screens say at rest, page by page, to a co-pilot."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from mel_core.indicateurs.catalogue import MESURES
from tests.canonique.chiffres import Recueil
from tests.marcheur.chemins import Carnet
from tests.marcheur.fautes import Incidents
from tests.marcheur.servi import as_served
from tests.marcheur.visite import PAGES, Visite


def gather_screens(recueil: Recueil, donnees: Path, seance: str, perimetres: list[str]) -> None:
    os.environ["MEL_DONNEES"] = str(donnees)
    st.cache_resource.clear()
    st.cache_data.clear()
    with as_served() as incidents:
        for ici in [*perimetres, "MEL"]:
            for page in PAGES:
                _note(recueil, page, {"seance": seance, "ici": ici}, incidents)
            for mesure in MESURES:
                bilan = {"seance": seance, "ici": ici, "objectif": mesure}
                _note(recueil, "pages/seance/bilan/bilan.py", bilan, incidents)


def _note(recueil: Recueil, page: str, adresse: dict[str, str], incidents: Incidents) -> None:
    carnet = Carnet()
    visite = Visite("", carnet, incidents)
    visite.open(page, adresse)
    question = f"écran {visite.nom} {' '.join(adresse.values())}"
    recueil.phrases.extend(
        f"{question} {rang:04d} → {t.dit}" for rang, t in enumerate(visite.lus) if t.zone not in ("agenda", "style")
    )
    recueil.phrases.extend(f"faute {f.page} → {f.quoi}" for f in carnet.fautes.values())
