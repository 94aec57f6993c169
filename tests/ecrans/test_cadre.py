"""The frame: what it refuses, what it says when there is nothing, and what it never shows."""

from __future__ import annotations

import logging
from datetime import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.adaptateur.incidents import protect
from pages.commun import cadre, donnees
from pages.commun.navigation import PAGES, fichier
from tests.ecrans.conftest import Publier, monde


def ecran(page: str = "") -> str:
    """All that the application writes on a page, its first one by default."""
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=30)
    (essai.switch_page(page) if page else essai).run()
    assert not essai.exception
    return " ".join(str(x.proto.body) for x in essai.get("html")) + " ".join(x.value for x in essai.markdown)


def test_an_empty_store_says_what_to_import(publish: Publier) -> None:
    assert "Aucun jeu de données n’est publié" in ecran()


def test_fictitious_data_say_so_and_give_their_vintage(monde_publie: Path) -> None:
    assert "Constat" in ecran()


@pytest.mark.parametrize("page", [fichier(adresse) for adresse in PAGES])
def test_what_the_data_are_stands_on_every_page(monde_publie: Path, page: str) -> None:
    vu = ecran(page)
    assert "DONNÉES FICTIVES" in vu
    assert "Données publiées le " in vu


def test_real_data_without_a_login_show_nothing_but_why(publish: Publier) -> None:
    publish("reelle", **monde())
    vu = ecran()
    assert "ne s’ouvrent qu’à une personne connue" in vu
    assert "ménages modestes" not in vu
    assert "Roubaix" not in vu


def test_a_store_without_attributions_says_which_table_is_missing(publish: Publier) -> None:
    tables = monde()
    publish(bailleurs=tables["bailleurs"])
    assert "ne contient aucune attribution" in ecran()


def test_a_failure_is_numbered_and_its_message_goes_neither_on_screen_nor_in_the_log(
    publish: Publier, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def casser(*_: object) -> None:
        raise ValueError("numéro 999123456789012345")

    monkeypatch.setattr(donnees, "choix", casser)
    publish(**monde())
    with caplog.at_level(logging.ERROR, "ici.incidents"):
        vu = ecran()
    assert "signaler l’incident" in vu
    assert "999123456789012345" not in vu + caplog.text
    assert "ValueError" in caplog.text
    numero = caplog.records[-1].args[0]
    assert str(numero) in vu


def test_a_control_exception_of_streamlit_is_not_swallowed() -> None:
    class Arret(BaseException):
        pass

    with pytest.raises(Arret), protect():
        raise Arret


@pytest.mark.parametrize(
    ("maintenant", "reste"), [(time(9, 29), ""), (time(9, 30), "60"), (time(10, 5), "25"), (time(10, 30), "")]
)
def test_minutes_left_are_counted_while_the_slot_is_under_way(maintenant: time, reste: str) -> None:
    bilan = next(c for c in cadre.AGENDA if c.chemin == "bilan")
    dit = cadre.minutes_restantes(bilan, maintenant)
    assert dit == (int(reste) if reste else None)
