"""Draws that hit their totals."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.demo.alea import JOURS_PAR_MOIS, Alea, day, join, months_before, shift_to_mean
from mel_core.demo.attributions import sample_delais

GRAINES = st.integers(0, 2**32 - 1)
PROBABILITES = st.lists(st.floats(0, 1), min_size=1, max_size=200)
POIDS = st.lists(st.floats(0.01, 10), min_size=1, max_size=8)


@given(PROBABILITES, GRAINES)
def test_as_many_are_drawn_as_the_probabilities_add_up_to(p: list[float], graine: int) -> None:
    tires = Alea.de(graine).sample_exact(np.array(p))
    assert abs(int(tires.sum()) - sum(p)) <= 1


@given(PROBABILITES, GRAINES)
def test_the_certain_is_always_drawn_and_the_impossible_never(p: list[float], graine: int) -> None:
    bornes = np.round(np.array(p))
    assert (Alea.de(graine).sample_exact(bornes) == (bornes == 1)).all()


@given(POIDS, st.integers(0, 500), GRAINES)
def test_ranks_come_in_the_proportions_of_the_weights(poids: list[float], n: int, graine: int) -> None:
    effectifs = np.bincount(Alea.de(graine).sample_rangs(poids, n), minlength=len(poids))
    attendus = n * np.array(poids) / sum(poids)
    assert len(effectifs) == len(poids)
    assert (abs(effectifs - attendus) <= 1 + 1e-6).all()


def test_codes_of_a_third_and_two_thirds_of_nine_are_three_and_six() -> None:
    codes = Alea.de(1).sample_codes({"T1": 1, "T2": 2}, 9)
    assert sorted(codes) == ["T1"] * 3 + ["T2"] * 6


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=50), st.floats(0.05, 0.95))
def test_shifted_probabilities_have_the_mean_asked_for_and_keep_their_order(
    logits: list[float], moyenne: float
) -> None:
    p = shift_to_mean(np.array(logits), moyenne)
    assert p.mean() == pytest.approx(moyenne, abs=1e-9)
    assert (np.diff(p[np.argsort(logits)]) >= 0).all()


def test_twelve_months_before_the_end_of_2017_is_the_end_of_2016() -> None:
    assert months_before(date(2017, 12, 31), 12) == day(date(2016, 12, 31))
    assert months_before(date(2017, 12, 31), 22) == day(date(2016, 2, 29))


def test_empty_cells_stay_empty_when_columns_are_joined() -> None:
    joint = join([np.array([1, 2]), np.ma.MaskedArray([3, 4], mask=[True, False])])
    assert joint.tolist() == [1, 2, None, 4]


@pytest.mark.parametrize("n_mutations", [0, 30, 70])
def test_a_wait_is_longer_for_a_mutation_and_its_mean_is_that_of_the_settings(n_mutations: int) -> None:
    # Without any spread: 100 × (0.3 × 1.15 + 0.7 × (1 − 0.3 × 1.15) / 0.7) = 100 × 1.
    reglages = {"delai_median_mois": 100, "delai_sigma": 0, "delai_mutation": 1.15, "delai_max_mois": 10_000}
    mutation = np.arange(100) < n_mutations
    jours = sample_delais(reglages, Alea.de(1), mutation)
    assert jours.mean() / JOURS_PAR_MOIS == pytest.approx(100, abs=0.1)
    assert set(np.round(jours[mutation] / JOURS_PAR_MOIS)) <= {115}
