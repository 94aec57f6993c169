"""The stock drawing together: invariants first, then worked examples whose arithmetic stays visible."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.simulation.convergence import Convergence, Projection, ScenarioConvergence, ecarts
from mel_core.socle.erreurs import AppelIncorrect

MOITIE = Fraction(1, 2)
OBSERVES = {"fragile": 0.66, "moyenne": 0.5, "sans": 0.37, "inconnu": 0.5}
EXACT = 1e-9


def project(
    stock: pd.DataFrame, observes: dict[str, float], scenario: ScenarioConvergence, par: str = "fragilite"
) -> pd.DataFrame:
    return Projection.de(stock, observes, scenario).project(par)


def converge(stock: pd.DataFrame, observes: dict[str, float], scenario: ScenarioConvergence) -> Convergence:
    return Projection.de(stock, observes, scenario).converge()


def draw(texte: str) -> pd.DataFrame:
    """Résidences as text: fragilite, n_occupes, rotation a year, n_modestes, n_connus, n_inconnus; - is unknown."""
    colonnes = ["fragilite", "n_occupes", "taux_rotation", "n_modestes", "n_connus", "n_inconnus"]
    lignes = [ligne.split() for ligne in texte.strip().splitlines()]
    frame = pd.DataFrame(lignes, columns=colonnes).replace("-", None)
    frame[colonnes[1:]] = frame[colonnes[1:]].astype(float)
    return frame.assign(quartier=[f"Q{i}" for i in range(len(frame))])


@st.composite
def stocks(draw: st.DrawFn) -> pd.DataFrame:
    """Up to 12 résidences of every class in 3 quartiers, some without rotation, without enquête or empty."""
    lignes = []
    for _ in range(draw(st.integers(1, 12))):
        connus = draw(st.integers(0, 60))
        lignes.append(
            {
                "quartier": draw(st.sampled_from("ABC")),
                "fragilite": draw(st.sampled_from(list(OBSERVES))),
                "n_occupes": draw(st.integers(0, 200)),
                "taux_rotation": draw(st.one_of(st.none(), st.floats(0, 1))),
                "n_modestes": draw(st.integers(0, connus)),
                "n_connus": connus,
                "n_inconnus": draw(st.integers(0, 30)),
            }
        )
    return pd.DataFrame(lignes).astype({"taux_rotation": float})


parts = st.fractions(min_value=0, max_value=1, max_denominator=100)
cibles = st.one_of(st.none(), parts)
scenarios = st.builds(ScenarioConvergence, cibles, cibles, cibles, st.integers(1, 20), parts)


# ------------------------------------------------------------------------------------------------- invariants


@given(stocks(), scenarios, st.sampled_from(["fragilite", "quartier"]))
def test_the_band_contains_the_line_and_every_share_is_one(
    stock: pd.DataFrame, scenario: ScenarioConvergence, par: str
) -> None:
    p = project(stock, OBSERVES, scenario, par)
    assert (p["part_min"] <= p["part"] + EXACT).all()
    assert np.allclose(p["n_modestes"], p["part"] * p["n_occupes"])
    assert (p["part"] <= p["part_max"] + EXACT).all()
    assert p["part_min"].ge(-EXACT).all()
    assert p["part_max"].le(1 + EXACT).all()


@given(stocks(), scenarios)
def test_no_dwelling_appears_or_vanishes(stock: pd.DataFrame, scenario: ScenarioConvergence) -> None:
    retenues = Projection.de(stock, OBSERVES, scenario).retenues
    for par in ("fragilite", "quartier"):
        p = project(stock, OBSERVES, scenario, par)
        assert p.groupby("semestre")["n_occupes"].sum().eq(retenues["n_occupes"].sum()).all()
    totaux = [
        project(stock, OBSERVES, scenario, par).groupby("semestre")["n_modestes"].sum()
        for par in ("fragilite", "quartier")
    ]
    assert np.allclose(*totaux)
    resultat = converge(stock, OBSERVES, scenario)
    laissees = Projection.de(stock, OBSERVES, scenario).laissees
    assert resultat.n_residences + len(laissees) == len(stock)
    assert resultat.n_logements_laisses + retenues["n_occupes"].sum() == stock["n_occupes"].sum()


@given(stocks(), scenarios, parts, parts)
def test_a_higher_target_never_gives_a_lower_share(
    stock: pd.DataFrame, scenario: ScenarioConvergence, a: Fraction, b: Fraction
) -> None:
    bas, haut = (
        project(stock, OBSERVES, ScenarioConvergence(x, x, x, scenario.horizon, scenario.marge_rotation))
        for x in sorted((a, b))
    )
    for colonne in ("part", "part_min", "part_max"):
        assert (bas[colonne] <= haut[colonne] + EXACT).all()


@given(stocks(), scenarios)
def test_without_rotation_nothing_moves(stock: pd.DataFrame, scenario: ScenarioConvergence) -> None:
    p = project(stock.assign(taux_rotation=0.0), OBSERVES, scenario)
    for colonne in ("part", "part_min", "part_max"):
        assert p.groupby("fragilite")[colonne].agg(np.ptp).le(EXACT).all()


@given(stocks(), st.integers(0, 20), st.integers(1, 20), st.integers(1, 12))
def test_aiming_at_the_share_of_the_occupants_changes_nothing(
    stock: pd.DataFrame, k: int, n: int, horizon: int
) -> None:
    part = Fraction(min(k, n), n)
    stock = stock.assign(n_connus=n, n_modestes=min(k, n))
    p = project(stock, OBSERVES, ScenarioConvergence(part, part, part, horizon), "quartier")
    classes_visees = stock[stock["fragilite"] != "inconnu"]
    q = p[~p["quartier"].isin(stock.loc[stock["fragilite"] == "inconnu", "quartier"])]
    assert set(q["quartier"]) <= set(classes_visees["quartier"])
    assert np.allclose(q["part"], float(part))


@given(stocks(), scenarios)
def test_a_target_equal_to_what_is_observed_is_inert(stock: pd.DataFrame, scenario: ScenarioConvergence) -> None:
    observes = {"fragile": 0.75, "moyenne": 0.5, "sans": 0.25, "inconnu": 0.5}
    vise = ScenarioConvergence(Fraction(3, 4), MOITIE, Fraction(1, 4), scenario.horizon, scenario.marge_rotation)
    tendance = ScenarioConvergence(horizon=scenario.horizon, marge_rotation=scenario.marge_rotation)
    pd.testing.assert_frame_equal(project(stock, observes, vise), project(stock, observes, tendance))
    assert converge(stock, observes, vise) == converge(stock, observes, tendance)


@given(stocks(), scenarios)
def test_the_input_is_untouched(stock: pd.DataFrame, scenario: ScenarioConvergence) -> None:
    avant = stock.copy(deep=True)
    project(stock, OBSERVES, scenario)
    converge(stock, OBSERVES, scenario)
    pd.testing.assert_frame_equal(stock, avant)


@given(stocks(), scenarios)
def test_what_is_concluded_is_what_is_projected(stock: pd.DataFrame, scenario: ScenarioConvergence) -> None:
    resultat = converge(stock, OBSERVES, scenario)
    par_semestre = ecarts(project(stock, OBSERVES, scenario))
    if par_semestre.empty:
        assert resultat.ecart_initial is None
        return
    assert resultat.ecart_initial == pytest.approx(par_semestre["ecart"].iloc[0])
    assert resultat.ecart_horizon == pytest.approx(par_semestre["ecart"].iloc[-1])
    depart = abs(par_semestre["ecart"].iloc[0])
    if resultat.semestre_moitie is None:
        assert (par_semestre["ecart"].abs() > depart / 2).all()
    else:
        assert abs(par_semestre["ecart"].iloc[resultat.semestre_moitie]) <= depart / 2 + EXACT
        assert (par_semestre["ecart"].abs().iloc[: resultat.semestre_moitie] > depart / 2).all()


# -------------------------------------------------------------------------------------------- worked examples

DEUX = """
    fragile 100 0.20 66 100 0
    sans    100 0.20 37 100 0
"""


def test_the_gap_of_the_deck_halves_in_seven_semesters_at_a_rotation_of_twenty_per_cent() -> None:
    scenario = ScenarioConvergence(MOITIE, MOITIE, MOITIE, horizon=12)
    p = project(draw(DEUX), OBSERVES, scenario).set_index(["fragilite", "semestre"])["part"]
    # 10 % of the dwellings change hands in a semester: 66 − 10 % × 66 + 10 % × 50 = 64,4 ; then 0,9 × 64,4 + 5 = 62,96.
    assert p["fragile", 1] == pytest.approx(0.644)
    assert p["fragile", 2] == pytest.approx(0.6296)
    assert p["sans", 1] == pytest.approx(0.383)  # 37 − 3,7 + 5
    # The gap is 29 points × 0,9^t: 0,9^6 = 0,531 and 0,9^7 = 0,478.
    resultat = converge(draw(DEUX), OBSERVES, scenario)
    assert resultat.ecart_initial == pytest.approx(0.29)
    assert resultat.semestre_moitie == 7
    # At ±20 %: 0,88^6 = 0,464 ; 0,92^8 = 0,513 and 0,92^9 = 0,472.
    assert (resultat.semestre_tot, resultat.semestre_tard) == (6, 9)
    assert resultat.ecart_limite == pytest.approx(0)
    assert resultat.part_inatteignable == pytest.approx(0)


def test_entrants_as_observed_leave_a_gap_that_lettings_never_close() -> None:
    resultat = converge(draw(DEUX), {"fragile": 0.60, "sans": 0.40}, ScenarioConvergence(horizon=60))
    # In the end every occupant is an entrant: 60 − 40 = 20 points of the 29 remain, 69 %: the gap never halves.
    assert resultat.ecart_limite == pytest.approx(0.20)
    assert resultat.part_inatteignable == pytest.approx(20 / 29)
    assert resultat.semestre_moitie is None
    assert (resultat.semestre_tot, resultat.semestre_tard) == (None, None)


def test_a_gap_that_ends_on_the_other_side_leaves_nothing_out_of_reach() -> None:
    resultat = converge(draw(DEUX), OBSERVES, ScenarioConvergence(fragile=Fraction(2, 5), sans=Fraction(3, 5)))
    assert resultat.ecart_limite == pytest.approx(-0.20)  # 40 − 60
    assert resultat.part_inatteignable == 0


def test_a_residence_that_nobody_leaves_keeps_its_share_in_the_end() -> None:
    stock = draw("""
        fragile 100 0.20 66 100 0
        fragile 100 0    86 100 0
        sans    100 0.20 37 100 0
    """)
    resultat = converge(stock, OBSERVES, ScenarioConvergence(MOITIE, MOITIE, MOITIE))
    assert resultat.ecart_limite == pytest.approx((0.50 + 0.86) / 2 - 0.50)


def test_the_unknown_occupants_make_the_band_all_modest_or_none() -> None:
    p = project(draw("fragile 100 0.20 60 80 20"), OBSERVES, ScenarioConvergence(marge_rotation=Fraction(0), horizon=1))
    aujourd_hui, demain = p.iloc[0], p.iloc[1]
    assert aujourd_hui["part"] == 0.75  # 60 of 80 known
    assert (aujourd_hui["part_min"], aujourd_hui["part_max"]) == (0.6, 0.8)  # 60 and 80 of 100
    assert demain["part_min"] == pytest.approx(0.9 * 0.6 + 0.1 * 0.66)
    assert demain["part_max"] == pytest.approx(0.9 * 0.8 + 0.1 * 0.66)


def test_a_residence_without_enquete_rotation_or_occupant_is_left_out_and_counted() -> None:
    stock = draw("""
        fragile 100 0.20 66 100 0
        fragile  40 0.20  0   0 9
        fragile  30 -    10  20 0
        sans      0 0.20 10  20 0
        sans     50 0.20 10  20 0
    """)
    resultat = converge(stock, OBSERVES, ScenarioConvergence())
    laissees = Projection.de(stock, OBSERVES, ScenarioConvergence()).laissees
    assert (resultat.n_residences, len(laissees), resultat.n_logements_laisses) == (2, 3, 70)


def test_a_class_whose_entrants_nobody_knows_is_left_out_until_a_target_is_given() -> None:
    inconnus = {"fragile": 0.66, "sans": float("nan")}
    assert converge(draw(DEUX), inconnus, ScenarioConvergence()).ecart_initial is None
    assert ecarts(project(draw(DEUX), inconnus, ScenarioConvergence())).empty
    assert converge(draw(DEUX), inconnus, ScenarioConvergence(sans=MOITIE)).ecart_initial == pytest.approx(0.29)


def test_a_gap_that_is_nil_is_halved_at_once_and_has_no_unreachable_part() -> None:
    egales = draw("fragile 10 0.1 5 10 0 \n sans 20 0.1 5 10 0")
    resultat = converge(egales, OBSERVES, ScenarioConvergence(MOITIE, MOITIE, MOITIE))
    assert resultat.semestre_moitie == 0
    assert resultat.part_inatteignable is None


# -------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("horizon", [0, 61])
def test_a_horizon_out_of_bounds_is_refused(horizon: int) -> None:
    with pytest.raises(AppelIncorrect, match=f"« horizon » vaut {horizon}"):
        ScenarioConvergence(horizon=horizon)


def test_more_modest_than_known_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="between 0 and n_connus"):
        project(draw("fragile 10 0.1 6 5 0"), OBSERVES, ScenarioConvergence())
