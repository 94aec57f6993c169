"""The day is that of Paris, whatever the clock of the machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mel_core.socle.horloge import aujourd_hui, jour_de

RACINE = Path(__file__).parents[2]


@pytest.mark.parametrize("fuseau", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])  # a day apart at every hour
def test_today_is_the_day_in_paris_on_any_machine(fuseau: str) -> None:
    dite = [sys.executable, "-c", "from mel_core.socle.horloge import aujourd_hui; print(aujourd_hui())"]
    avant = aujourd_hui()
    lu = subprocess.run(dite, cwd=RACINE, env=os.environ | {"TZ": fuseau}, capture_output=True, text=True, check=True)
    assert lu.stdout.strip() in {str(avant), str(aujourd_hui())}


def test_an_instant_of_the_journal_is_of_its_day_in_paris() -> None:
    assert str(jour_de(datetime(2026, 12, 1, 22, 59, tzinfo=UTC))) == "2026-12-01"
    assert str(jour_de(datetime(2026, 12, 1, 23, 0, tzinfo=UTC))) == "2026-12-02"
    assert str(jour_de(datetime(2026, 7, 1, 22, 0, tzinfo=UTC))) == "2026-07-02"


def test_nothing_asks_the_day_of_the_machine() -> None:
    autres = re.compile(r"date\.today\(\)|datetime\.now\(\)|instant\.date\(\)")
    lues = [f for ou in ("mel_core", "pages") for f in (RACINE / ou).rglob("*.py") if autres.search(f.read_text())]
    assert lues == []
