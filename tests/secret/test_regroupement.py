"""A projected table never lets a count under eleven households be read, nor worked out."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mel_core.secret.regroupement import SEUIL, regrouper


def table(texte: str) -> pd.DataFrame:
    """One line per commune: name, territory, households."""
    lignes = [ligne.split() for ligne in texte.strip().splitlines()]
    return pd.DataFrame([(c, t, int(n)) for c, t, n in lignes], columns=["commune", "territoire", "n"])


def lignes_de(cellules: pd.DataFrame) -> dict[str, str]:
    groupes = regrouper(cellules, "commune", "territoire")
    return dict(zip(groupes["commune"], groupes["ligne"], strict=True))


def test_communes_of_eleven_households_and_more_stay_alone() -> None:
    assert lignes_de(table("Roubaix Est 900 \n Hem Est 11")) == {"Roubaix": "Roubaix", "Hem": "Hem"}


def test_small_communes_are_rolled_up_to_their_territory() -> None:
    # 8 + 4 = 12 ≥ 11
    vues = lignes_de(table("Roubaix Est 900 \n Lannoy Est 8 \n Toufflers Est 4"))
    assert vues == {"Roubaix": "Roubaix", "Lannoy": "Est", "Toufflers": "Est"}


def test_a_lone_small_commune_takes_the_smallest_of_its_territory_along() -> None:
    # Shown alone, 900 + 40 + 8 = 948 would give 8 back by subtraction.
    vues = lignes_de(table("Roubaix Est 900 \n Leers Est 40 \n Lannoy Est 8"))
    assert vues == {"Roubaix": "Roubaix", "Leers": "Est", "Lannoy": "Est"}


def test_two_small_communes_under_eleven_together_take_a_third() -> None:
    # 3 + 4 = 7 < 11, + 40 = 47
    vues = lignes_de(table("Roubaix Est 900 \n Leers Est 40 \n Lannoy Est 3 \n Toufflers Est 4"))
    assert vues == {"Roubaix": "Roubaix", "Leers": "Est", "Lannoy": "Est", "Toufflers": "Est"}


def test_territories_too_small_by_themselves_are_put_together() -> None:
    # Nord holds 6 and Sud 7: neither reaches 11 and neither has another line to take; 6 + 7 = 13.
    vues = lignes_de(table("Lompret Nord 6 \n Santes Sud 7 \n Roubaix Est 900"))
    assert vues == {"Lompret": "", "Santes": "", "Roubaix": "Roubaix"}


def test_a_commune_without_any_attribution_may_be_shown() -> None:
    assert lignes_de(table("Roubaix Est 900 \n Gruson Est 0"))["Gruson"] == "Gruson"


def test_a_table_of_fewer_than_eleven_households_is_masked() -> None:
    groupes = regrouper(table("Lannoy Est 3 \n Toufflers Est 4"), "commune", "territoire")
    assert groupes["est_masquee"].tolist() == [True, True]


def test_without_territory_the_small_ones_make_one_line() -> None:
    bailleurs = pd.DataFrame({"bailleur": ["A", "B", "C"], "n": [500, 6, 7]})
    assert regrouper(bailleurs, "bailleur")["ligne"].tolist() == ["A", "", ""]


communes = st.lists(st.tuples(st.sampled_from("NSE"), st.integers(0, 40)), min_size=1, max_size=12).map(
    lambda tirees: pd.DataFrame(
        [(f"c{i:02d}", t, n) for i, (t, n) in enumerate(tirees)], columns=["commune", "territoire", "n"]
    )
)


@given(communes)
def test_no_line_shown_holds_fewer_than_eleven_households_nor_a_small_commune_alone(cellules: pd.DataFrame) -> None:
    avant = cellules.copy()
    groupes = regrouper(cellules, "commune", "territoire")
    ensemble = cellules.merge(groupes, on="commune")
    pd.testing.assert_frame_equal(cellules, avant)
    assert ensemble["n"].sum() == cellules["n"].sum()  # every household is in exactly one line
    for _, ligne in ensemble[ensemble["n"] > 0].groupby(["ligne", "est_regroupee"]):
        if ligne["est_masquee"].all():
            assert cellules["n"].sum() < SEUIL or (cellules["n"] > 0).sum() == 1
        else:
            assert not ligne["est_masquee"].any()
            assert ligne["n"].sum() >= SEUIL
            assert len(ligne) > 1 or ligne["n"].iloc[0] >= SEUIL


@given(communes, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(cellules: pd.DataFrame, alea) -> None:
    ordre = list(range(len(cellules)))
    alea.shuffle(ordre)
    assert lignes_de(cellules) == lignes_de(cellules.iloc[ordre])
