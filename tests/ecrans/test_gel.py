"""Signing a séance on screen freezes it, says who and since when, and is never done twice."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.indicateurs.gel_indicateurs import freeze
from mel_core.journal import Journal
from mel_core.seance.coordination.signature import OBJET
from mel_core.socle.periodes import Seance
from pages.commun import donnees, visiteur
from tests.ecrans.conftest import Publier, monde

SEANCE = Seance.read("2017S2")


def objectifs(profil: Profil | None = None) -> AppTest:
    ecran = AppTest.from_file(donnees.RACINE / "pages/preparer/objectifs/objectifs.py", default_timeout=30)
    ecran.query_params["seance"] = str(SEANCE)
    if profil:
        ecran.session_state[visiteur._REPETITION] = profil
    return ecran.run()


def fill(ecran: AppTest) -> AppTest:
    ecran.text_input(key="saisie_auteur").input("Camille Essai").run()
    ecran.text_input(key="gel_qualite").input("vice-présidente à l’habitat").run()
    return ecran.checkbox(key=f"gel_relu_{SEANCE}").check().run()


def ecrit(ecran: AppTest) -> str:
    return " ".join(x.value for x in ecran.markdown)


@pytest.fixture
def journal(publish: Publier) -> Journal:
    publish(**monde())
    return Journal.du_dossier(donnees.entrepot().dossier)


def test_a_copilot_signs_and_the_screen_says_who_and_since_when(journal: Journal) -> None:
    ecran = objectifs()
    assert ecran.button(key="geler").disabled
    fill(ecran).button(key="geler").click().run()
    assert donnees.entrepot().est_gelee(SEANCE)
    assert f"La séance {SEANCE} est **gelée le " in ecrit(ecran)
    assert "signée par Camille Essai (MEL), vice-présidente à l’habitat" in ecrit(ecran)
    (signature,) = journal.find_all(OBJET, seance=str(SEANCE))
    assert signature.contenu["millesime"] == donnees.entrepot().instantane(SEANCE).identifiant
    assert journal.verify() == []
    # Somebody else who had the form open finds it signed, and signs nothing more.
    assert not [b for b in objectifs().button if b.key == "geler"]


def test_the_bilan_says_that_its_figures_are_frozen_and_by_whom(journal: Journal) -> None:
    fill(objectifs()).button(key="geler").click().run()
    st.cache_data.clear()
    bilan = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=30)
    bilan.query_params.update({"seance": str(SEANCE), "ici": "ICI 2"})
    bilan.run()
    assert "séance gelée" in " ".join(x.proto.body for x in bilan.get("html"))
    assert "signée par Camille Essai (MEL)" in ecrit(bilan)


def test_a_séance_frozen_by_the_command_line_says_that_nobody_signed(journal: Journal) -> None:
    freeze(donnees.entrepot(), SEANCE)
    assert "gelée par la ligne de commande, sans signature" in ecrit(objectifs())


@pytest.mark.parametrize("profil", [Profil(TypeProfil.ANIMATEUR), Profil(TypeProfil.COMMUNE, "59512")])
def test_nobody_else_may_freeze(journal: Journal, profil: Profil) -> None:
    ecran = objectifs(profil)
    assert len(ecran.exception) == 1  # said in French by the frame
    assert not [b for b in ecran.button if b.key == "geler"]
    assert not donnees.entrepot().est_gelee(SEANCE)


def test_an_objective_is_of_a_reservataire_that_exists(journal: Journal) -> None:
    """« Réservataire inconnu » is a line of a table, and nobody to agree with: it was refused by its code."""
    proposes = objectifs().selectbox(key="objectif_reservataire").options
    assert "Action Logement" in proposes
    assert "Réservataire inconnu" not in proposes
