"""What breaks before a page is drawn, in what a click does: the server says it in a sentence, never in English."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

import app
from pages.adaptateur import incidents
from tests.marcheur.servi import as_served

ECRAN = """
import streamlit as st
from mel_core.socle.erreurs import ErreurUtilisateur

def refuse():
    raise ErreurUtilisateur("Cette séance est signée : en ouvrir une autre.")

def casse():
    raise KeyError("Durand")

st.button("refuser", on_click=refuse, key="refuser")
st.button("casser", on_click=casse, key="casser")
"""


def test_the_server_gives_what_a_click_breaks_to_the_handler_of_the_pages() -> None:
    assert app.app._on_script_error is incidents.say


def test_what_a_click_breaks_is_said_in_a_sentence_without_the_value_that_broke_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with as_served() as vus:
        essai = AppTest.from_string(ECRAN).run()
        essai.button(key="refuser").click().run()
        assert not essai.exception
        assert "Cette séance est signée\u00a0: en ouvrir une autre." in essai.html[0].value
        assert vus.dits == []
        essai = AppTest.from_string(ECRAN).run()
        essai.button(key="casser").click().run()
    assert not essai.exception
    assert "Une erreur de l’application a interrompu l’affichage\u00a0: recharger la page" in essai.html[0].value
    assert "Durand" not in essai.html[0].value
    assert "Durand" not in caplog.text
    (dit,) = vus.dits
    assert dit.startswith("KeyError")
