"""Whether chance explains the change of a share: the interval of the difference, over what the periods do not share."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.seance.coordination import resultats
from mel_core.seance.verdict import Valeur

MOITIE = Fraction(1, 2)


def sur(k: int, n: int) -> Valeur:
    return Valeur(Fraction(k, n), "part", n, n, 0, k, mois_couverts=12, n_mois=12)


def test_apart_the_interval_of_the_difference_is_the_one_that_newcombe_published() -> None:
    """56 of 70 against 48 of 80: from 5.24 to 33.39 points (Statistics in Medicine 17, 1998, table II, method 10)."""
    bas, haut = resultats.intervalle_de_l_ecart(sur(48, 80), sur(56, 70), Fraction(0))
    assert (round(bas, 4), round(haut, 4)) == (0.0524, 0.3339)


def test_two_shares_apart_are_both_uncertain_and_overlapping_ones_change_by_their_new_half_alone() -> None:
    # 40 of 100 then 52 of 100. Apart: 12 points ± about 1.96 √(0.24/100 + 0.25/100) = 13.7, chance explains it.
    # Half in common, the variance is 0.24/100 + 0.25/100 − 2 × ½ × 0.245/100: ± about 9.7, it does not.
    assert resultats.est_dans_le_bruit(sur(40, 100), sur(52, 100), Fraction(0))
    assert not resultats.est_dans_le_bruit(sur(40, 100), sur(52, 100), MOITIE)
    bas, haut = resultats.intervalle_de_l_ecart(sur(40, 100), sur(52, 100), MOITIE)
    assert (haut - bas) / 2 == pytest.approx(1.96 * (0.245 / 100) ** 0.5, rel=0.03)


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_the_more_the_periods_share_the_less_chance_explains(n: int, m: int, tirage: st.DataObject) -> None:
    alors, maintenant = sur(tirage.draw(st.integers(0, n)), n), sur(tirage.draw(st.integers(0, m)), m)
    largeurs = [
        haut - bas
        for commun in (Fraction(0), Fraction(1, 4), MOITIE)
        for bas, haut in (resultats.intervalle_de_l_ecart(alors, maintenant, commun),)
    ]
    assert largeurs == sorted(largeurs, reverse=True)
    for commun in (Fraction(0), MOITIE):
        # the same share again, however many it was read on, is never a change
        assert resultats.est_dans_le_bruit(alors, replace(maintenant, valeur=alors.valeur), commun)


def test_what_is_unknown_or_read_on_nothing_is_not_put_down_to_chance() -> None:
    rien = Valeur(None, "part")
    assert not resultats.est_dans_le_bruit(rien, sur(1, 2), Fraction(0))
    assert not resultats.est_dans_le_bruit(sur(1, 2), rien, Fraction(0))
    assert not resultats.est_dans_le_bruit(Valeur(Fraction(9), "demandes", 9, 9), sur(1, 2), Fraction(0))
