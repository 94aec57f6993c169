"""« Pourquoi ce chiffre ? » of a scenario: what is counted, how, on what, what is left out, the file to replay it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mel_core.simulation.scenarios import Resultat
from mel_core.simulation.scenarios.registre import METHODES
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from pages.commun import entete, signatures
from pages.commun.choix_perimetre import Perimetre
from pages.simuler import reglages


def explain(choisi: Perimetre, resultat: Resultat) -> None:
    """The button and what it opens. A figure of the heads of a queue is exact in the file's answer only."""
    volet = st.popover("Pourquoi ce chiffre ?", key="pourquoi", on_change="rerun")
    if not volet.open:
        return  # a step of a slider does not send what nobody reads
    scenario = resultat.scenario
    methode, periode = METHODES[scenario.simulation], Periode.de(scenario.seance, "annee")
    with volet:
        st.markdown(langue.typeset(f"**{reglages.TITRES[scenario.simulation]}**  \n{methode.definition}"))
        entete.explain(
            {
                **methode.lignes,
                "Période": f"{choisi.duree}, {langue.intervalle(periode.debut, periode.fin)}",
                "Source": signatures.say_source(choisi),
                "Méthode": f"docs/simulations/{scenario.simulation}.md",
            }
        )
        st.markdown("La même réponse, sans navigateur : ce fichier, puis cette commande.")
        st.code(replace(scenario, millesime="").toml().strip(), language="toml", wrap_lines=True)
        st.code("python -m mel_core simuler scenario.toml", language="bash", wrap_lines=True)
