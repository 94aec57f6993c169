"""What the dwellings of RPLS add up to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mel_core.contrat.modeles.rpls_dates import Vacance
from mel_core.contrat.tables import FINANCEMENTS


@dataclass
class Residence:
    """`ligne`: that of its first dwelling. `vacants`: date of departure and months of vacancy of each, as written."""

    ligne: int
    nom: str
    bailleur: str
    quartier: str
    n: int = 0
    vacants: list[tuple[str, str]] = field(default_factory=list)
    n_modes_inconnus: int = 0
    financements: Counter[str] = field(default_factory=Counter)

    @property
    def financement(self) -> str:
        """That of most dwellings; none when two have as many. A code to ask about comes before."""
        ranges = self.financements.most_common()
        inconnus = [code for code, _ in ranges if code not in FINANCEMENTS and code]
        if inconnus or not ranges:
            return inconnus[0] if inconnus else ""
        return "" if len(ranges) > 1 and ranges[0][1] == ranges[1][1] else ranges[0][0]


@dataclass
class Somme:
    """Every dwelling read is in one of these counts. `residences`: by code and bailleur. `ecartes`: lines of those that
    nothing places. `places`: dwelling → résidence. `par`: what placed
    them. `presents`: the fields that the files have."""

    residences: dict[tuple[str, str], Residence] = field(default_factory=dict)
    lus: int = 0
    hors_mel: int = 0
    sortis: int = 0
    doublons: int = 0
    ecartes: list[int] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    vacance: Vacance = field(default_factory=Vacance)
    par: Counter[str] = field(default_factory=Counter)
    presents: set[str] = field(default_factory=set)

    @property
    def sait_3_mois(self) -> bool:
        """Whether the files say since when a dwelling is vacant."""
        return bool({"depart", "duree"} & self.presents) and "mode" in self.presents
