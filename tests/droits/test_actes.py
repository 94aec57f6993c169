"""Who writes, cell by cell of the table: the door is asked by each profile, at its desk and in Salle."""

from __future__ import annotations

from itertools import product

import pytest
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil
from mel_core.droits.actions import Action
from mel_core.journal import Journal
from pages.commun import donnees, visiteur
from tests.droits.test_actions import LIGNES, PROFILS
from tests.ecrans.conftest import Publier
from tests.ecrans.conftest import publish as publish


def ecrire() -> None:
    """The page of these tests: each act tries to write one line."""
    from mel_core.droits.actions import Action
    from mel_core.socle.erreurs import ErreurUtilisateur
    from pages.commun import ecriture

    for action in Action:
        try:
            ecriture.journal().write("essai", action.name, {}, ecriture.require_auteur(action), action.name)
        except ErreurUtilisateur:
            continue


@pytest.mark.parametrize(("nom", "en_salle"), product(PROFILS, (False, True)))
def test_each_act_is_written_by_who_the_table_says_and_by_nobody_else(
    publish: Publier, nom: str, en_salle: bool
) -> None:
    publish()
    essai = AppTest.from_function(ecrire)
    essai.session_state["auteur_nom"] = "Camille Essai"
    essai.session_state[visiteur._REPETITION], essai.session_state[visiteur._SALLE] = PROFILS[nom], en_salle
    essai.run()
    ecrites = {f.identifiant for f in Journal.du_dossier(donnees.dossier()).find_all("essai")}
    assert ecrites == {a.name for a in Action if est_permis(a, nom, en_salle)}


def est_permis(action: Action, nom: str, en_salle: bool) -> bool:
    """By the table; what Salle closes to a co-pilot, it closes to all. In a rehearsal whoever could instruct does."""
    rang = list(PROFILS).index(nom)
    au_poste = LIGNES[action.name][rang] or (action is Action.LIRE_NUMEROS and nom in ("commune", "bailleur"))
    return au_poste and not (en_salle and not action.value.en_salle)


def test_without_a_name_nothing_is_written(publish: Publier) -> None:
    publish()
    essai = AppTest.from_function(ecrire).run()
    assert not essai.exception
    assert Journal.du_dossier(donnees.dossier()).find_all("essai") == []


def brouillon() -> None:
    """A form whose link is known."""
    import streamlit as st

    from mel_core.droits.actions import Action
    from pages.commun import brouillon

    saisie = brouillon.brouillon(Action.SIGNALER_BLOCAGE, "essai")
    saisie.texte("Constat", "constat")
    st.write(saisie.identifiant)


def test_a_draft_is_its_author_s_whoever_holds_its_address(publish: Publier) -> None:
    publish()

    def open(profil: Profil, adresse: str = "") -> AppTest:
        essai = AppTest.from_function(brouillon)
        essai.session_state[visiteur._REPETITION] = profil
        if adresse:
            essai.query_params["brouillon"] = adresse
        return essai.run()

    sien = open(PROFILS["commune"])
    sien.text_input[0].input("Ce que Lille écrit").run()
    adresse = sien.markdown[0].value
    assert open(PROFILS["commune"], adresse).text_input[0].value == "Ce que Lille écrit"
    for autre in (PROFILS["copilote"], PROFILS["bailleur"], Profil(PROFILS["commune"].type, "59512")):
        essai = open(autre, adresse)
        assert (essai.text_input[0].value, essai.markdown[0].value == adresse) == ("", False)
        essai.text_input[0].input("autre chose").run()
    assert open(PROFILS["commune"], adresse).text_input[0].value == "Ce que Lille écrit"
