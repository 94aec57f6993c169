"""An engagement shared out by commune and bailleur: whole numbers that add up, or one sentence that says what to do."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mel_core.simulation.engagement.calcul_engagement import (
    LIEUX,
    count_loges_ensemble,
    forecast,
    refuse,
    share_by_place,
)
from tests.jeux import LILLE, ROUBAIX

NOMS = {LILLE: "Lille", ROUBAIX: "Roubaix", "B1": "Bailleur B1", "B2": "Bailleur B2"}


def flux(*cellules: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(cellules, columns=["commune", "bailleur", "flux"])


# Lille 50 (B1 30, B2 20), Roubaix 10 (B2): 60 expected, 30 by each bailleur.
CELLULES = flux((LILLE, "B1", 30), (LILLE, "B2", 20), (ROUBAIX, "B2", 10))


def test_the_proportion_of_the_flow_is_counted_on_paper():
    # A sixth of the flow: 5, 3,33 and 1,67; the household left over goes to the largest remainder, in Roubaix.
    assert share_by_place(CELLULES, 10) == {"commune": {LILLE: 8, ROUBAIX: 2}, "bailleur": {"B1": 5, "B2": 5}}
    assert forecast(CELLULES, "commune") == {LILLE: 50, ROUBAIX: 10}


def test_a_bailleur_that_lets_more_is_not_asked_less():
    # A tenth of 260: 8,4 of the 84 that B3 lets in six communes, 8,0 of B2's 80 in one, 9,6 of B4's 96 in six. Rounded
    # cell by cell, each 1,4 of B3 would lose its remainder: 6 of 84, beside 8 of 80.
    cellules = flux(
        *((f"C{i}", "B3", 14) for i in range(6)), ("C6", "B2", 80), *((f"C{i}", "B4", 16) for i in range(6))
    )
    assert share_by_place(cellules, 26)["bailleur"] == {"B3": 8, "B2": 8, "B4": 10}


def test_what_could_not_be_housed_together_is_shared_out_cell_by_cell():
    # 36 of 42. Lille 20,57 and Roubaix 15,43: 21 and 15. B1 16,29, B3 15,43 and B2 4,29: 16, 16 and 4. But B1 and B2
    # alone let in Lille, and 20 is not 21. By cell 16,29, 15,43 and 4,29: the one left over goes to B3, in Roubaix.
    cellules = flux((LILLE, "B2", 5), (LILLE, "B1", 19), (ROUBAIX, "B3", 18))
    assert share_by_place(cellules, 36) == {
        "commune": {LILLE: 20, ROUBAIX: 16},
        "bailleur": {"B1": 16, "B3": 16, "B2": 4},
    }


LIEUX_TIRES = st.lists(
    st.tuples(
        st.sampled_from([LILLE, ROUBAIX, "59009", "59328"]), st.sampled_from(["B1", "B2", "B3"]), st.integers(0, 40)
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda c: c[:2],
)


@given(LIEUX_TIRES, st.integers(0, 500))
def test_what_is_proposed_adds_up_and_is_never_refused(cellules, nombre):
    table = flux(*cellules)
    vise = min(nombre, int(table["flux"].sum()))
    parts = share_by_place(table, nombre)
    for cle in LIEUX:
        assert sum(parts[cle].values()) == vise
        assert refuse(parts[cle], forecast(table, cle), vise, cle, NOMS) is None
    assert count_loges_ensemble(table, parts["commune"], parts["bailleur"]) == vise


def _au_plus_fort_reste(attendues, nombre):
    """Floors of exact fractions, then one more to the largest remainders; the larger flow first, then the code."""
    total = sum(attendues.values())
    exactes = {code: Fraction(nombre * n, total) for code, n in attendues.items()}
    parts = {code: floor(x) for code, x in exactes.items()}
    servis = sorted(attendues, key=lambda c: (parts[c] - exactes[c], -attendues[c], c))
    return parts | {code: parts[code] + 1 for code in servis[: nombre - sum(parts.values())]}


@given(LIEUX_TIRES, st.integers(0, 500))
def test_each_place_is_within_one_of_its_share_and_never_asked_less_than_one_that_lets_less(cellules, nombre):
    table = flux(*cellules)
    total = int(table["flux"].sum())
    assume(total)
    vise = min(nombre, total)
    voulues = {cle: _au_plus_fort_reste(forecast(table, cle), vise) for cle in LIEUX}
    assume(count_loges_ensemble(table, voulues["commune"], voulues["bailleur"]) == vise)
    parts = share_by_place(table, nombre)
    for cle in LIEUX:
        attendues = forecast(table, cle)
        lieux = [(flux_, parts[cle].get(code, 0)) for code, flux_ in attendues.items()]
        assert all(abs(n - Fraction(vise * flux_, total)) < 1 for flux_, n in lieux)
        assert all(n >= autre for flux_, n in lieux for moindre, autre in lieux if flux_ > moindre)
        assert parts[cle] == {code: n for code, n in voulues[cle].items() if n}


@pytest.mark.parametrize(
    ("lieux", "phrase"),
    [
        ({LILLE: 9, ROUBAIX: 2}, "La somme des communes fait 11 ménages au lieu de 10 : en retirer 1."),
        ({LILLE: 5}, "La somme des communes fait 5 ménages au lieu de 10 : en ajouter 5."),
        ({LILLE: 60}, "Lille : 60 ménages, pour 50 attributions attendues en six mois ; réduire ce nombre."),
        ({ROUBAIX: 11}, "Roubaix : 11 ménages, pour 10 attributions attendues en six mois ; réduire ce nombre."),
        ({LILLE: -1, ROUBAIX: 11}, "Lille : donner un nombre entier de ménages, zéro ou plus."),
        ({LILLE: 9, "59009": 1}, "59009 : aucune attribution n’y est attendue, remettre 0."),
        ({LILLE: 3, ROUBAIX: 7}, None),
    ],
)
def test_a_sharing_out_that_is_not_the_engagement_is_refused_in_one_sentence(lieux, phrase):
    dite = refuse(lieux, forecast(CELLULES, "commune"), 10, "commune", NOMS)
    assert (dite.replace("\u00a0", " ") if dite else None) == phrase


def test_two_sharings_out_each_possible_may_not_hold_together():
    # Ten in Roubaix, where B2 alone lets; ten by B1, which lets in Lille alone.
    assert count_loges_ensemble(CELLULES, {ROUBAIX: 10}, {"B1": 10}) == 0
    assert count_loges_ensemble(CELLULES, {LILLE: 4, ROUBAIX: 6}, {"B1": 5, "B2": 5}) == 9
    assert count_loges_ensemble(CELLULES, {LILLE: 4, ROUBAIX: 6}, {"B1": 4, "B2": 6}) == 10
