"""No hidden cell of a two-way table is found by subtraction from its line or its column."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mel_core.secret.matrice import masquer

comptes = st.dictionaries(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from("UVWXY")),
    st.one_of(st.integers(0, 12), st.integers(0, 300)),
    max_size=25,
)


def table(cellules):
    return pd.DataFrame([(x, y, n) for (x, y), n in cellules.items()], columns=["commune", "bailleur", "n"])


@given(comptes)
def test_every_line_and_column_hides_eleven_households_in_two_cells_at_least_or_all_it_has(cellules):
    vues = table(cellules)
    cachee = masquer(vues, "commune", "bailleur")
    assert not any(vues["n"].between(1, 10) & ~cachee)
    assert not any((vues["n"] == 0) & cachee)
    for axe in ("commune", "bailleur"):
        for _, bande in vues[vues["n"] > 0].groupby(axe):
            dedans = bande.loc[cachee[bande.index], "n"]
            assert dedans.empty or len(dedans) == len(bande) or (len(dedans) > 1 and dedans.sum() >= 11)


def test_a_small_cell_takes_the_smallest_of_its_line_and_of_its_column_with_it():
    #        U    V
    #   A    4   20      A·U hidden: A·V goes with it (line A), B·U too (column U), then B·V closes the square.
    #   B   30   40
    vues = table({("A", "U"): 4, ("A", "V"): 20, ("B", "U"): 30, ("B", "V"): 40})
    assert masquer(vues, "commune", "bailleur").tolist() == [True, True, True, True]


def test_a_large_cell_away_from_the_small_ones_stays():
    vues = table({("A", "U"): 6, ("A", "V"): 7, ("B", "U"): 8, ("B", "V"): 9, ("C", "X"): 50})
    assert masquer(vues, "commune", "bailleur").tolist() == [True, True, True, True, False]


def test_a_table_without_small_cells_hides_nothing():
    assert not masquer(table({("A", "U"): 11, ("A", "V"): 0, ("B", "U"): 300}), "commune", "bailleur").any()
