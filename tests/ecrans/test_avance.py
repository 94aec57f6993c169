"""What is read ahead is what the first visitor would have computed, and its absence stops nothing."""

from __future__ import annotations

import logging

import pytest
import streamlit as st

from mel_core.entrepot import Lecteur
from pages.commun import avance, donnees
from pages.commun.essai import essayer
from pages.commun.lecture_bilan import lire_cle
from pages.commun.levier import depart
from tests.ecrans.conftest import Publier, monde


def test_once_read_ahead_the_screens_ask_nothing_more_of_the_store(
    publier: Publier, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifiant = publier(**monde()).identifiant
    avance.lire_la_derniere()

    def refuser(*_: object, **__: object) -> None:
        raise AssertionError("the store was asked again")

    monkeypatch.setattr(Lecteur, "query", refuser)
    for ici in ("ICI 1", "ICI 2", "ICI 3", None):
        for indicateur in ("equilibre", "aci"):
            bilan = lire_cle((identifiant, "2017S2", indicateur, ici))
            assert essayer(bilan, depart(bilan)).phrase


def test_an_empty_store_has_nothing_to_read_ahead(publier: Publier, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "ici.avance"):
        avance.lire()
    assert donnees.entrepot().instantane() is None
    assert not [r for r in caplog.records if r.name == "ici.avance"]


def test_a_failure_is_logged_without_its_message_and_stops_nothing(
    publier: Publier, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publier(**monde())
    st.cache_data.clear()

    def casser(*_: object, **__: object) -> None:
        raise ValueError("numéro 999123456789012345")

    monkeypatch.setattr(Lecteur, "query", casser)
    with caplog.at_level(logging.WARNING, "ici.avance"):
        avance.lire()
    (incident,) = [r for r in caplog.records if r.name == "ici.avance"]
    assert "ValueError" in incident.getMessage()
    assert "999123456789012345" not in incident.getMessage()
