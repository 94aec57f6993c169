"""Every lever of every screen, the others held at drawn values: what it is told ahead is what the server then says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.commun import navigation
from pages.simuler.reglages import AU_BUREAU
from tests.ecrans import leviers
from tests.ecrans.conftest import served
from tests.ecrans.test_levier import fondre, sans_vides
from tests.ecrans.vue import see
from tests.exemples import one_in

MESURES = [
    *(("bilan", {"objectif": objectif, "coupe": "levier"}) for objectif in ("equilibre", "aci")),
    *(("simuler", {"simulation": s}) for s in ("equilibre", "aci", "engagement", "ordonnancement")),
    *(("simuler", {"simulation": s}) for s in ("convergence", "programmation", "plan")),
    ("orientations", {"segment": "attente_24", "etape": "engagement"}),
]
SANS_ATTENDRE = {"plan"}  # too slow to be told ahead: asked for as it is left


def en_salle(ecran: tuple[str, dict[str, str]]) -> bool:
    """Whether a room has this screen and its levers."""
    return ecran[0] in navigation.PROJETEES and ecran[1].get("simulation") not in AU_BUREAU


@pytest.fixture(scope="module", autouse=True)
def dossier(demonstration_publiee: Path) -> Iterator[None]:
    with served(demonstration_publiee):
        yield


def open(page: str, adresse: dict[str, str], audience: str) -> AppTest:
    return see(page, {"salle_repetee": audience == "salle"}, **{"ici": "ICI 2", "seance": "2017S2", **adresse})


def leave(essai: AppTest, valeurs: dict[str, int]) -> Any:
    """What the server says once the levers are left at these values."""
    leviers.pull(essai, valeurs)
    assert not essai.exception
    assert leviers.curseurs(essai) == valeurs
    (message,) = leviers.messages(essai)
    return message["etape"]


@pytest.mark.parametrize("n_tirages", [1, pytest.param(12, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("page", "adresse", "audience"),
    [
        *((*ecran, "préparation") for ecran in MESURES),
        *one_in(2, ((*ecran, "salle") for ecran in MESURES if en_salle(ecran)), pytest.mark.long),
    ],
    ids=lambda x: x if isinstance(x, str) else "-".join(x.values()),
)
@pytest.mark.ci
def test_what_a_lever_is_told_ahead_is_what_the_server_says_wherever_the_others_are(
    page: str, adresse: dict[str, str], audience: str, n_tirages: int
) -> None:
    graine = random.randrange(2**32)
    print(f"graine {graine}")
    tirage = random.Random(graine)
    essai = open(page, adresse, audience)
    (message,) = leviers.messages(essai)
    bornes = {c["libelle"]: (c["minimum"], c["maximum"]) for c in message["curseurs"]}
    for _ in range(n_tirages):
        valeurs = {nom: tirage.randint(*b) for nom, b in bornes.items()}
        leave(essai, valeurs)
        nom = tirage.choice([*bornes])
        lues = leviers.ask_ahead(essai, [*bornes].index(nom), tirage.randint(*bornes[nom]) // 10)
        if adresse.get("simulation") in SANS_ATTENDRE:
            assert lues is None
            continue
        for valeur in tirage.sample([*lues["etapes"]], min(2, len(lues["etapes"]))):
            autres = valeurs | {nom: int(valeur)}
            dite = fondre(lues["commune"], lues["etapes"][valeur])
            assert sans_vides(dite) == sans_vides(leave(essai, autres)), (graine, autres)


def test_under_a_lever_what_is_not_drawn_is_counted() -> None:
    """Of the 19 communes of the ICI 2, the room is told the share of seven."""
    essai = open("bilan", {"objectif": "aci", "coupe": "levier"}, "salle")
    assert "Et 12\u00a0autres communes." in " ".join(str(x.proto.body) for x in essai.get("html"))


def test_an_answer_bears_the_number_of_its_question_however_many_were_asked() -> None:
    """Under another number, the page would take it for the answer to an earlier one."""
    essai = open("simuler", {"simulation": "aci"}, "préparation")
    leviers.pull(essai, {})
    assert leviers.messages(essai)[0]["question"] >= 1000


@pytest.mark.parametrize("simulation", ["equilibre", "aci"])
def test_what_a_scenario_asks_of_a_commune_is_said_not_to_be_its_own_gap(simulation: str) -> None:
    (message,) = leviers.messages(open("simuler", {"simulation": simulation}, "preparation"))
    assert "non son propre écart" in str(message["etape"]["images"])
