"""The rules of the law are floors over one class, as the ACI objective is: same whole attributions, same places."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest

from mel_core.simulation.reorientation.grille import CibleEssayee
from mel_core.simulation.reorientation.reponses import par, reorient

CELLULES = pd.DataFrame(
    [("59350", "B1", 100, 20), ("59350", "B2", 40, 4), ("59512", "B1", 60, 30)],
    columns=["commune", "bailleur", "n_connus", "numerateur"],
)


@pytest.mark.parametrize("indicateur", ["q1_hors_qpv", "autres_en_qpv"])
def test_a_rule_of_the_law_asks_whole_attributions_where_they_are_missing(indicateur: str) -> None:
    reorientees = reorient(CELLULES, CibleEssayee(indicateur, Fraction(1, 2)))
    # ⌈200 ÷ 2 − 54⌉ = 46, where less than half is reached: 30 short and 16 short.
    assert reorientees["a_reorienter"].tolist() == [30, 16, 0]
    assert reorientees["sens"].tolist() == [1, 1, 0]
    assert par(reorientees, "bailleur").set_index("bailleur")["n_en_plus"].to_dict() == {"B1": 30, "B2": 16}


def test_aiming_at_what_is_observed_changes_nothing() -> None:
    assert not reorient(CELLULES, CibleEssayee("q1_hors_qpv", Fraction(54, 200)))["a_reorienter"].any()
