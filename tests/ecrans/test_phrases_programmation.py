"""The sentences of the programmation, word for word."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pandas as pd
from inline_snapshot import snapshot

from mel_core.simulation import programmation as phrases
from mel_core.simulation.programmation import ScenarioProgrammation, rebuild, schedule
from pages.simuler import images_scenario
from tests.mots import simple

QUART = Fraction(1, 4)


def draw(*lignes: tuple[object, ...]) -> pd.DataFrame:
    colonnes = {"n_plus": "Int64", "n_plai": "Int64", "npru": "boolean"}
    return pd.DataFrame(lignes, columns=["annee", "n_plus", "n_plai", "npru"]).astype(colonnes)


DEUX = draw((2017, 8, 2, False), (2018, 4, 6, True), (2018, None, 6, True))


def test_the_finding_counts_what_is_known_and_what_is_under_the_range() -> None:
    assert simple(phrases.constat(schedule(DEUX, ScenarioProgrammation(Fraction(0))))) == snapshot(
        "Les 2 opérations de 2017 à 2018 comptent **8 PLAI** sur 20 PLUS et PLAI, soit **40 %** : "
        "**1 opération** est sous 25 %."
    )


def test_without_any_known_operation_the_finding_says_what_is_missing() -> None:
    assert "Aucune opération n’a à la fois" in phrases.constat(schedule(draw(), ScenarioProgrammation(QUART)))


def test_the_answer_says_what_changes_or_why_nothing_does() -> None:
    assert simple(
        phrases.reponse(schedule(DEUX, ScenarioProgrammation(QUART)), ScenarioProgrammation(QUART))
    ) == snapshot(
        "Viser 25 % dans chaque opération, c’est **+1 PLAI** à la place d’autant de PLUS, dans 1 opération : "
        "9 sur 20, soit **45 %**."
    )
    part = ScenarioProgrammation(Fraction(1, 100))
    assert "ne change rien" in phrases.reponse(schedule(DEUX, part), part)
    assert phrases.reponse(
        schedule(DEUX, ScenarioProgrammation(Fraction(0))), ScenarioProgrammation(Fraction(0))
    ).startswith("Les 2\u00a0opérations de 2017 à 2018 comptent **8 PLAI**")


def test_spreading_says_what_is_gained_and_what_is_given_back() -> None:
    scenario = ScenarioProgrammation(QUART, lisser=True)
    assert "**−2 PLAI** (+1 −3)" in simple(phrases.reponse(schedule(DEUX, scenario), scenario))


def test_what_stays_under_the_share_is_named_with_why() -> None:
    # 6 of 10 are under 65 %, which moves no operation of the NPRU, nor one that is done: 2 of 10, then 7 of 10 asked.
    trois = draw((2016, 8, 2, False), (2017, 4, 6, True), (2018, 8, 2, False))
    trois = trois.assign(operation=["O1", "O2", "O3"], nom=["Le Fil", None, "La Soie"])
    scenario = ScenarioProgrammation(Fraction(65, 100), depuis=2017)
    assert simple(phrases.reponse(schedule(trois, scenario), scenario)) == snapshot(
        "Viser 65 % dans chaque opération, c’est **+5 PLAI** à la place d’autant de PLUS, dans 1 opération : 15 sur "
        "30, soit **50 %** ; restent dessous Le Fil (d’avant 2017, faites) ; O2 (NPRU, gardées comme prévues)."
    )
    seule = trois[1:2]
    assert simple(phrases.reponse(schedule(seule, scenario), scenario)) == snapshot(
        "Viser 65 % de PLAI ne change rien : reste dessous O2 (NPRU, gardées comme prévues)."
    )
    assert "dessous" not in phrases.reponse(schedule(seule, replace(scenario, lisser=True)), scenario)


def test_the_years_are_a_range() -> None:
    scenario = ScenarioProgrammation(Fraction(3, 10))
    programme = schedule(draw((2017, 40, 60, True), (2018, 320, 80, False)), scenario)
    bornes = (rebuild(programme, scenario, n) for n in (2500, 3500))
    # 1 500 / 90 = 16,7 years at the earliest; 2 100 / 50 = 42 at the latest.
    assert simple(phrases.reconstitution(*bornes)) == snapshot(
        "Reconstituer les 2 500 à 3 500 logements démolis demande 1 500 à 2 100 PLAI (60 %) : de **16,7 ans** si tous "
        "les PLAI programmés y vont, à **42 ans** si seuls ceux au-delà des 20 % de 2017 comptent."
    )


def test_the_years_of_the_sentence_are_rounded_as_the_figures_beside_it() -> None:
    scenario = ScenarioProgrammation(Fraction(3, 10))
    programme = schedule(draw((2017, 40, 60, True), (2018, 320, 80, False)), scenario)
    # 2 501 demolished: ⌈1 500,6⌉ = 1 501 PLAI, 1 501 / 50 = 30,02 years at the latest, which is no 31st year.
    bornes = [rebuild(programme, scenario, n) for n in (2500, 2501)]
    phrase = simple(phrases.reconstitution(*bornes))
    assert bornes[1].annees_plai_max == Fraction(1501, 50)
    for cle, annees in (("annees_plai_min", bornes[0].annees_plai_min), ("annees_plai_max", bornes[1].annees_plai_max)):
        assert f"**{simple(images_scenario.chiffre(cle, annees))} ans**" in phrase


def test_the_chart_says_how_many_operations_it_draws_when_not_all() -> None:
    lieux = {"operation": "O", "nom": None, "nom_commune": "Lille"}
    treize = schedule(draw(*[(2017, 8, 2, False)] * 13).assign(**lieux), ScenarioProgrammation(QUART))
    assert treize["est_connue"].sum() == 13
    image = images_scenario.operations(treize)
    assert "les 10 premières opérations sur 13" in image.figure.layout.xaxis.title.text
    assert image.lecture.startswith("les 10 premières opérations sur 13")
    assert "premières" not in images_scenario.operations(treize[:10]).lecture


def test_the_example_of_the_deck_is_drawn_to_the_unit() -> None:
    dessin = simple(images_scenario.exemple(QUART))
    assert "7 PLUS + 2 PLAI" in dessin
    assert "6 PLUS + 3 PLAI" in dessin
    assert "C’est un PLAI à la place d’un PLUS." in dessin
    assert dessin.count("<i") == 18  # two rows of 9 squares
    assert dessin.count('class="plai"') == 5  # 2 then 3
