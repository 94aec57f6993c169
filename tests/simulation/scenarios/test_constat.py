"""The constat of a scenario, which no lever moves, and the effect of each lever, told from it."""

from __future__ import annotations

import pandas as pd
import pytest

from mel_core.entrepot import Lecteur
from mel_core.simulation.scenarios import MOTEURS, Scenario, answer, depart, effets_de, execute
from mel_core.simulation.scenarios.scenario import LEVIERS
from tests.exemples import one_in
from tests.jeux import ROUBAIX
from tests.simulation.scenarios.conftest import S2017
from tests.simulation.scenarios.test_executer import LEVIERS_D_ESSAI

# Every lever that changes no reading, each away from its rest.
_DEPLACES = {
    "equilibre": {
        "cible": "40 %", "cible_fragile": "60 %", "cible_moyenne": "60 %", "cible_sans": "40 %", "bande": "10 %",
        "attributions_attendues": 87_749, "horizon": 4,
    },
    "aci": {
        "cible": "60 %", "cibles_communes": {ROUBAIX: "60 %"}, "cibles_bailleurs": {"B1": "60 %"},
        "attributions_attendues": 87_749, "horizon": 5,
    },
    "convergence": {
        "cible_fragile": "40 %", "cible_moyenne": "40 %", "cible_sans": "55 %", "horizon": 3, "marge_rotation": "50 %",
    },
    "engagement": {"nombre": 3, "part": "20 %"},
    "programmation": {"part_plai": "40 %", "lisser": True, "depuis": 2019, "rythme": 2, "n_demolis": 100},
    "ordonnancement": {
        **{f"poids_{c}": 5 for c in ("aci", "poulidor", "mutation_bloquee", "delai_anormal", "sur_occupation")},
        "poids_anciennete": 3, "poids_attachement": 5, "taille": 10,
    },
    "plan": {
        "cible": "40 %", "cible_fragile": "60 %", "cible_moyenne": "60 %", "cible_sans": "30 %", "bande": "10 %",
        "cible_aci": "38 %", "cibles_communes": {ROUBAIX: "60 %"}, "cibles_bailleurs": {"B1": "60 %"},
        "effectif_minimal": 60, "attributions_attendues": 280, "horizon": 4,
    },
}  # fmt: skip


@pytest.mark.parametrize("simulation", one_in(2, _DEPLACES))
def test_the_constat_never_moves_with_a_lever(simulation: str, lecteur: Lecteur) -> None:
    lus = {"segment": "attente_24"} if simulation == "engagement" else {}
    repos = Scenario(simulation, S2017, lus)
    lu = depart(lecteur, repos)
    constat = answer(lu, repos).constat
    for levier, valeur in _DEPLACES[simulation].items():
        assert answer(lu, Scenario(simulation, S2017, lus | {levier: valeur})).constat == constat, levier


def test_a_lever_that_the_rule_of_the_segment_does_not_read_says_so(lecteur: Lecteur) -> None:
    def phrase(segment: str, **leviers: object) -> str:
        lue = execute(lecteur, Scenario("engagement", S2017, {"segment": segment, "nombre": 3, **leviers})).write()
        return lue.replace("\xa0", " ")

    assert phrase("attente_24", n_min=3).endswith(" Le levier « passages au moins » ne joue pas sur ce segment.")
    assert phrase("jamais_presentes", mois=36, fenetre=12).endswith(
        " Les leviers « mois d’attente » et « fenêtre (mois) » ne jouent pas sur ce segment."
    )
    assert "ne joue" not in phrase("poulidor", n_min=3, fenetre=12) + phrase("attente_24", mois=36)


def effets(lecteur: Lecteur, scenario: Scenario) -> pd.DataFrame:
    return effets_de(depart(lecteur, scenario), scenario)


def test_every_lever_that_changes_no_reading_was_moved() -> None:
    assert {s: set(tous) for s, tous in _DEPLACES.items()} == {s: set(LEVIERS[s]) - MOTEURS[s].lus for s in _DEPLACES}


def test_the_effect_of_a_lever_is_told_from_the_constat_and_the_objective_has_a_line_of_its_own(
    lecteur: Lecteur,
) -> None:
    lus = effets(lecteur, Scenario("equilibre", S2017, {"cible_fragile": "60 %", "cible_sans": "40 %"}))
    effet = lus.pivot(index="levier", columns="chiffre", values="effet")
    # The constat reorients nobody and has 66 % modest in the fragile quartiers. The objective, 50 %: 16 fewer there, 8
    # more elsewhere. Fragile at 60 %, elsewhere at the objective: 6 + 8. Elsewhere at 40 %, fragile at 50 %: 16 + 4.
    # Both: 6 + 4, which is what the one (−10) and the other (−4) take off the 24 of the objective.
    assert effet["a_reorienter"].to_dict() == {
        "objectif": 24, "cible_fragile": 14, "cible_sans": 20, "ensemble": 10, "interaction": 0,
    }  # fmt: skip
    assert effet.loc["objectif", "part_fragile"] == pytest.approx(-0.16)
    assert effet.loc["cible_fragile", "part_fragile"] == pytest.approx(-0.06)
    assert effet.loc["cible_sans", "part_fragile"] == pytest.approx(-0.16)
    # Nothing is voted there: no line for an objective.
    assert "objectif" not in set(effets(lecteur, Scenario("programmation", S2017, {"part_plai": "30 %"}))["levier"])


@pytest.mark.parametrize("simulation", sorted(MOTEURS))
def test_the_effects_of_levers_and_their_interaction_add_up(simulation: str, lecteur: Lecteur) -> None:
    scenario = Scenario(simulation, S2017, LEVIERS_D_ESSAI[simulation])
    table_effets = effets(lecteur, scenario).pivot(index="levier", columns="chiffre", values="effet")
    leviers = [nom for nom in scenario.leviers if nom in table_effets.index]
    # What the objective does is in each of them, and counts once.
    objectif = table_effets.loc["objectif"] if "objectif" in table_effets.index else 0 * table_effets.iloc[0]
    somme = objectif + (table_effets.loc[leviers] - objectif).sum(min_count=len(leviers))
    somme += table_effets.loc["interaction"]
    connus = table_effets.loc["ensemble"].notna() & somme.notna()
    assert connus.any()
    assert somme[connus].tolist() == pytest.approx(table_effets.loc["ensemble"][connus].tolist())


def test_a_lever_alone_has_no_interaction(lecteur: Lecteur) -> None:
    table_effets = effets(lecteur, Scenario("equilibre", S2017, {"cible_fragile": "60 %"})).set_index(
        ["levier", "chiffre"]
    )
    # The fragile quartiers at 60 %: 6 fewer there, the 8 more of the objective elsewhere. Alone or together.
    assert table_effets.loc[("cible_fragile", "a_reorienter"), "effet"] == 14
    assert table_effets.loc[("ensemble", "a_reorienter"), "effet"] == 14
    assert table_effets.loc[("interaction", "a_reorienter"), "effet"] == 0


def test_the_sentence_of_a_shorter_queue_compares_as_many_demandes_before_and_after(lecteur: Lecteur) -> None:
    # 11 of the 55 demandes are ACI, 2 of the 10 oldest ones.
    resultat = execute(lecteur, Scenario("ordonnancement", S2017, {"poids_aci": 5, "taille": 10}))
    assert (resultat.constat["n_tete"], resultat.synthese["n_tete"]) == (55, 10)
    assert resultat.constat["n_entrent"] == 0  # by order of arrival nobody enters; of the 10, 2 were there
    assert resultat.synthese["n_entrent"] == 8
    assert "y passent de 2 à 10" in resultat.write()
