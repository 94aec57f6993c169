"""What a person reads: narrow no-break spaces are written ␣ in the expectations, plain no-break ones ~."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.socle import langue
from mel_core.socle.periodes import Seance


def lisible(texte: str) -> str:
    return texte.replace(langue.FINE, "␣").replace(langue.INSECABLE, "~").replace(langue.MOINS, "-")


@pytest.mark.parametrize(
    ("valeur", "decimales", "attendu"),
    [
        (0.613, 1, "61,3␣%"),
        (0.5, 0, "50␣%"),
        (1.0, 1, "100␣%"),
        (Fraction(9, 20), 0, "45␣%"),
        (0.0, 1, "0␣%"),
        (None, 1, "—"),
        (math.nan, 1, "—"),
    ],
)
def test_a_share_reads_in_per_cent_with_a_comma(valeur: float | None, decimales: int, attendu: str) -> None:
    assert lisible(langue.part(valeur, decimales)) == attendu


@pytest.mark.parametrize(
    ("k", "n", "attendu"),
    [
        (5, 16, "31,3␣%"),  # 31.25, which rounds half to even to 31,2
        (1, 16, "6,3␣%"),  # 6.25
        (1, 800, "0,1␣%"),  # 0.125
        (1229, 2000, "61,5␣%"),  # 61.45, whose binary neighbour is under
        (229, 2000, "11,5␣%"),  # 11.45
        (3, 2000, "0,2␣%"),  # 0.15
    ],
)
def test_a_half_point_is_rounded_up_as_people_and_spreadsheets_do(k: int, n: int, attendu: str) -> None:
    assert lisible(langue.part(Fraction(k, n))) == attendu
    assert lisible(langue.part(k / n)) == attendu


@given(st.integers(0, 5000), st.integers(1, 5000), st.sampled_from([0, 1]))
def test_a_share_reads_as_the_exact_fraction_rounded_half_away_from_zero(k: int, n: int, decimales: int) -> None:
    exacte = Decimal(100 * k) / Decimal(n)
    attendue = exacte.quantize(Decimal(1).scaleb(-decimales), ROUND_HALF_UP)
    lue = langue.part(k / n, decimales).removesuffix(f"{langue.FINE}%").replace(langue.FINE, "").replace(",", ".")
    assert Decimal(lue) == attendue
    assert langue.nombre(-100 * k / n, decimales).lstrip(langue.MOINS) == langue.nombre(100 * k / n, decimales)


@pytest.mark.parametrize("valeur", [None, math.nan, pd.NA, np.float32("nan"), math.inf])
def test_what_is_unknown_reads_as_a_dash_whatever_bears_it(valeur: Any) -> None:
    assert {langue.nombre(valeur), langue.part(valeur), langue.points(valeur), langue.signe(valeur)} == {langue.ABSENT}


def test_a_target_shows_a_decimal_only_when_it_has_one() -> None:
    assert lisible(langue.part(Fraction(1, 2))) == "50␣%"
    assert lisible(langue.part(0.475)) == "47,5␣%"
    assert lisible(langue.part(0.29)) == "29␣%"  # 0.29 × 100 is not exactly 29 in binary


@pytest.mark.parametrize(
    ("n", "attendu"),
    [(0, "0~attribution"), (1, "1~attribution"), (2, "2~attributions"), (1204, "1␣204~attributions")],
)
def test_zero_and_one_are_singular_in_french(n: int, attendu: str) -> None:
    assert lisible(langue.effectif(n, "attribution")) == attendu


def test_an_irregular_plural_is_given() -> None:
    assert lisible(langue.effectif(3, "bail", "baux")) == "3~baux"


@pytest.mark.parametrize(
    ("valeur", "attendu"), [(13.4, "+13,4~points"), (-1.0, "-1~point"), (0.04, "0,0~point"), (-0.04, "0,0~point")]
)
def test_a_gap_in_points_bears_its_sign_and_never_minus_zero(valeur: float, attendu: str) -> None:
    assert lisible(langue.points(valeur)) == attendu


def test_dates_are_written_in_words_and_the_first_is_ordinal() -> None:
    assert langue.jour(date(2018, 1, 3)) == "3 janvier 2018"
    assert langue.jour(date(2017, 8, 1)) == "1er août 2017"


def test_an_instant_is_told_by_the_clock_of_the_room_summer_and_winter() -> None:
    assert lisible(langue.instant(datetime(2026, 11, 24, 19, 7, tzinfo=UTC))) == snapshot("24 novembre 2026 à 20~h~07")
    assert lisible(langue.instant(datetime(2026, 6, 30, 22, 30, tzinfo=UTC))) == snapshot("1er juillet 2026 à 0~h~30")


def test_the_day_of_an_instant_is_that_of_the_room_even_late_at_night() -> None:
    # 23:12 in Greenwich is 00:12 of the next day in Paris, in winter; 31 January becomes 1 February.
    assert langue.jour(datetime(2018, 1, 31, 23, 12, tzinfo=UTC)) == "1er février 2018"
    assert langue.jour(datetime(2018, 1, 31, 22, 59, tzinfo=UTC)) == "31 janvier 2018"


def test_an_interval_says_its_year_once() -> None:
    assert langue.intervalle(date(2017, 1, 1), date(2017, 12, 31)) == snapshot("du 1er janvier au 31 décembre 2017")
    assert langue.intervalle(date(2016, 7, 1), date(2017, 6, 30)) == snapshot("du 1er juillet 2016 au 30 juin 2017")


def test_a_seance_is_one_of_two_semesters() -> None:
    assert langue.seance(Seance(2017, 1)) == "premier semestre 2017"
    assert langue.seance(Seance(2017, 2)) == "second semestre 2017"


@pytest.mark.parametrize(
    ("termes", "attendu"),
    [
        ([], ""),
        (["Croix"], "Croix"),
        (["Croix", "Hem"], "Croix et Hem"),
        (["Croix", "Hem", "Leers"], "Croix, Hem et Leers"),
    ],
)
def test_a_list_ends_with_et(termes: list[str], attendu: str) -> None:
    assert langue.liste(termes) == attendu


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_a_whole_number_can_be_read_back(n: int) -> None:
    assert int(langue.nombre(n).replace(langue.FINE, "").replace(langue.MOINS, "-")) == n


def test_punctuation_and_guillemets_keep_to_their_words() -> None:
    dit = langue.typeset("« Droit commun » ne se lit pas : 25 % manquent ; importer ?")
    assert dit == snapshot("«\u00a0Droit commun\u00a0» ne se lit pas\u00a0: 25\u202f% manquent\u202f; importer\u202f?")


@pytest.mark.parametrize(
    ("ecrit", "lie"),
    [
        ("3,3␣% (44 sur 1␣321)", "3,3␣% (44~sur~1␣321)"),
        ("Roubaix (n = 12)", "Roubaix (n~=~12)"),
        ("moins de 11 sur 687", "moins de~11~sur~687"),
        ("d’ici le 30 juin 2018 ou le 1er août", "d’ici le 30~juin 2018 ou le 1er~août"),
        ("207 relogés, 27 mois, 2 fois en 24 mois", "207~relogés, 27~mois, 2~fois en 24~mois"),
        ("un T2 sur trois, 3 moisissures", "un T2 sur trois, 3 moisissures"),
    ],
)
def test_a_number_keeps_to_what_it_counts_and_words_stay_apart(ecrit: str, lie: str) -> None:
    assert lisible(langue.link(ecrit.replace("␣", langue.FINE))) == lie


def test_a_count_out_of_a_whole_stays_on_one_line() -> None:
    assert lisible(langue.sur(44, 1321)) == "44~sur~1␣321"


@pytest.mark.parametrize(
    ("tension", "dite"),
    [(3.44, "3,4 demandes"), (1.94, "1,9 demande"), (1.96, "2,0 demandes"), (1, "1 demande"), (3.0, "3 demandes")],
)
def test_how_many_ask_for_one_attribution_agrees_with_what_is_read(tension: float, dite: str) -> None:
    assert langue.demandes_pour_une(tension) == dite


def test_what_is_of_a_commune_elides_and_contracts() -> None:
    dits = ("Wattrelos", "Le Maisnil", "Allennes-les-Marais", "Englos", "Halluin", "Hem")
    assert [langue.de_la_commune(nom) for nom in dits] == [
        *("de Wattrelos", "du Maisnil", "d’Allennes-les-Marais", "d’Englos", "d’Halluin", "de Hem"),
    ]


def test_the_end_of_a_semester_is_said_in_few_words() -> None:
    assert [langue.fin(date(2017, 12, 31)), langue.fin(date(2018, 6, 30))] == ["fin 2017", "fin juin 2018"]
