"""Exact gaps and verdicts on bare counts, against fractions."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mel_core.indicateurs.definitions import Sens
from mel_core.indicateurs.mesures import Objectif, ecart_attributions, verdicts, wilson

comptes = st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
parts = st.fractions(0, 1, max_denominator=1000)


def ecart(k, n, cible, sens, bande=Fraction(1, 20)):
    return int(ecart_attributions(np.array([k]), np.array([n]), Objectif(cible, bande, "x"), sens)[0])


def verdict(k, n, cible, sens):
    return verdicts(np.array([k]), np.array([n]), Objectif(cible, Fraction(1, 20), "x"), sens)[0]


@given(comptes, parts)
def test_the_gap_is_the_smallest_whole_number_that_reaches_the_target(compte, cible):
    k, n = compte
    manque = ecart(k, n, cible, Sens.PLANCHER)
    assert k + manque >= cible * n
    assert manque == 0 or k + manque - 1 < cible * n
    trop = ecart(k, n, cible, Sens.PLAFOND)
    assert k - trop <= cible * n
    assert trop == 0 or k - trop + 1 > cible * n


@given(comptes, parts)
def test_inside_the_band_there_is_no_gap_and_outside_it_is_to_the_nearest_edge(compte, cible):
    k, n = compte
    bas, haut = cible - Fraction(1, 20), cible + Fraction(1, 20)
    attendu = max(0, ceil(bas * n - k), ceil(k - haut * n))
    assert ecart(k, n, cible, Sens.BANDE) == attendu
    if bas * n <= k <= haut * n:
        assert attendu == 0


def test_a_target_reached_exactly_owes_nothing_to_binary_rounding():
    # 0.45 × 20 = 9 exactly, where 0.45 has no exact binary form; 0.55 × 20 = 11.
    assert ecart(9, 20, Fraction("0.45"), Sens.PLANCHER) == 0
    assert ecart(8, 20, Fraction("0.45"), Sens.PLANCHER) == 1
    assert ecart(11, 20, Fraction("0.50"), Sens.BANDE) == 0
    assert ecart(12, 20, Fraction("0.50"), Sens.BANDE) == 1
    assert verdict(45, 100, Fraction("0.45"), Sens.PLANCHER) == "atteint"


def test_the_deck_45_percent_of_7500_first_access_against_2700():
    # 0.45 × 7 500 = 3 375; 3 375 − 2 700 = 675
    assert ecart(2700, 7500, Fraction("0.45"), Sens.PLANCHER) == 675


def test_under_thirty_known_the_verdict_waits_only_when_the_interval_spans_the_target():
    assert verdict(15, 29, Fraction(1, 2), Sens.PLAFOND) == "indetermine"
    assert verdict(16, 30, Fraction(1, 2), Sens.PLAFOND) == "non_atteint"
    assert verdict(29, 29, Fraction(1, 2), Sens.PLAFOND) == "non_atteint"  # 29 of 29: far from one half
    assert verdict(0, 29, Fraction(1, 2), Sens.PLAFOND) == "atteint"
    assert verdict(0, 0, Fraction(1, 2), Sens.PLAFOND) is None


@given(comptes)
def test_the_interval_holds_the_share_and_stays_between_0_and_1(compte):
    k, n = compte
    bas, haut = wilson(np.array([k]), np.array([n]))
    assert 0 <= bas[0] <= k / n <= haut[0] <= 1
    assert bas[0] < haut[0]
