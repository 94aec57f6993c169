"""Préparer › Objectifs: a version is written when it is asked for, and by nothing else."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import COPILOTE
from mel_core.journal import Journal
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.conftest import Publier, monde


def open() -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    essai.session_state["profil_repete"] = COPILOTE
    essai.session_state["auteur_nom"] = "C. Essai"
    essai.switch_page(fichier("objectifs")).run()
    assert not essai.exception
    return essai


def add(essai: AppTest) -> AppTest:
    next(b for b in essai.button if b.label == "Ajouter cette version").click().run()
    assert not essai.exception
    return essai


def dits(essai: AppTest) -> str:
    ecrits = [str(h.proto.body) for h in essai.get("html")] + [x.value for x in (*essai.error, *essai.success)]
    return " ".join(ecrits).replace("\u00a0", " ")


def test_a_version_is_written_once_when_its_key_is_pressed_with_its_source(publish: Publier, tmp_path: Path) -> None:
    publish(**monde())

    def ecrites() -> list[str]:
        return [f.objet for f in Journal.du_dossier(tmp_path).ecritures()]

    essai = open()
    assert ecrites() == []
    essai.number_input(key="objectif_part").set_value(47.0)
    essai.text_input(key="source").set_value("Délibération du 3 janvier 2018")
    add(essai)
    assert "Version ajoutée : les séances qui ne sont pas gelées la lisent dès maintenant." in dits(essai)
    assert len(ecrites()) == 1
    essai.run()
    assert len(ecrites()) == 1


def test_a_version_without_a_source_is_refused_in_a_sentence(publish: Publier, tmp_path: Path) -> None:
    publish(**monde())
    essai = add(open())
    assert "source" in dits(essai).lower()
    assert "Version ajoutée" not in dits(essai)
    assert not list(Journal.du_dossier(tmp_path).ecritures())
