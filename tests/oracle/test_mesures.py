"""The oracle's arithmetic, by hand."""

from datetime import date
from fractions import Fraction

import pytest

from tests.oracle.cas import DELAIS, VERDICTS
from tests.oracle.mesures import BANDE, PLAFOND, PLANCHER, ecart_attributions, quantile, verdict, wilson
from tests.oracle.parametres import EMBARQUES, Cible, Parametres, bornes_de
from tests.oracle.qualification import delai_mois, non, ou

MOITIE, VINGTIEME = Fraction(1, 2), Fraction(1, 20)


@pytest.mark.parametrize(
    ("sens", "k", "n", "cible", "ecart"),
    [
        (PLANCHER, 9, 20, Fraction(9, 20), 0),  # 0.45 × 20 = 9, reached exactly
        (PLANCHER, 8, 20, Fraction(9, 20), 1),  # 9 − 8
        (PLANCHER, 9, 21, Fraction(9, 20), 1),  # 9.45 − 9 = 0.45, a whole one is missing
        (PLANCHER, 2700, 7500, Fraction(9, 20), 675),  # 3 375 − 2 700
        (PLAFOND, 10, 20, MOITIE, 0),
        (PLAFOND, 11, 21, MOITIE, 1),  # 11 − 10.5 = 0.5
        (PLAFOND, 0, 21, MOITIE, 0),
        (BANDE, 9, 20, MOITIE, 0),  # lower edge: 0.45 × 20 = 9
        (BANDE, 11, 20, MOITIE, 0),  # upper edge: 0.55 × 20 = 11
        (BANDE, 8, 20, MOITIE, 1),
        (BANDE, 13, 20, MOITIE, 2),
        (BANDE, 1, 3, MOITIE, 1),  # 1.35 − 1 = 0.35
    ],
)
def test_the_gap_is_the_whole_number_of_attributions_that_closes_it(sens, k, n, cible, ecart):
    assert ecart_attributions(sens, k, n, cible, VINGTIEME) == ecart


def test_a_cell_where_nobody_is_known_has_no_gap():
    assert ecart_attributions(PLANCHER, 0, 0, MOITIE, VINGTIEME) == 0


def test_the_wilson_interval_of_half_of_thirty_is_the_published_one():
    bas, haut = wilson(15, 30)
    assert (round(float(bas), 4), round(float(haut), 4)) == (0.3315, 0.6685)
    assert bas + haut == pytest.approx(1)


def test_the_wilson_interval_starts_at_zero_when_none_holds():
    bas, haut = wilson(0, 10)
    # z² / (n + z²) = 3.8415 / 13.8415
    assert float(bas) == pytest.approx(0, abs=1e-50)
    assert round(float(haut), 4) == 0.2775


@pytest.mark.parametrize(
    ("sens", "k", "n", "attendu"),
    VERDICTS,
)
def test_the_verdict_waits_for_thirty_known_unless_the_interval_is_clear(sens, k, n, attendu):
    assert verdict(sens, k, n, MOITIE, VINGTIEME) == attendu


def test_quantiles_are_interpolated_between_neighbours():
    # rank 0.9 × 3 = 2.7: 6 + 0.7 × (10 − 6)
    assert quantile([10, 0, 6, 2], Fraction(9, 10)) == Fraction(88, 10)
    assert quantile([10, 0, 6, 2], MOITIE) == 4
    assert quantile([7], Fraction(9, 10)) == 7


@pytest.mark.parametrize(
    ("creation", "bail", "mois"),
    DELAIS,
)
def test_a_delay_counts_whole_months_clamped_to_the_month_end(creation, bail, mois):
    assert delai_mois(creation, bail) == mois


def test_one_true_label_counts_whatever_the_others():
    assert ou(False, None, True) is True
    assert ou(False, None) is None
    assert ou(False, False) is False
    assert (non(True), non(False), non(None)) == (False, True, None)


def test_a_year_ends_with_its_seance():
    assert bornes_de("2017S1", "annee") == (date(2016, 7, 1), date(2017, 6, 30))
    assert bornes_de("2017S2", "annee") == (date(2017, 1, 1), date(2017, 12, 31))
    assert bornes_de("2017S1", "semestre") == (date(2017, 1, 1), date(2017, 6, 30))
    assert bornes_de("2017S2", "semestre") == (date(2017, 7, 1), date(2017, 12, 31))


def test_the_target_in_force_is_the_latest_and_the_last_given_at_the_same_date():
    fin_2016, fin_2017 = date(2016, 12, 31), date(2017, 12, 31)
    assert EMBARQUES.cible("aci", fin_2016) is None
    assert EMBARQUES.cible("aci", date(2017, 3, 17)).valeur == Fraction(9, 20)
    assert EMBARQUES.cible("aci", date(2017, 3, 16)) is None
    ajoutees = (
        Cible("aci", date(2017, 3, 17), Fraction(2, 5)),
        Cible("aci", date(2017, 7, 1), Fraction(3, 5)),
        Cible("aci", date(2017, 7, 1), Fraction(7, 10)),
    )
    parametres = Parametres(cibles=(*EMBARQUES.cibles, *ajoutees))
    assert parametres.cible("aci", date(2017, 6, 30)).valeur == Fraction(2, 5)
    assert parametres.cible("aci", fin_2017).valeur == Fraction(7, 10)
