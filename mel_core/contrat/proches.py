"""The nearest known names, for messages that help: never used to read anything."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

_RESSEMBLANCE = 0.6
_SANS_LIBELLE: Mapping[str, str] = {}
_LONGUEUR_COMPAREE = 60  # characters; a longer text is not the misspelling of a code


def fold(texte: str) -> str:
    """`N° Unique` and `n_unique` compare alike: no case, accents, spaces or signs; `œ` is `oe`."""
    decompose = unicodedata.normalize("NFKD", texte[:_LONGUEUR_COMPAREE].casefold().replace("œ", "oe"))
    return "".join(c for c in decompose if c.isalnum())


def _ressemblance(plie: str, autre: str) -> float:
    return SequenceMatcher(None, plie, fold(autre)).ratio()


def plus_proches(
    texte: str, connus: Iterable[str], n: int = 3, libelles: Mapping[str, str] = _SANS_LIBELLE
) -> list[str]:
    """The `n` known names that look most like `texte`, by themselves or by their words, the nearest first, whatever the
    distance."""
    plie = fold(texte)

    def ressemble(connu: str) -> float:
        return max(_ressemblance(plie, connu), _ressemblance(plie, libelles.get(connu, connu)))

    return sorted(connus, key=lambda connu: -ressemble(connu))[:n]


def proche(texte: str, connus: Iterable[str]) -> str | None:
    """The known name that `texte` looks like, if any does."""
    trouve = plus_proches(texte, connus, 1)
    return trouve[0] if trouve and _ressemblance(fold(texte), trouve[0]) >= _RESSEMBLANCE else None
