"""An engagement shared out by commune and bailleur: whole numbers that add up, or one sentence that says what to do."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.engagements.repartition import LIEUX, attendre, loger_ensemble, proposer, refuser
from tests.jeux import LILLE, ROUBAIX

NOMS = {LILLE: "Lille", ROUBAIX: "Roubaix", "B1": "Bailleur B1", "B2": "Bailleur B2"}


def flux(*cellules: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(cellules, columns=["commune", "bailleur", "flux"])


# Lille 50 (B1 30, B2 20), Roubaix 10 (B2): 60 expected, 30 by each bailleur.
CELLULES = flux((LILLE, "B1", 30), (LILLE, "B2", 20), (ROUBAIX, "B2", 10))


def test_the_proportion_of_the_flow_is_counted_on_paper():
    # A sixth of the flow: 5, 3,33 and 1,67; the household left over goes to the largest remainder, in Roubaix.
    assert proposer(CELLULES, 10) == {"commune": {LILLE: 8, ROUBAIX: 2}, "bailleur": {"B1": 5, "B2": 5}}
    assert attendre(CELLULES, "commune") == {LILLE: 50, ROUBAIX: 10}


@given(
    st.lists(
        st.tuples(st.sampled_from([LILLE, ROUBAIX, "59009"]), st.sampled_from(["B1", "B2"]), st.integers(0, 40)),
        min_size=1,
        max_size=6,
        unique_by=lambda c: c[:2],
    ),
    st.integers(0, 200),
)
def test_what_is_proposed_adds_up_and_is_never_refused(cellules, nombre):
    table = flux(*cellules)
    vise = min(nombre, int(table["flux"].sum()))
    parts = proposer(table, nombre)
    for cle in LIEUX:
        assert sum(parts[cle].values()) == vise
        assert refuser(parts[cle], attendre(table, cle), vise, cle, NOMS) is None
    assert loger_ensemble(table, parts["commune"], parts["bailleur"]) == vise


@pytest.mark.parametrize(
    ("lieux", "phrase"),
    [
        ({LILLE: 9, ROUBAIX: 2}, "La somme des communes fait 11 ménages au lieu de 10 : en retirer 1."),
        ({LILLE: 5}, "La somme des communes fait 5 ménages au lieu de 10 : en ajouter 5."),
        ({LILLE: 60}, "Lille : 60 ménages, pour 50 attributions attendues en six mois ; réduire ce nombre."),
        # how many are expected in Roubaix, under 11, is not said
        (
            {ROUBAIX: 11},
            "Roubaix : 11 ménages, pour moins de 11 attributions attendues en six mois ; réduire ce nombre.",
        ),
        ({LILLE: -1, ROUBAIX: 11}, "Lille : donner un nombre entier de ménages, zéro ou plus."),
        ({LILLE: 9, "59009": 1}, "59009 : aucune attribution n’y est attendue, remettre 0."),
        ({LILLE: 3, ROUBAIX: 7}, None),
    ],
)
def test_a_sharing_out_that_is_not_the_engagement_is_refused_in_one_sentence(lieux, phrase):
    dite = refuser(lieux, attendre(CELLULES, "commune"), 10, "commune", NOMS)
    assert (dite.replace("\u00a0", " ") if dite else None) == phrase


def test_two_sharings_out_each_possible_may_not_hold_together():
    # Ten in Roubaix, where B2 alone lets; ten by B1, which lets in Lille alone.
    assert loger_ensemble(CELLULES, {ROUBAIX: 10}, {"B1": 10}) == 0
    assert loger_ensemble(CELLULES, {LILLE: 4, ROUBAIX: 6}, {"B1": 5, "B2": 5}) == 9
    assert loger_ensemble(CELLULES, {LILLE: 4, ROUBAIX: 6}, {"B1": 4, "B2": 6}) == 10
