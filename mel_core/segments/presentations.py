"""When, at which rank and where a household was placed behind another: what its reason says at length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from mel_core.entrepot import Lecteur
from mel_core.segments.compilation import SQL
from mel_core.socle import langue


def say_rangs_2(
    lecteur: Lecteur, menages: Iterable[str], debut: date, jour: date, residences: Mapping[str, str]
) -> dict[str, str]:
    """By household, among the passages in the reader's scope after `debut` and up to `jour`, the oldest first: `rang 2
    le 14 mars 2016 (Les Acacias), rang 3 le 2 mai 2017`. `residences`: code → name (without one, the code)."""
    lus = lecteur.query(SQL["rangs_2"], menages=list(menages), debut=debut, jour=jour)
    dits: dict[str, list[str]] = defaultdict(list)
    for x in lus.itertuples():
        ou = f" ({residences.get(x.code_residence, x.code_residence)})" if isinstance(x.code_residence, str) else ""
        dits[x.pseudonyme].append(f"rang {x.rang} le {langue.jour(x.date_survenance)}{ou}")
    return {menage: ", ".join(passages) for menage, passages in dits.items()}
