"""Households that are no longer in the data: housed for more than a year, they left with the events of their follow-up.

What remains of an earlier period is then what did not end in a bail: its refusals, not its acceptances.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

import pandas as pd

from mel_core.socle import langue
from mel_core.socle.periodes import Periode, step_back

MOIS_GARDES = 12  # how long a housed household stays in the data
# A hole of this many months at the beginning of a period is told; a longer one leaves its shares unknown. Assumed.
MOIS_TOLERES = 3


class Etendue(Enum):
    """How much of a period is erased: nothing, its beginning, or too much to say anything of it."""

    RIEN = "rien"
    DEBUT = "debut"
    TROP = "trop"


@dataclass(frozen=True)
class Trou:
    """How much of a period has lost its housed households. `depuis`: the day from which they are all there."""

    etendue: Etendue
    depuis: date | None = None

    @classmethod
    def de(cls, periode: Periode, derniere: object) -> Trou:
        """`derniere`: the last day that the snapshot knows; nothing is lost when it knows none."""
        if pd.isna(derniere):
            return cls(Etendue.RIEN)
        depuis = step_back(pd.Timestamp(derniere).date(), MOIS_GARDES)
        if depuis <= periode.debut:
            return cls(Etendue.RIEN)
        est_court = step_back(depuis, MOIS_TOLERES) <= periode.debut
        return cls(Etendue.DEBUT if est_court else Etendue.TROP, depuis)

    def reserve(self) -> str:
        """What the shares leave out; empty when they leave nothing out."""
        if self.depuis is None:
            return ""
        quand = langue.jour(self.depuis)
        if self.etendue is Etendue.TROP:
            return (
                f"Les ménages logés avant le {quand} ne sont plus dans les données, ni leurs passages : les refus et "
                "les non-attributions de cette période ne se mesurent plus."
            )
        return (
            f"Les ménages logés avant le {quand} ne sont plus dans les données, ni leurs passages : les parts de refus "
            "et de non-attribution sont un peu trop hautes."
        )
