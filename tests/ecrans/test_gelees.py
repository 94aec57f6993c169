"""A séance frozen on what was published before, while something else is: its screens are its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from mel_core.entrepot import Entrepot
from mel_core.indicateurs.comptage import freeze
from mel_core.socle.periodes import Seance
from pages.commun import donnees, navigation
from tests.ecrans.conftest import monde, served
from tests.exemples import one_in
from tests.jeux import chargement, serve

S2 = Seance(2017, 2)


@pytest.fixture(scope="module", autouse=True)
def gelee(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    dossier = tmp_path_factory.mktemp("gelee")
    entrepot, tables = Entrepot(dossier), monde()
    with entrepot.reserve():
        serve(entrepot, chargement("fictive", **tables))
    freeze(entrepot, S2)
    with entrepot.reserve():
        serve(entrepot, chargement("fictive", **{**tables, "attributions": tables["attributions"].slice(1)}))
    with served(dossier):
        yield


@pytest.mark.parametrize(
    ("page", "en_salle"),
    one_in(
        3, [*((page, True) for page in navigation.PROJETEES), *((page, False) for page in sorted(navigation.PAGES))]
    ),
)
def test_no_screen_of_a_frozen_seance_asks_to_reload_for_data_that_do_not_change(page: str, en_salle: bool) -> None:
    assert donnees.instantane(S2).identifiant != donnees.instantane().identifiant
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    essai.query_params.update({"seance": str(S2), "ici": "ICI 2"})
    essai.session_state["salle_repetee"] = en_salle
    essai.switch_page(navigation.fichier(page)).run()
    assert not essai.exception
    dits = " ".join(str(x.proto.body) for x in essai.get("html"))
    assert "vient d’être publié" not in dits
    assert "Une erreur de l’application" not in dits
