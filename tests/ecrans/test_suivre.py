"""The standing views without their table, or with only part of it: what is missing, and what to do."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.leviers import lu


def open(page: str) -> AppTest:
    """The page under the handler of errors of the frame."""
    chemin = donnees.RACINE / fichier(page)
    cadre = "import runpy\nfrom pages.adaptateur.incidents import protect\nwith protect():\n    runpy.run_path({!r})"
    essai = AppTest.from_string(cadre.format(str(chemin)), default_timeout=60)
    essai.query_params["ici"] = "ICI 2"
    essai.run()
    assert not essai.exception
    return essai


def test_a_view_without_its_table_says_which_and_where_to_import_it(monde_publie: Path) -> None:
    essai = open("accueil")
    refus = " ".join(h.proto.body for h in essai.get("html") if 'class="refus"' in h.proto.body)
    assert "importer la table «\u00a0accueil\u00a0»" in refus
    assert "Préparer › Imports" in refus


def test_quartiers_without_inhabitants_have_no_share(monde_publie: Path) -> None:
    essai = open("fragilite")
    assert "leur population n’est pas renseignée" in lu(essai)


def test_quartiers_without_the_profile_of_their_stocks_say_which_columns_to_give(monde_publie: Path) -> None:
    ecrits = " ".join(h.proto.body for h in open("fragilite").get("html")).replace("\u00a0", " ")
    assert "Aucun fichier n’a donné « part_modestes_parc_social » et « part_modestes_parc_prive »" in ecrits
