"""A program solved again from where it ended: the same answers as from nothing, and not a word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from mel_core.simulation.plan.programme import Programme


def somme(bornes: list[int]) -> Programme:
    """One row, the sum of the variables, which nothing bounds."""
    sans = np.array([np.inf])
    n = len(bornes)
    return Programme(np.ones(n), np.array(bornes, dtype=float), csr_array(np.ones((1, n))), -sans, sans)


@given(st.data())
def test_a_cost_found_from_where_another_ended_is_the_one_found_from_nothing(donnees: st.DataObject) -> None:
    entier = st.integers(0, 6)
    bornes = donnees.draw(st.lists(entier, min_size=1, max_size=4))
    essais = donnees.draw(st.lists(st.tuples(entier, st.none() | entier), min_size=1, max_size=4))

    def couts(demandes: list[tuple[int, int | None]]) -> list[float | None]:
        return list(somme(bornes).couts_relaches([0], [[d] for d in demandes]))

    trouves = couts(essais)
    assert trouves == [cout for essai in essais for cout in couts([essai])]
    # The sum of the variables costs itself: the least is what is asked, when they can give it.
    for (bas, haut), cout in zip(essais, trouves, strict=True):
        possible = bas <= sum(bornes) and (haut is None or bas <= haut)
        assert cout == (pytest.approx(bas) if possible else None)


def test_the_solver_says_nothing_among_the_answers_of_a_command(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(somme([3]).couts_relaches([0], [[(2, None)]])) == [2.0]
    assert capfd.readouterr() == ("", "")
