"""A séance that was signed or frozen says so on screen, by whom and since when."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mel_core.entrepot import Instantane
from mel_core.indicateurs.comptage import freeze
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import signature
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from tests.ecrans.conftest import Publier, monde
from tests.ecrans.vue import visit

SEANCE = Seance.read("2017S2")


def objectifs() -> AppTest:
    ecran = AppTest.from_file(donnees.RACINE / "pages/preparer/objectifs.py", default_timeout=30)
    ecran.query_params["seance"] = str(SEANCE)
    return ecran.run()


def sign(journal: Journal) -> None:
    auteur = Auteur("Camille Essai", "MEL")
    signature.sign(journal, donnees.entrepot(), SEANCE, "vice-présidente à l’habitat", auteur, "s")


def ecrit(ecran: AppTest) -> str:
    return " ".join(x.value for x in ecran.markdown)


@pytest.fixture
def journal(publish: Publier) -> Journal:
    publish(**monde())
    return Journal.du_dossier(donnees.entrepot().dossier)


@pytest.fixture(scope="module")
def signee(petit_monde: Instantane) -> None:
    """Signed once for those that read it."""
    sign(Journal.du_dossier(donnees.entrepot().dossier))


@pytest.mark.usefixtures("signee")
def test_the_screen_says_who_signed_and_since_when() -> None:
    ecran = objectifs()
    assert f"La séance {SEANCE} est **gelée le " in ecrit(ecran)
    assert "signée par Camille Essai (MEL), vice-présidente à l’habitat" in ecrit(ecran)
    assert not [b for b in ecran.button if b.key == "geler"]  # one place signs: Clôture


@pytest.mark.usefixtures("signee")
def test_the_bilan_says_that_its_figures_are_frozen_and_by_whom() -> None:
    st.cache_data.clear()
    bilan = visit(seance=str(SEANCE), ici="ICI 2").run()
    assert "séance gelée" in " ".join(x.proto.body for x in bilan.get("html"))
    assert "signée par Camille Essai (MEL)" in ecrit(bilan)


def test_a_séance_frozen_by_the_command_line_says_that_nobody_signed(journal: Journal) -> None:
    freeze(donnees.entrepot(), SEANCE)
    assert "gelée par la ligne de commande, sans signature" in ecrit(objectifs())


def test_an_objective_is_of_a_reservataire_that_exists(journal: Journal) -> None:
    """« Réservataire inconnu » is a line of a table, and nobody to agree with: it was refused by its code."""
    proposes = objectifs().selectbox(key="objectif_reservataire").options
    assert "Action Logement" in proposes
    assert "Réservataire inconnu" not in proposes
