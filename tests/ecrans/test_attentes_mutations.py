"""How long the blocked mutations wait, on a projected screen: counts by commune, none of them a few households."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mel_core.secret.regroupement import SEUIL
from pages.commun.orientations.attentes_mutations import dire, dire_les_tues, montrer

INSECABLES = str.maketrans("\u00a0\u202f", "  ")


def communes(*lignes: tuple[str, int, int, int]) -> pd.DataFrame:
    """`commune`, then how many wait, for 24 months or more, for 36 or more."""
    table = pd.DataFrame(lignes, columns=["commune", "n", "n_24_mois", "n_36_mois"])
    return table.assign(nom=table["commune"], mediane_mois=12.0)


def valeurs(vues: pd.DataFrame) -> dict[str, tuple[float | None, ...]]:
    lues = vues[["n", "n_24_mois", "n_36_mois"]].astype("object").where(vues.notna(), None)
    return {c: tuple(x) for c, x in zip(vues["commune"], lues.to_numpy().tolist(), strict=True)}


def test_the_communes_where_most_wait_long_come_first() -> None:
    vues = montrer(communes(("Lille", 1053, 312, 120), ("Roubaix", 600, 350, 200), ("Lomme", 90, 40, 0)))
    assert valeurs(vues) == {"Roubaix": (600, 350, 200), "Lille": (1053, 312, 120), "Lomme": (90, 40, 0)}
    assert vues["part_24_mois"].round(3).tolist() == [0.583, 0.296, 0.444]
    assert dire(vues.loc[1], "residence").translate(INSECABLES) == (
        "à **Lille**, **1 053** mutations bloquées attendent, dont **312** depuis 24 mois ou plus et **120** depuis 36 "
        "mois ou plus ; attente médiane : **12 mois**."
    )
    assert dire(vues.loc[0], "souhaitee").startswith("pour **Roubaix**, ")


def test_a_count_of_a_few_is_not_shown_nor_what_would_give_it_back() -> None:
    # 4 in Lomme for 36 months: hidden; so are the fewest beside it, and in Roubaix, that the column would give it by.
    vues = montrer(communes(("Lille", 900, 300, 120), ("Roubaix", 600, 350, 200), ("Lomme", 90, 40, 4)))
    lues = valeurs(vues)
    assert lues["Lomme"] == (90, 40, None)
    assert lues["Lille"][2] is None
    assert lues["Roubaix"] == (600, 350, 200)
    assert dire(vues.set_index("commune").loc["Lomme"], "residence").translate(INSECABLES) == (
        "à **Lomme**, **90** mutations bloquées attendent, dont **40** depuis 24 mois ou plus ; attente médiane : "
        "**12 mois**."
    )


def test_a_small_commune_goes_with_the_next_smallest() -> None:
    vues = montrer(communes(("Lille", 900, 300, 120), ("Lomme", 90, 40, 20), ("Forest", 4, 2, 1)))
    assert vues["commune"].tolist() == ["Lille"]
    assert dire_les_tues(3, 1).translate(INSECABLES).startswith("2 communes non montrées et « — » : moins de 11 ")
    assert dire_les_tues(3, 3).translate(INSECABLES).startswith("« — » : moins de 11 ménages")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6).map(
        lambda tires: [(f"C{i}", a + b + c, b + c, c) for i, (a, b, c) in enumerate(tires) if a + b + c]
    )
)
def test_no_two_figures_shown_of_a_commune_differ_by_a_few_households(tirees) -> None:
    lues = valeurs(montrer(communes(*tirees)))
    for commune, n, n_24, n_36 in tirees:
        if commune in lues:
            assert all(vu in (None, vrai) for vu, vrai in zip(lues[commune], (n, n_24, n_36), strict=True))
            dits = [0, *(x for x in lues[commune] if x is not None)]
            assert all(abs(a - b) == 0 or abs(a - b) >= SEUIL for a, b in combinations(dits, 2))
    tues = [n for commune, n, *_ in tirees if commune not in lues]
    assert not tues or not lues or (len(tues) > 1 and sum(tues) >= SEUIL)
    # Another screen may give how many wait for 36 months in all: what the column leaves is not one commune's count.
    if not tues:
        caches = [n_36 for commune, _, _, n_36 in tirees if lues[commune][2] is None]
        assert not caches or not any(x[2] for x in lues.values()) or (len(caches) > 1 and sum(caches) >= SEUIL)
