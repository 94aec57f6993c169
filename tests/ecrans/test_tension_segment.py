"""Where a segment asks and how few are let there: counted on paper, exact at a desk, by the rule in the room."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.segments.phrases_segments import constat_de_tension, dans_le_perimetre, tension_moyenne
from pages.seance.orientations.tension_segment import tableau
from tests.jeux import LILLE, ROUBAIX
from tests.lecteurs import lue_par
from tests.mots import simple

NOMS = {LILLE: "Lille", ROUBAIX: "Roubaix"}


def tensions(*cellules: tuple[str, str, int, int, int]) -> pd.DataFrame:
    """commune, typologie, n, n_actives, n_attributions."""
    table = pd.DataFrame(cellules, columns=["commune", "typologie", "n", "n_actives", "n_attributions"])
    offre = table["n_attributions"].where(table["n_attributions"] > 0)
    return table.assign(tension=(table["n_actives"] / offre).astype("float64"))


CELLULES = tensions((LILLE, "T2", 300, 2000, 100), (LILLE, "T3", 100, 1000, 100), (ROUBAIX, "T2", 40, 500, 0))


def test_each_wish_weighs_one_and_those_that_nothing_could_serve_are_counted_apart():
    # (300 × 20 + 100 × 10) ⁄ 400 = 17,5 ; (2000 × 20 + 1000 × 10) ⁄ 3000 = 16,67 ; 40 of 440 wishes are never let
    assert (tension_moyenne(CELLULES, "n"), round(tension_moyenne(CELLULES, "n_actives"), 2)) == (17.5, 16.67)
    assert simple(lue_par(PREPARATION, constat_de_tension, CELLULES, NOMS)) == snapshot(
        "Là où ils demandent, **17,5 demandes pour une attribution** en moyenne, comme pour toute la demande (16,7). "
        "Le souhait le plus fréquent, **Lille en T2** (300), y trouve **une attribution pour 20 demandes**. "
        "9,1 % de leurs souhaits portent là où rien n’a été attribué."
    )


def test_a_mean_apart_from_that_of_all_the_demande_is_set_against_it():
    # 300 wishes at 20 for one; of all the demande (2000 × 20 + 1000 × 10) ⁄ 3000 = 16,67: a fifth more
    cellules = tensions((LILLE, "T2", 300, 2000, 100), (LILLE, "T3", 0, 1000, 100))
    assert "**20 demandes pour une attribution** en moyenne, contre 16,7 pour toute la demande." in simple(
        lue_par(PREPARATION, constat_de_tension, cellules, NOMS)
    )


def test_only_the_communes_of_the_scope_and_what_is_said_count():
    autres = tensions(("59009", "T2", 80, 900, 0), (LILLE, "inconnu", 50, 60, 0), ("hors_mel", "T2", 11, 11, 0))
    assert dans_le_perimetre(pd.concat([CELLULES, autres]), {LILLE, ROUBAIX}).equals(CELLULES)


def test_nothing_let_where_they_ask_is_said_so():
    assert lue_par(PREPARATION, constat_de_tension, tensions((LILLE, "T2", 30, 500, 0)), NOMS).startswith(
        "Rien de ce qu’ils souhaitent"
    )
    # nobody of the segment says what it wants: it is not that nothing is let
    assert "inconnue" in lue_par(PREPARATION, constat_de_tension, tensions((LILLE, "T2", 0, 500, 20)), NOMS)


def test_a_cell_shows_how_many_ask_for_one_how_many_of_the_segment_and_what_is_expected():
    dit = simple(re.sub(r"<[^>]+>", " ", lue_par(PREPARATION, tableau, CELLULES, NOMS, "Tension")))
    assert re.search(r"Lille +20 +300 → 50 +10 +100 → 50", dit)
    assert re.search(r"Roubaix +aucune +40 → 0", dit)


def test_the_room_reads_a_tension_of_what_it_reads_of_thirty_on_both_sides():
    cellules = tensions((LILLE, "T2", 301, 1998, 101), (LILLE, "T3", 8, 1000, 29), (ROUBAIX, "T2", 41, 500, 0))
    dit = simple(re.sub(r"<[^>]+>", " ", lue_par(SALLE, tableau, cellules, NOMS, "Tension")))
    # 2 000 for 100; half of 101 is 50; of the 29 attributions 14 are expected, read 15, and no tension is said
    assert re.search(r"Lille +20 +300 → 50 +— +≤ 12 → 15", dit)
    assert re.search(r"Roubaix +— +40 → ≤ 12", dit)
    lu = simple(lue_par(SALLE, constat_de_tension, cellules, NOMS))
    assert "**Lille en T2** (300), y trouve **une attribution pour 20 demandes**" in lu
    # 41 of the 350 wishes: 11,7 %
    assert "12 % de leurs souhaits portent là où rien n’a été attribué" in lu


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([LILLE, ROUBAIX, "59009"]),
            st.sampled_from(["T1", "T2", "T3"]),
            st.integers(0, 30),
            st.integers(30, 60),
            st.sampled_from([0, 1, 10, 11, 50]),
        ),
        min_size=1,
        unique_by=lambda c: c[:2],
    )
)
def test_no_count_of_a_few_households_is_written_in_the_room(cellules):
    corps = lue_par(SALLE, tableau, tensions(*cellules), NOMS, "Tension")
    assert "aucune" not in corps
    for dessous in re.findall(r"<span>(.*?)</span>|<td>(≤.*?)</td>", corps):
        for n in simple("".join(dessous)).split(" → "):
            assert n == "≤ 12" or (int(n) > 12 and int(n) % 5 == 0)
