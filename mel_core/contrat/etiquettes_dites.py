"""A header that says that a label covers others: « ACI (dont DALO et PDALHPD) »."""

from __future__ import annotations

import re

from mel_core.contrat.proches import fold
from mel_core.contrat.tables import ETIQUETTES

_COMPREND = re.compile(r"\b(?:dont|y compris|compris|inclu\w*|compren\w*|avec)\b", re.IGNORECASE)


def etiquettes_dites(colonne: str, entete: str) -> tuple[str, ...]:
    """The other labels that a header of `colonne` says to hold, in the order of the contract; none otherwise."""
    trouve = _COMPREND.search(entete)
    if trouve is None or fold(entete[: trouve.start()]) != fold(colonne):
        return ()
    suite = fold(entete[trouve.end() :])
    restes = suite
    dites = set()
    for nom in sorted(ETIQUETTES, key=len, reverse=True):  # « pdalhpd » is not « dalo », nor the other way round
        if fold(nom) in restes:
            dites.add(nom)
            restes = restes.replace(fold(nom), " ")
    return tuple(nom for nom in ETIQUETTES if nom in dites and nom != colonne)
