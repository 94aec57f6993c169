"""Places added up under the lines that they may be shown under."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from mel_core.simulation.reorientation import Scenario, par, rassembler, reorienter
from tests.simulation.dessins import draw

TROIS = """
commune  bailleur  fragilite  n_connus  numerateur
A        x         fragile    100       80
B        x         fragile    10        9
C        x         fragile    10        1
"""


def test_small_places_add_up_and_their_share_is_that_of_the_sum() -> None:
    # 90 modest of 120: at most 50 % asks 30 in less, shared by excess (30, 4 and none): 26 in A and 4 in B.
    lieux = par(reorienter(draw(TROIS), Scenario("equilibre", Fraction(1, 2))), "commune")
    lignes = rassembler(lieux, lieux["commune"].map({"A": "Ville"}).fillna("Autres"))
    assert lignes["ligne"].tolist() == ["Ville", "Autres"]
    assert lignes["n_connus"].tolist() == [100, 20]
    assert lignes["a_reorienter"].tolist() == [26, 4]
    assert lignes["part"].tolist() == [0.8, 0.5]  # 9 + 1 of 20
    assert lignes["part_visee"].tolist() == [0.54, 0.3]
    assert lignes[["a_reorienter", "n_en_moins", "n_en_plus"]].sum().tolist() == [30, 30, 0]


def test_a_frame_without_a_target_keeps_its_counts_only() -> None:
    lieux = pd.DataFrame({"commune": ["A", "B"], "a_reorienter": [1, 2], "n_en_moins": [0, 2], "n_en_plus": [1, 0]})
    lignes = rassembler(lieux, pd.Series(["Ville", "Ville"]))
    assert lignes.to_dict("records") == [{"ligne": "Ville", "a_reorienter": 3, "n_en_moins": 2, "n_en_plus": 1}]
