"""Reading one cell: what French offices write, and what is not guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.valeurs import (
    ORIGINE_1900,
    ORIGINE_1904,
    est_erreur_tableur,
    est_identifiant_abime,
    read_booleen,
    read_date,
    read_entier,
    read_liste,
    read_mois,
    read_nombre,
    read_rang,
)

FINE, INSECABLE = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("texte", "lue"),
    [
        ("2017-09-30", date(2017, 9, 30)),
        ("30/09/2017", date(2017, 9, 30)),
        ("3/9/2017", date(2017, 9, 3)),
        ("2017-09-30 00:00:00", date(2017, 9, 30)),
        ("2017-09-30T00:00:00.000", date(2017, 9, 30)),
        ("30/09/2017 00:00", date(2017, 9, 30)),
        ("43008", date(2017, 9, 30)),  # Excel: 43 008 days after 1899-12-30
        ("29/02/2016", date(2016, 2, 29)),
        ("29/02/2017", None),
        ("09/30/2017", None),
        ("30/09/17", None),
        ("2017-09-30 14:05:00", None),
        ("20170930", None),
        ("2017-09", None),
        ("4300", None),
        ("43008.5", None),
        ("٣٠/٠٩/٢٠١٧", None),
    ],
)
def test_a_date_is_iso_french_or_an_excel_serial(texte: str, lue: date | None) -> None:
    assert read_date(texte) == lue


@given(st.dates())
def test_a_date_written_both_ways_reads_back(jour: date) -> None:
    assert read_date(jour.isoformat()) == jour
    assert read_date(f"{jour.day:02d}/{jour.month:02d}/{jour.year:04d}") == jour


@given(st.dates(date(1930, 1, 1), date(2150, 12, 31)))
def test_a_serial_counts_days_from_the_origin_of_its_workbook(jour: date) -> None:
    assert read_date(str((jour - ORIGINE_1900).days)) == jour
    # The two calendars are 1 462 days apart.
    assert (jour - ORIGINE_1900).days - (jour - ORIGINE_1904).days == 1462
    if (jour - ORIGINE_1904).days >= 10_000:
        assert read_date(str((jour - ORIGINE_1904).days), ORIGINE_1904) == jour


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("2017-09", "2017-09"),
        ("2017-09-01", "2017-09"),
        ("01/09/2017", "2017-09"),
        ("09/2017", "2017-09"),
        ("Septembre 2017", "2017-09"),
        ("fevrier 2017", "2017-02"),
        ("13/2017", None),
        ("sept 2017", None),
        ("mars 17", None),
        ("2017-13", None),
        ("2017-09-02", None),
        ("201709", None),
    ],
)
def test_a_month_is_written_as_such_or_as_its_first_day(texte: str, lu: str | None) -> None:
    assert read_mois(texte) == lu


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("1234.5", 1234.5),
        ("1234,5", 1234.5),
        ("1 234,5", 1234.5),
        (f"1{INSECABLE}234{INSECABLE}567,25", 1234567.25),
        (f"1{FINE}234", 1234.0),
        ("-3,5", -3.5),
        ("+3", 3.0),
        ("1E+05", 100_000.0),
        ("1.234,5", None),
        ("1,234.5", None),
        ("12 34", None),
        ("1 2345", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("1_000", None),
        ("12 €", None),
        ("61,3 %", None),
        ("0x10", None),
        ("", None),
    ],
)
def test_a_number_has_a_decimal_comma_or_point_and_spaces_between_thousands(texte: str, lu: float | None) -> None:
    assert read_nombre(texte) == lu


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(".,"))
def test_any_number_that_python_writes_reads_back_to_the_last_digit(valeur: float, separateur: str) -> None:
    assert read_nombre(repr(valeur).replace(".", separateur)) == valeur


@given(st.integers(-(10**15), 10**15), st.sampled_from([" ", INSECABLE, FINE]))
def test_thousands_are_grouped_by_any_space(valeur: int, espace: str) -> None:
    texte = f"{valeur:,}".replace(",", espace)
    assert read_entier(texte) == valeur
    assert read_nombre(texte) == valeur


@pytest.mark.parametrize(
    ("texte", "rang"),
    [
        ("1er", 1),
        ("2e", 2),
        ("2ème", 2),
        ("3 ème", 3),
        ("Rang 4", 4),
        ("5", 5),
        ("2,0", 2),
        ("2 bis", None),
        ("e", None),
    ],
)
def test_a_place_among_others_is_read_as_commissions_write_it(texte: str, rang: int | None) -> None:
    assert read_rang(texte) == rang


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        *[("3", 3), ("3,0", 3), ("3.0", 3), ("-2", -2), ("1 200", 1200), ("9007199254740993", 9007199254740993)],
        *[("3,5", None), ("trois", None), ("9007199254740993,0", None), ("1e300", None)],
    ],
)
def test_a_whole_number_may_be_written_with_a_zero_after_the_comma(texte: str, lu: int | None) -> None:
    assert read_entier(texte) == lu


@given(st.integers())
def test_a_whole_number_reads_as_itself_or_not_at_all(valeur: int) -> None:
    assert read_entier(str(valeur)) == (valeur if abs(valeur) < 10**18 else None)


@pytest.mark.parametrize("texte", ["oui", "Oui", "OUI", "o", "O", "true", "True", "VRAI", "vrai", "1"])
def test_what_reads_as_true(texte: str) -> None:
    assert read_booleen(texte) is True


@pytest.mark.parametrize("texte", ["non", "Non", "NON", "n", "N", "false", "FALSE", "FAUX", "faux", "0"])
def test_what_reads_as_false(texte: str) -> None:
    assert read_booleen(texte) is False


@pytest.mark.parametrize("texte", ["2", "X", "yes", "-1", "ou", "0,0", "?"])
def test_what_reads_as_neither(texte: str) -> None:
    assert read_booleen(texte) is None


@pytest.mark.parametrize(
    ("texte", "lus"),
    [("T2|T3", ["T2", "T3"]), (" T2 | T3 |", ["T2", "T3"]), ("T3|T2|T3", ["T3", "T2"]), ("|", []), ("T2", ["T2"])],
)
def test_a_list_keeps_its_order_and_each_element_once(texte: str, lus: list[str]) -> None:
    assert read_liste(texte) == lus


@given(
    st.lists(
        st.text(st.characters(codec="latin-1", exclude_characters="|", exclude_categories=["Cc", "Zs"]), min_size=1)
    )
)
def test_a_list_that_is_written_reads_back_without_repetition(elements: list[str]) -> None:
    propres = [e for e in elements if e == e.strip()]
    assert read_liste("|".join(propres)) == list(dict.fromkeys(propres))


@pytest.mark.parametrize("texte", ["#N/A", "#n/a", "#REF!", "#VALEUR!", "#DIV/0!", "#NOM?", "########"])
def test_an_error_of_a_spreadsheet_is_recognised(texte: str) -> None:
    assert est_erreur_tableur(texte)


@pytest.mark.parametrize("texte", ["# 12 rue", "#1", "N/A", "R#"])
def test_a_text_with_a_hash_is_not_an_error(texte: str) -> None:
    assert not est_erreur_tableur(texte)


@pytest.mark.parametrize(
    ("texte", "est_abime"), [("9,99017E+17", True), ("1E+05", True), ("1E5", False), ("B1E+2X", False)]
)
def test_an_identifier_in_scientific_notation_has_lost_its_digits(texte: str, est_abime: bool) -> None:
    assert est_identifiant_abime(texte) is est_abime
