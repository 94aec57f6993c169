"""The day that it is: that of Paris, whatever the clock of the machine, in what is written and in what is compared."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def aujourd_hui() -> date:
    return datetime.now(PARIS).date()


def jour_de(instant: datetime) -> date:
    """The day in Paris of an instant that bears its time zone (those of the journal are in UTC)."""
    return instant.astimezone(PARIS).date()
