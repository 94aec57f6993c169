"""PLAI per operation and the years of the NPRU: invariants first, then the deck's example to the unit."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.simulation.programmation import (
    PART_2017,
    PART_VISEE,
    ScenarioProgrammation,
    au_moins,
    part_lissee,
    rebuild,
    schedule,
    share_out,
)

QUART, TROIS_DIXIEMES, SIX_DIXIEMES = Fraction(1, 4), Fraction(3, 10), Fraction(3, 5)
parts = st.fractions(min_value=0, max_value=1, max_denominator=100)
COLONNES = {"n_plus": "Int64", "n_plai": "Int64", "npru": "boolean"}


def draw(*lignes: tuple[object, ...]) -> pd.DataFrame:
    """Operations drawn as (annee, n_plus, n_plai, npru); None is unknown."""
    return pd.DataFrame(lignes, columns=["annee", "n_plus", "n_plai", "npru"]).astype(COLONNES)


compte = st.one_of(st.none(), st.integers(0, 80))
operations = st.lists(
    st.tuples(st.integers(2015, 2020), compte, compte, st.sampled_from([True, False, None])), max_size=12
).map(lambda lignes: draw(*lignes))
scenarios = st.builds(ScenarioProgrammation, parts, st.booleans(), st.one_of(st.none(), st.integers(2014, 2021)))


# ------------------------------------------------------------------------------------------------- invariants


@given(operations, scenarios)
def test_no_operation_gains_or_loses_a_dwelling(frame: pd.DataFrame, scenario: ScenarioProgrammation) -> None:
    resultat = schedule(frame, scenario)
    connues = resultat[resultat["est_connue"]]
    assert (connues["n_plus_vise"] + connues["n_plai_vise"] == connues["n_plus"] + connues["n_plai"]).all()
    assert (connues["n_plus_vise"] >= 0).all()
    assert (connues["n_plai_vise"] >= 0).all()
    assert (connues["n_plai"] + connues["ecart_plai"] == connues["n_plai_vise"]).all()


@given(operations, scenarios)
def test_each_ordinary_operation_holds_the_fewest_plai_that_reach_the_share(
    frame: pd.DataFrame, scenario: ScenarioProgrammation
) -> None:
    resultat = schedule(frame, scenario)
    ordinaires = resultat[resultat["est_connue"] & ~resultat["npru"].eq(True).fillna(False)]
    for x in ordinaires.itertuples():
        if scenario.depuis is not None and x.annee < scenario.depuis:
            assert x.n_plai_vise == x.n_plai
            continue
        assert x.n_plai_vise >= scenario.part_plai * x.n_sociaux
        assert x.n_plai_vise == x.n_plai or x.n_plai_vise - 1 < scenario.part_plai * x.n_sociaux


@given(operations, parts, parts, st.booleans())
def test_a_higher_share_never_builds_fewer_plai_anywhere(
    frame: pd.DataFrame, a: Fraction, b: Fraction, lisser: bool
) -> None:
    bas, haut = (
        schedule(frame, ScenarioProgrammation(part, lisser))["n_plai_vise"].dropna() for part in sorted((a, b))
    )
    assert (bas <= haut).all()


@given(operations)
def test_a_share_of_zero_changes_nothing(frame: pd.DataFrame) -> None:
    resultat = schedule(frame, ScenarioProgrammation(Fraction(0)))
    assert (resultat["ecart_plai"].dropna() == 0).all()


@given(operations, scenarios)
def test_the_input_is_untouched_and_what_is_unknown_stays_unknown(
    frame: pd.DataFrame, scenario: ScenarioProgrammation
) -> None:
    avant = frame.copy(deep=True)
    resultat = schedule(frame, scenario)
    pd.testing.assert_frame_equal(frame, avant)
    inconnues = frame["n_plus"].isna() | frame["n_plai"].isna()
    for colonne in ("n_sociaux", "n_plus_vise", "n_plai_vise", "ecart_plai", "part", "part_visee"):
        assert resultat.loc[inconnues, colonne].isna().all()
    assert resultat["est_connue"].eq(~inconnues).all()


@given(operations, parts, st.integers(0, 5000))
def test_no_operation_changes_the_answer_of_another(frame: pd.DataFrame, part: Fraction, rang: int) -> None:
    entier = schedule(frame, ScenarioProgrammation(part))
    if len(frame):
        i = rang % len(frame)
        seule = schedule(frame.iloc[[i]], ScenarioProgrammation(part))
        pd.testing.assert_frame_equal(seule, entier.iloc[[i]])


@given(operations, scenarios, st.integers(0, 5000), st.integers(0, 5000))
def test_more_dwellings_to_rebuild_never_take_fewer_years(
    frame: pd.DataFrame, scenario: ScenarioProgrammation, a: int, b: int
) -> None:
    programmees = schedule(frame, scenario)
    moins, plus = (rebuild(programmees, scenario, n) for n in sorted((a, b)))
    for nom in ("annees_logements", "annees_plai_min", "annees_plai_max"):
        peu, beaucoup = getattr(moins, nom), getattr(plus, nom)
        assert (peu is None) == (beaucoup is None)
        assert peu is None or peu <= beaucoup


@given(operations, parts, st.fractions(min_value=1, max_value=5, max_denominator=10))
def test_building_k_times_faster_takes_k_times_fewer_years(
    frame: pd.DataFrame, part: Fraction, rythme: Fraction
) -> None:
    un, vite = ScenarioProgrammation(part), ScenarioProgrammation(part, rythme=rythme)
    pd.testing.assert_frame_equal(schedule(frame, un), schedule(frame, vite))
    lent, rapide = (rebuild(schedule(frame, un), s, 3000) for s in (un, vite))
    if lent.annees_plai_min is not None:
        assert rapide.annees_plai_min == lent.annees_plai_min / rythme
    assert rapide.n_plai_dus == lent.n_plai_dus


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_spread_share_builds_what_both_kinds_of_operations_owe(n_ordinaires: int, n_reconstruits: int) -> None:
    frame = draw((2017, n_ordinaires, 0, False), (2017, n_reconstruits, 0, True))
    part = part_lissee(frame)
    total = n_ordinaires + n_reconstruits
    if total == 0:
        assert part is None
    else:
        assert part is not None
        assert part * total == PART_2017 * n_ordinaires + SIX_DIXIEMES * n_reconstruits


# -------------------------------------------------------------------------------------------- worked examples


def test_the_deck_operation_of_thirty_dwellings_goes_from_7_and_2_to_6_and_3() -> None:
    sociaux = au_moins(30, TROIS_DIXIEMES)
    assert sociaux == 9  # 30 × 30 % = 9
    assert share_out(sociaux, PART_2017) == (7, 2)  # 9 × 20 % = 1,8: at least 2
    assert share_out(sociaux, QUART) == (6, 3)  # 9 × 25 % = 2,25: 2 would be 22 %, so 3
    assert share_out(sociaux, TROIS_DIXIEMES) == (6, 3)  # 9 × 30 % = 2,7: at least 3
    assert {share_out(sociaux, Fraction(k, 100)) for k in range(25, 31)} == {(6, 3)}  # one answer over the whole range
    assert (QUART, TROIS_DIXIEMES) == PART_VISEE


def test_an_operation_already_above_the_share_keeps_its_plai() -> None:
    resultat = schedule(draw((2017, 6, 4, False), (2017, 8, 2, False)), ScenarioProgrammation(TROIS_DIXIEMES))
    assert resultat["n_plai_vise"].tolist() == [4, 3]  # 4 of 10 is above 30 %; 2 of 10 becomes 3
    assert resultat["n_plus_vise"].tolist() == [6, 7]
    assert resultat["part"].tolist() == [0.4, 0.2]
    assert resultat["part_visee"].tolist() == [0.4, 0.3]


def test_spreading_brings_the_npru_operations_down_to_the_common_share() -> None:
    frame = draw((2017, 4, 6, True), (2018, 32, 8, False))
    assert schedule(frame, ScenarioProgrammation(TROIS_DIXIEMES))["n_plai_vise"].tolist() == [6, 12]
    assert schedule(frame, ScenarioProgrammation(TROIS_DIXIEMES, lisser=True))["n_plai_vise"].tolist() == [3, 12]
    # Rebuilt: 10 × 60 % = 6; ordinary: 40 × 20 % = 8; 14 of 50 dwellings are 28 %.
    assert part_lissee(frame) == Fraction(28, 100)


def test_operations_before_the_first_year_that_can_change_stay_as_planned() -> None:
    frame = draw((2016, 8, 2, False), (2017, 8, 2, False), (2018, 8, 2, False))
    assert schedule(frame, ScenarioProgrammation(TROIS_DIXIEMES, depuis=2017))["n_plai_vise"].tolist() == [2, 3, 3]


def test_the_years_of_the_npru_at_the_programmed_pace() -> None:
    # Over 2 years: rebuilding 100 dwellings (60 PLAI), ordinary 400 (80 PLAI today, 120 at 30 %).
    frame = draw((2017, 40, 60, True), (2018, 320, 80, False))
    scenario = ScenarioProgrammation(TROIS_DIXIEMES)
    r = rebuild(schedule(frame, scenario), scenario, 2500)
    assert r.n_plai_dus == 1500  # 2 500 × 60 %
    assert r.annees_logements == 50  # 2 500 at 100 / 2 a year
    assert r.annees_plai_min == Fraction(1500, 90)  # at (60 + 120) / 2
    assert r.annees_plai_max == 30  # 1 500 at (180 − 20 % × 400) / 2


def test_a_programme_without_reconstruction_never_rebuilds_and_says_so_by_an_absence() -> None:
    scenario = ScenarioProgrammation(Fraction(0))
    r = rebuild(schedule(draw((2017, 8, 2, False)), scenario), scenario, 2500)
    assert r.annees_logements is None
    assert r.annees_plai_max is None  # 2 of 10 are today's 20 %, all for the ordinary need
    assert r.annees_plai_min == 750  # 1 500 / 2


def test_an_empty_programme_answers_nothing() -> None:
    scenario = ScenarioProgrammation(QUART)
    programmees = schedule(draw(), scenario)
    assert programmees.empty
    assert part_lissee(programmees) is None
    assert rebuild(programmees, scenario, 3500).annees_plai_min is None


def test_a_negative_count_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="negative"):
        schedule(draw((2017, -1, 2, False)), ScenarioProgrammation(QUART))
