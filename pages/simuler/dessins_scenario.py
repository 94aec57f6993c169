"""The pictures of a scenario's answer, made ready once for each: a step of a slider only sends them."""

from __future__ import annotations

import streamlit as st

from mel_core.secret.audience import Audience
from mel_core.simulation.scenarios import Resultat
from pages.adaptateur import vivant
from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import courbes, images_programmation
from pages.commun.images.cartes import Carte
from pages.commun.images.gabarit import Image
from pages.commun.mesures import lecture_scenario
from pages.simuler import images_scenario, lignes_scenario

COTES = {"equilibre": "Équilibre : ménages modestes", "aci": "Ménages ACI en premier accès"}
LIEUX = ("equilibre", "aci", "plan")
Dessins = list[tuple[str, tuple[str, bytes] | Carte]]


def read(choisi: Perimetre, resultat: Resultat) -> Dessins:
    """What stands side by side under the figures: its heading, and a map, or a chart as `vivant.place` takes it."""
    return _read(lecture_scenario.cle(resultat.scenario), choisi.audience, choisi, resultat)


@st.cache_resource(show_spinner=False, max_entries=512)
def _read(cle: lecture_scenario.Cle, audience: Audience, _choisi: Perimetre, _resultat: Resultat) -> Dessins:
    # The key says the snapshot, the séance and the ICI: all that is read of the perimeter, but for who reads.
    if _resultat.scenario.simulation == "plan":
        # Place by place, every value of its levers would give exact counts back: a room has those of the objectives.
        if not audience.est_exacte and _resultat.scenario.leviers:
            return []
        return [
            (quoi, vivant.prepare(image)) for quoi, image in zip(COTES.values(), _plan(_choisi, _resultat), strict=True)
        ]
    return [("", x if isinstance(x, Carte) else vivant.prepare(x)) for x in _images(_choisi, _resultat)]


def _plan(choisi: Perimetre, resultat: Resultat) -> list[Image]:
    """The two sides of a plan, commune by commune: a same attribution may serve both."""
    communes = resultat.details["commune"]
    return [
        images_scenario.mouvements(
            lignes_scenario.name(choisi, communes[communes["indicateur"] == indicateur], "commune"), quoi
        )
        for indicateur, quoi in COTES.items()
    ]


def _images(choisi: Perimetre, resultat: Resultat) -> list[Image | Carte]:
    simulation, lignes = resultat.scenario.simulation, resultat.resultat
    if simulation in LIEUX:
        return _lieux(choisi, resultat)
    if simulation == "engagement" and not lignes.empty:
        avec, sans = (choisi.audience.comptes(s, ["restants"]) for s in (lignes, resultat.details["constat"]))
        return [courbes.restants(avec, sans, choisi.seance)]
    if simulation == "convergence" and resultat.synthese["ecart_initial"] is not None:
        moitie = resultat.synthese["semestre_moitie"]
        return [courbes.trajectoires(lignes, resultat.details["constat"], moitie)]
    if simulation == "programmation" and not lignes.empty:
        return [images_programmation.figure(lignes)]
    if simulation == "ordonnancement" and choisi.audience.est_exacte:
        return [images_scenario.tete(*lecture_scenario.chiffres(choisi, resultat))]
    return []


def _lieux(choisi: Perimetre, resultat: Resultat) -> list[Image | Carte]:
    """What moves in each commune: bars and map, the same numbers."""
    communes = donnees.communes(choisi.instantane.identifiant, str(choisi.seance))
    noms = dict(zip(communes["commune"], communes["nom"], strict=True))
    dedans = communes[communes["ici"] == choisi.ici] if choisi.ici else communes
    montrees = lignes_scenario.read(choisi, resultat, "commune")
    return [images_scenario.mouvements(montrees), images_scenario.carte(montrees, list(dedans["commune"]), noms)]
