"""The nearest known names, for messages that help: never used to read anything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

_RESSEMBLANCE = 0.6
_SANS_LIBELLE: Mapping[str, str] = {}
# A word of a header that says a column which does not look like it. « Ressources annuelles (RFR) » looks most like
# ressources_mensuelles: twelve times less.
_MOTS = {"rfr": "revenu_fiscal", "iris": "code_quartier", "insee": "code_insee", "commune": "code_insee"}
_LONGUEUR_COMPAREE = 60  # characters; a longer text is not the misspelling of a code


def fold(texte: str) -> str:
    """`N° Unique` and `n_unique` compare alike: no case, accents, spaces or signs; `œ` is `oe`."""
    decompose = unicodedata.normalize("NFKD", texte[:_LONGUEUR_COMPAREE].casefold().replace("œ", "oe"))
    return "".join(c for c in decompose if c.isalnum())


def _colonne_dite(entete: str) -> str | None:
    mots = {fold(mot) for mot in re.split(r"\W+", entete[:_LONGUEUR_COMPAREE])}
    return next((colonne for mot, colonne in _MOTS.items() if mot in mots), None)


def _est_dit(texte: str, connu: str) -> bool:
    """Whether one of the two is a header whose words say that the other is its column."""
    return _colonne_dite(texte) == connu or _colonne_dite(connu) == texte


def _ressemblance(plie: str, autre: str) -> float:
    return SequenceMatcher(None, plie, fold(autre)).ratio()


def plus_proches(
    texte: str, connus: Iterable[str], n: int = 3, libelles: Mapping[str, str] = _SANS_LIBELLE
) -> list[str]:
    """The `n` known names that look most like `texte`, by themselves or by their words, the nearest first, whatever the
    distance."""
    plie = fold(texte)

    def ressemble(connu: str) -> float:
        if _est_dit(texte, connu):
            return 1.0
        return max(_ressemblance(plie, connu), _ressemblance(plie, libelles.get(connu, connu)))

    return sorted(connus, key=lambda connu: -ressemble(connu))[:n]


def serait_ce(texte: str, connus: Iterable[str]) -> str:
    """What a message adds about a name that is not known, when it looks like one that is."""
    ressemblante = proche(texte, connus)
    return f" (serait-ce « {ressemblante} » ?)" if ressemblante else ""


def proche(texte: str, connus: Iterable[str]) -> str | None:
    """The known name that `texte` looks like, if any does."""
    trouve = plus_proches(texte, connus, 1)
    est_proche = trouve and (_est_dit(texte, trouve[0]) or _ressemblance(fold(texte), trouve[0]) >= _RESSEMBLANCE)
    return trouve[0] if est_proche else None
