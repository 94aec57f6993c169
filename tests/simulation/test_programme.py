"""A program in whole numbers: the least cost, none where nothing answers, and not a word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from mel_core.simulation.plan.demande import Programme, SansSolution


def somme(bornes: list[int], bas: float, haut: float = np.inf) -> Programme:
    """One row, the sum of the variables, which is bounded once it is there."""
    n, sans = len(bornes), np.zeros(0)
    programme = Programme(np.ones(n), np.array(bornes, dtype=float), csr_array((0, n)), sans, sans)
    return programme.constrain(csr_array(np.ones((1, n))), [bas], [haut])


@given(st.data())
def test_the_least_cost_is_what_is_asked_where_it_can_be_given(donnees: st.DataObject) -> None:
    entier = st.integers(0, 6)
    bornes = donnees.draw(st.lists(entier, max_size=4))
    bas, haut = donnees.draw(entier), donnees.draw(st.none() | entier)
    programme = somme(bornes, bas, np.inf if haut is None else haut)
    # The sum of the variables costs itself.
    if bas <= sum(bornes) and (haut is None or bas <= haut):
        assert programme.solve().sum() == bas
    else:
        with pytest.raises(SansSolution):
            programme.solve()


def test_where_the_least_in_real_numbers_is_not_whole_the_least_in_whole_ones_is_found() -> None:
    """Costs 7, 1, 3 for 4, 2, 3, of which 5 are due: 2 × 2 + ⅓ × 3 cost 3. Rounded they are 4; 2 × 2 + 3 cost 5."""
    sans = np.zeros(0)
    programme = Programme(np.array([7.0, 1.0, 3.0]), np.array([3.0, 2.0, 3.0]), csr_array((0, 3)), sans, sans)
    programme = programme.constrain(csr_array([[4.0, 2.0, 3.0]]), [5.0], [np.inf])
    assert programme.solve().tolist() == [0, 1, 1]  # 2 + 3 = 5, for 1 + 3 = 4


def test_the_solver_says_nothing_among_the_answers_of_a_command(capfd: pytest.CaptureFixture[str]) -> None:
    assert somme([3], 2).solve().sum() == 2
    assert capfd.readouterr() == ("", "")
