"""The sentences of the convergence, word for word."""

from __future__ import annotations

import dataclasses

import pytest
from inline_snapshot import snapshot

from mel_core.simulation import convergence as phrases
from mel_core.simulation.convergence import Convergence
from tests.mots import simple

RESULTAT = Convergence(0.254, 0.106, 0.226, 0.89, 16, 14, 20, 2834, 0)
CINQUANTE = dict.fromkeys(("fragile", "moyenne", "sans"), 0.5)


def avec(**champs: object) -> Convergence:
    return dataclasses.replace(RESULTAT, **champs)


def test_a_gap_that_cannot_be_measured_says_what_is_missing() -> None:
    assert phrases.reponse(None, avec(ecart_initial=None), 20) == snapshot(
        "L’écart n’a pas de trajectoire : il faut les deux types de quartiers, fragiles et sans fragilité."
    )


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({}, "l’écart est réduit de moitié au **16e semestre** (du 14e au 20e, selon la rotation) ; il serait de "),
        ({"semestre_tard": None}, "au **16e semestre** (du 14e à au-delà de l’horizon, selon la rotation) ; "),
        ({"semestre_tot": 16, "semestre_tard": 16}, "au **16e semestre** ; il serait de 10,6 points au 20e semestre."),
        ({"semestre_moitie": None}, "n’est pas réduit de moitié en 20 semestres : il serait de **10,6 points au 20e "),
        ({"ecart_initial": 0.0}, "l’écart est déjà nul."),
    ],
)
def test_the_answer_says_when_the_gap_halves_or_that_it_does_not(champs: dict[str, object], attendu: str) -> None:
    texte = simple(phrases.reponse(CINQUANTE, avec(**champs), 20))
    assert texte.startswith("Avec des entrants modestes à 50 % partout, l’écart")
    assert attendu in texte.replace("Avec des entrants modestes à 50 % partout, ", "")


def test_a_gap_that_changes_side_is_said_to_be_inverted_and_where_the_modest_are_more() -> None:
    inverse = avec(ecart_horizon=-0.265, semestre_moitie=3, semestre_tot=2, semestre_tard=4, ecart_limite=-1.0)
    texte = simple(phrases.reponse({"fragile": 0.0, "moyenne": 0.47, "sans": 1.0}, inverse, 12))
    assert texte.endswith(
        "l’écart est réduit de moitié au 3e semestre (du 2e au 4e, selon la rotation), puis il se serait inversé : "
        "**26,5 points de plus** dans les quartiers sans fragilité au 12e semestre."
    )
    assert simple(phrases.limite(inverse, est_visee=True)) == snapshot(
        "À très long terme, si les entrants devenaient et restaient ceux-là, l’écart resterait inversé : 100 points de "
        "plus dans les quartiers sans fragilité."
    )
    # From the quartiers sans fragilité to the fragile ones, at one stride.
    retour = avec(ecart_initial=-0.1, ecart_horizon=0.2, semestre_moitie=None)
    assert simple(phrases.reponse(CINQUANTE, retour, 4)).endswith(
        "l’écart n’est jamais réduit de moitié ; il se serait inversé : **20 points de plus** dans les quartiers "
        "fragiles au 4e semestre."
    )


def test_the_answer_names_three_targets_when_they_differ_and_none_when_entrants_stay_as_observed() -> None:
    trois = {"fragile": 0.4, "moyenne": 0.5, "sans": 0.6}
    assert "modestes à 40 % en quartier fragile, 50 % en fragilité moyenne et 60 % sans fragilité" in simple(
        phrases.reponse(trois, RESULTAT, 20)
    )
    assert phrases.reponse(None, RESULTAT, 20).startswith("Avec des entrants comme constaté, ")


def test_what_is_left_in_the_end_is_said_with_its_condition_in_the_same_breath() -> None:
    assert simple(phrases.limite(RESULTAT, est_visee=False)) == snapshot(
        "À très long terme, si les entrants restent ce qu’ils sont, il resterait 22,6 points d’écart, **89 % de celui "
        "d’aujourd’hui**."
    )
    condition = "À très long terme, si les entrants devenaient et restaient ceux-là, "
    nul = avec(part_inatteignable=0.0, ecart_limite=0.0)
    assert simple(phrases.limite(nul, est_visee=True)) == f"{condition}il ne resterait rien de cet écart."
    assert simple(phrases.limite(avec(part_inatteignable=0.0, ecart_limite=-0.1), est_visee=True)) == (
        f"{condition}l’écart s’inverserait : 10 points de plus dans les quartiers sans fragilité."
    )
    assert phrases.limite(avec(part_inatteignable=None), est_visee=True) == ""
