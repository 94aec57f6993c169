"""The sentence of a measure by place names the farthest one, and is never contradicted by its picture."""

from __future__ import annotations

import pandas as pd
from inline_snapshot import snapshot

from mel_core.indicateurs import phrases_lieux
from mel_core.secret.bail import SALLE
from mel_core.socle.valeurs import INCONNU, Compte
from tests.lecteurs import lue_par

INSECABLES = str.maketrans("\u00a0\u202f", "  ")
TU = Compte(tus=12)


def lieu(nom: str, trop: Compte, manque: Compte, **autres: object) -> dict[str, object]:
    """A place whose gap is said; `autres`: of its cell."""
    base = {
        "nom": nom,
        "cible": 0.5,
        "n_connus": Compte(270),
        "part": 0.6,
        "verdict": "non_atteint",
        "cote": "au-dessus",
    }
    return base | {"sens": None, "ecart_trop": trop, "ecart_manque": manque, "ecart_attributions": INCONNU} | autres


def loin(*lieux: dict[str, object]) -> str:
    return lue_par(SALLE, phrases_lieux.say, "l’ICI 1", "bailleur", pd.DataFrame(lieux)).translate(INSECABLES)


def test_the_farthest_place_is_that_of_the_largest_number_written_and_not_alone_where_another_may_be_as_far() -> None:
    vilogia = lieu("Vilogia", Compte(15), Compte(20))
    assert loin(vilogia, lieu("LMH", Compte(35), TU)) == snapshot(
        "Dans l’ICI 1, **LMH** est le bailleur le plus loin de l’objectif de 50 % : **35** de trop et 12 ou moins en "
        "manque ; 1 autre s’en écarte."
    )
    assert "**Vilogia** est parmi les bailleurs les plus loin" in loin(vilogia, lieu("Logis", Compte(20), Compte(15)))
    # Up to 32, which is not said.
    assert "**A** est parmi les" in loin(lieu("A", Compte(25), Compte(0)), lieu("B", Compte(20), TU))


def test_where_places_have_their_own_objectives_none_is_said_to_be_held_to_that_of_another() -> None:
    tenu = lieu("Roubaix", Compte(0), Compte(0), cible=0.4, verdict="atteint")
    lille = lieu("Lille", Compte(0), Compte(75), cible=0.47, cote="au-dessous")
    assert loin(lille, tenu, lieu("La Madeleine", Compte(0), Compte(20), cible=0.45, cote="au-dessous")) == snapshot(
        "Dans l’ICI 1, **Lille** est le bailleur le plus loin de son objectif de 47 % : il en manque **75** ; 1 autre "
        "s’écarte du sien et 1 tient le sien."
    )


def test_a_place_that_is_drawn_on_a_side_is_not_among_those_of_which_nothing_is_said() -> None:
    cote = lieu("Lys", TU, TU, ecart_attributions=TU, verdict=None)
    rien = lieu("Forest", INCONNU, INCONNU, part=None, cote=None, verdict=None)
    assert loin(lieu("Roubaix", Compte(185), Compte(0)), cote, rien, rien) == snapshot(
        "Dans l’ICI 1, **Roubaix** est le bailleur le plus loin de l’objectif de 50 % : **185** de trop ; 1 penche "
        "d’un côté et 2 ne se disent pas."
    )
