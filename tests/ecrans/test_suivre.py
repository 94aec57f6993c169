"""The standing views without their table, or with only part of it: what is missing, and what to do."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.conftest import ROUBAIX, Publier, monde
from tests.ecrans.leviers import dit
from tests.jeux import table


def open(page: str) -> AppTest:
    """The page under the handler of errors of the frame."""
    chemin = donnees.RACINE / fichier(page)
    cadre = "import runpy\nfrom pages.adaptateur.incidents import protect\nwith protect():\n    runpy.run_path({!r})"
    essai = AppTest.from_string(cadre.format(str(chemin)), default_timeout=60)
    essai.query_params["ici"] = "ICI 2"
    essai.run()
    assert not essai.exception
    return essai


def lu(essai: AppTest) -> str:
    return dit(essai).replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("page", "manque"),
    [("programmation", "La table «\u00a0programmation\u00a0»"), ("accueil", "importer la table «\u00a0accueil\u00a0»")],
)
def test_a_view_without_its_table_says_which_and_where_to_import_it(publish: Publier, page: str, manque: str) -> None:
    publish(**monde())
    essai = open(page)
    refus = " ".join(h.proto.body for h in essai.get("html") if 'class="refus"' in h.proto.body)
    assert manque in refus
    assert "Préparer › Imports" in refus


def test_quartiers_without_inhabitants_have_no_share(publish: Publier) -> None:
    publish(**monde())
    essai = open("fragilite")
    assert "leur population n’est pas renseignée" in lu(essai)


def test_quartiers_without_the_profile_of_their_stocks_say_which_columns_to_give(publish: Publier) -> None:
    publish(**monde())
    ecrits = " ".join(h.proto.body for h in open("fragilite").get("html")).replace("\u00a0", " ")
    assert "Aucun fichier n’a donné « part_modestes_parc_social » et « part_modestes_parc_prive »" in ecrits


def test_an_operation_without_its_plus_or_plai_is_left_out_and_counted(publish: Publier) -> None:
    operation = {"code_insee": ROUBAIX, "annee": 2017, "n_logements": 30}
    publish(
        **monde(),
        programmation=table(
            "programmation",
            operation | {"code_operation": "O1", "n_plus": 7, "n_plai": 2},
            operation | {"code_operation": "O2", "n_plus": 7},
        ),
    )
    essai = open("programmation")
    assert "l’opération de 2017 compte **2 PLAI** sur 9 PLUS et PLAI" in lu(essai)
    assert "Viser 25 % dans chaque opération, c’est **+1 PLAI**" in lu(essai)  # 2 of 9 is 22 %: a third one


def test_an_ici_without_any_operation_says_so(publish: Publier) -> None:
    lille = {"code_operation": "O1", "code_insee": "59350", "annee": 2017, "n_logements": 9, "n_plus": 7, "n_plai": 2}
    publish(**monde(), programmation=table("programmation", lille))
    essai = open("programmation")
    assert "aucune opération" in lu(essai)
