"""A séance frozen on what was published before, while something else is: its screens are its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mel_core.entrepot import Entrepot
from mel_core.entrepot.registre import chemin
from mel_core.indicateurs.comptage import freeze
from mel_core.socle.periodes import Seance
from pages.commun import donnees, navigation
from tests.ecrans.conftest import ROUBAIX, monde, served
from tests.ecrans.vue import see
from tests.exemples import one_in
from tests.jeux import chargement, serve, table

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


def said(essai: AppTest) -> str:
    return " ".join([str(x.proto.body) for x in essai.get("html")] + [x.value for x in essai.error])


@pytest.mark.parametrize(
    ("page", "en_salle"),
    one_in(
        3, [*((page, True) for page in navigation.PROJETEES), *((page, False) for page in sorted(navigation.PAGES))]
    ),
)
def test_no_screen_of_a_frozen_seance_asks_to_reload_for_data_that_do_not_change(page: str, en_salle: bool) -> None:
    assert donnees.instantane(S2).identifiant != donnees.instantane().identifiant
    essai = see(page, {"salle_repetee": en_salle}, seance=str(S2), ici="ICI 2")
    dits = said(essai)
    assert "vient d’être publié" not in dits
    assert "Une erreur de l’application" not in dits


EVENEMENT = {
    "id_evenement": "E1",
    "numero_unique": "999000000000000001",
    "type": "AUTRE",
    "date_survenance": date(2017, 5, 2),
    "code_bailleur": "B1",
}
DEMANDE = {
    "numero_unique": "999000000000000001",
    "date_creation": date(2014, 1, 1),
    "etat": "ACTIVE",
    "communes_souhaitees": [ROUBAIX],
}


@pytest.fixture(scope="module")
def sans_ses_lignes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A frozen séance whose rows were erased since, events and demandes among them."""
    dossier = tmp_path_factory.mktemp("effacee")
    entrepot = Entrepot(dossier)
    tables = {**monde(), "evenements": table("evenements", EVENEMENT), "demandes": table("demandes", DEMANDE)}
    with entrepot.reserve():
        serve(entrepot, chargement("fictive", **tables))
    freeze(entrepot, S2)
    with entrepot.reserve():
        serve(entrepot, chargement("fictive", **{**tables, "attributions": tables["attributions"].slice(1)}))
    chemin(dossier, entrepot.instantane(S2).identifiant).unlink()
    return dossier


@pytest.fixture
def effacee(sans_ses_lignes: Path) -> Iterator[None]:
    with served(sans_ses_lignes):
        yield


@pytest.mark.usefixtures("effacee")
@pytest.mark.parametrize("page", ["dossier", *one_in(4, sorted({*navigation.PAGES} - {"dossier"}))])
def test_no_screen_breaks_on_a_frozen_seance_whose_rows_are_erased(page: str) -> None:
    essai = see(page, seance=str(S2), ici="ICI 2")
    assert "Une erreur de l’application" not in said(essai)
