"""The mix advised: whole numbers, always within the target, that add up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.preconisations.dosage import arrondir, doser, repartir

MOITIE, BANDE = Fraction(1, 2), Fraction(1, 20)
parts = st.fractions(0, 1, max_denominator=100)
observees = st.none() | st.floats(0, 1)
bornes = st.one_of(
    st.tuples(st.none(), parts),
    st.tuples(parts, st.none()),
    st.tuples(parts, parts).map(lambda x: tuple(sorted(x))),
)


@given(st.integers(0, 500), bornes, observees)
def test_what_is_advised_never_contradicts_the_target_and_adds_up(n, limites, part):
    plancher, plafond = limites
    permis = [
        k for k in range(n + 1) if (plancher is None or k >= plancher * n) and (plafond is None or k <= plafond * n)
    ]
    dosage = doser(n, plancher, plafond, part)
    if dosage is None:
        assert permis == []
        return
    assert (dosage.minimum, dosage.maximum) == (permis[0], permis[-1])
    assert dosage.conseille in permis
    assert dosage.conseille + dosage.autres == n


@given(st.integers(0, 500), bornes, st.floats(0, 1))
def test_no_allowed_mix_is_nearer_to_what_is_done_today(n, limites, part):
    dosage = doser(n, *limites, part)
    if dosage is not None:
        assert all(
            abs(dosage.conseille - part * n) <= abs(k - part * n) + 1e-9
            for k in range(dosage.minimum, dosage.maximum + 1)
        )


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 1)), min_size=1, max_size=12), st.integers(0, 80))
def test_shares_add_up_and_are_their_quota_rounded(lignes, total):
    poids, ordre = zip(*lignes, strict=True)
    partages = repartir(total, poids, ordre)
    if sum(poids) == 0:
        assert partages == [0] * len(poids)
        return
    assert sum(partages) == total
    somme = sum(Fraction(p) for p in poids)
    assert all(abs(k - Fraction(p) * total / somme) < 1 for k, p in zip(partages, poids, strict=True))


def test_a_fragile_quartier_takes_at_most_half_rounded_down():
    # 7 × 0.5 = 3.5: at most 3; at 80 % today (5.6), 3 is the nearest.
    dosage = doser(7, None, MOITIE, 0.8)
    assert (dosage.minimum, dosage.maximum, dosage.conseille, dosage.autres) == (0, 3, 3, 4)
    # At 20 % today 1.4 modest households are expected: nothing asks for more.
    assert doser(7, None, MOITIE, 0.2).conseille == 1


def test_a_quartier_without_fragility_takes_at_least_half_rounded_up():
    dosage = doser(7, MOITIE, None, 0.3)
    assert (dosage.minimum, dosage.maximum, dosage.conseille) == (4, 7, 4)


@pytest.mark.parametrize(("n", "attendu"), [(1, None), (2, (1, 1)), (5, None), (9, None), (10, (5, 5)), (20, (9, 11))])
def test_a_band_may_hold_no_whole_number(n, attendu):
    # 45 % to 55 %: of 5, from 2.25 to 2.75; of 20, from 9 to 11.
    dosage = doser(n, MOITIE - BANDE, MOITIE + BANDE, None)
    assert (dosage and (dosage.minimum, dosage.maximum)) == attendu


@pytest.mark.parametrize(
    ("limites", "attendu"), [((None, MOITIE), 5), ((MOITIE, None), 5), ((MOITIE - BANDE, MOITIE + BANDE), 5)]
)
def test_without_known_entrants_the_advice_is_the_edge_or_the_middle(limites, attendu):
    assert doser(10, *limites, None).conseille == attendu


def test_lettings_are_rounded_half_up_and_a_binary_hair_is_no_dwelling():
    assert [arrondir(x) for x in (0.0, 0.49, 0.5, 2.5, 0.1 * 5, 6.999)] == [0, 0, 1, 3, 1, 7]


def test_a_unit_left_goes_to_the_lower_order():
    # 3 among three equal weights of two: 1.5 each… here 4 among three: 4/3 each, one left, for the lowest order.
    assert repartir(4, [1, 1, 1], [0.7, 0.2, 0.5]) == [1, 2, 1]
