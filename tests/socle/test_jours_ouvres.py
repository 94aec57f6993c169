"""Working days, against a calendar written out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mel_core.socle.periodes import add_ouvres, est_ouvre

# Easter Monday, Ascension and Whit Monday, as calendars print them.
MOBILES = {
    2017: ("04-17", "05-25", "06-05"),
    2024: ("04-01", "05-09", "05-20"),
    2026: ("04-06", "05-14", "05-25"),
    2027: ("03-29", "05-06", "05-17"),
}
FIXES = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")


@pytest.mark.parametrize("annee", MOBILES)
def test_one_works_on_every_weekday_that_is_no_public_holiday(annee: int) -> None:
    jours = [date(annee, 1, 1) + timedelta(days=n) for n in range(365)]
    chomes = {f"{annee}-{jour}" for jour in (*FIXES, *MOBILES[annee])}
    for jour in jours:
        assert est_ouvre(jour) is (jour.strftime("%w") not in "06" and jour.isoformat() not in chomes)
    for n in (0, 1, 5, 20):
        assert add_ouvres(jours[0], n) == [jours[0], *filter(est_ouvre, jours[1:])][n]
