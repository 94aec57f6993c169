"""Control limits, by hand: around 0.5 on 100, one standard error is √(0.5 × 0.5 ÷ 100) = 0.05."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mel_core.indicateurs.mesures import limites_autour, position


def test_limits_are_two_and_three_standard_errors_away_from_the_target() -> None:
    ligne = limites_autour(pd.Series([100]), 0.5).iloc[0]
    assert ligne["haut_95"] == pytest.approx(0.5 + 1.96 * 0.05, abs=1e-4)
    assert ligne["bas_998"] == pytest.approx(0.5 - 3.09 * 0.05, abs=1e-4)


def test_limits_close_in_as_attributions_grow_and_stay_shares() -> None:
    lignes = limites_autour(pd.Series(range(1, 2000)), 0.45)
    assert (np.diff(lignes["haut_95"]) <= 0).all()
    assert (np.diff(lignes["bas_95"]) >= 0).all()
    assert lignes.drop(columns="n").stack().between(0, 1).all()


def test_a_share_is_told_from_chance_only_beyond_its_limit() -> None:
    # 0.5 ± 1.96 × 0.05 on 100; ± 1.96 × 0.25 on 4
    parts = pd.Series([0.61, 0.55, 0.39, 0.10, np.nan])
    n = pd.Series([100, 100, 100, 4, 0])
    assert position(parts, n, 0.5).tolist() == ["au-dessus", "dans les limites", "au-dessous", "dans les limites", ""]


def test_of_no_attribution_there_is_no_limit() -> None:
    # 0.45 ± 1.96 × √(0.45 × 0.55 / 100) = 0.45 ± 0.0975
    ligne = limites_autour(pd.Series([100, 0]), 0.45)
    assert (round(ligne["bas_95"].iloc[0], 4), round(ligne["haut_95"].iloc[0], 4)) == (0.3525, 0.5475)
    assert ligne["bas_95"].isna().tolist() == [False, True]
