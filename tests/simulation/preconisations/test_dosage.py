"""The mix advised: whole numbers that add up to the target of the class, nobody dropped."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.indicateurs.definitions import SENS_PAR_FRAGILITE, Sens
from mel_core.simulation.preconisations import count_vises, round_off, share_out_les_classes

MOITIE = Fraction(1, 2)
une_residence = st.tuples(
    st.sampled_from(["QA", "QB", "QC", "QD"]), st.floats(0, 30), st.one_of(st.none(), st.floats(0, 1))
)


def classe(*lignes: tuple[str, float, float | None], fragilite: str = "fragile") -> pd.DataFrame:
    frame = pd.DataFrame(lignes, columns=["quartier", "attendues", "part_occupants"])
    return frame.assign(ici="ICI 1", fragilite=fragilite)


def test_half_of_811_lettings_is_405_at_most_and_406_at_least() -> None:
    assert count_vises(811, MOITIE, Sens.PLAFOND) == 405
    assert count_vises(811, MOITIE, Sens.PLANCHER) == 406
    assert count_vises(811, MOITIE, Sens.BANDE) == 406


def test_fourteen_quartiers_of_one_letting_share_the_target_of_their_class() -> None:
    # Rounded down each to its own half, they would be asked for none: 14 × floor(0.5) = 0. Of the class: floor(7) = 7.
    partages = share_out_les_classes(classe(*((f"Q{i}", 1.0, None) for i in range(14))), MOITIE)
    assert partages["n_attendues"].tolist() == [1] * 14
    assert partages["n_modestes"].sum() == 7
    assert set(partages["n_modestes"]) == {0, 1}


def test_half_lettings_are_not_lost_one_by_one() -> None:
    # Ten résidences of 0.4 letting: rounded each, none; together, four.
    partages = share_out_les_classes(classe(*((f"Q{i}", 0.4, None) for i in range(10))), MOITIE)
    assert partages["n_attendues"].sum() == 4
    assert partages["n_modestes"].sum() == 2


@given(st.lists(une_residence, min_size=1, max_size=25), st.fractions(0, 1), st.sampled_from(list(SENS_PAR_FRAGILITE)))
def test_the_parts_add_up_at_each_level_and_each_is_its_quota_rounded(residences, cible, fragilite) -> None:
    frame = classe(*residences, fragilite=fragilite)
    partages = share_out_les_classes(frame, cible)
    total = round_off(frame.groupby("quartier")["attendues"].sum().sum())
    vises = count_vises(total, cible, SENS_PAR_FRAGILITE[fragilite])
    assert partages["n_attendues"].sum() == total
    assert partages["n_modestes"].sum() == vises
    assert (partages["n_modestes"] <= partages["n_attendues"]).all()
    assert (partages["n_modestes"] >= 0).all()
    assert partages.index.equals(frame.index)
    somme = frame["attendues"].sum()
    par_quartier = partages.groupby(frame["quartier"]).sum()
    for quartier, attendues in frame.groupby("quartier")["attendues"].sum().items():
        n, m = (int(par_quartier.at[quartier, c]) for c in ("n_attendues", "n_modestes"))
        if somme > 1e-3:
            assert abs(n - attendues * total / somme) < 1.01
        if total:
            assert abs(m - Fraction(n * vises, total)) < 1


def test_without_a_target_lettings_are_shared_out_all_the_same() -> None:
    partages = share_out_les_classes(classe(("QA", 3.0, 0.2), ("QB", 2.0, None)), None)
    assert partages["n_attendues"].tolist() == [3, 2]
    assert partages["n_modestes"].isna().all()


def test_each_class_of_each_ici_has_its_own_target() -> None:
    # Fragile: at most 1 of 3; without fragility: at least 2 of 3; unknown: none is asked for.
    frame = pd.concat([classe((f, 3.0, None), fragilite=f) for f in ("fragile", "sans", "inconnu")], ignore_index=True)
    partages = share_out_les_classes(pd.concat([frame, frame.assign(ici="ICI 2")], ignore_index=True), MOITIE)
    assert partages["n_modestes"].fillna(-1).tolist() == [1, 2, -1, 1, 2, -1]
    assert partages["n_attendues"].tolist() == [3] * 6


def test_a_unit_left_goes_to_where_modest_occupants_are_the_fewest() -> None:
    # Three lettings of equal weight, one modest household: to the résidence of 20 %.
    partages = share_out_les_classes(classe(("Q", 1.0, 0.7), ("Q", 1.0, 0.2), ("Q", 1.0, 0.5)), MOITIE)
    assert partages["n_modestes"].tolist() == [0, 1, 0]


@pytest.mark.parametrize(("attendues", "n"), [(0.0, 0), (0.49, 0), (0.5, 1), (2.5, 3), (0.1 * 5, 1), (6.999, 7)])
def test_lettings_are_rounded_half_up_and_a_binary_hair_is_no_dwelling(attendues: float, n: int) -> None:
    assert round_off(attendues) == n
