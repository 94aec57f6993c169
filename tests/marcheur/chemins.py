"""Ways to what was new, kept as a fuzzer keeps its inputs: what led to a shape of screen never seen is played again
later, and gone on from. A way that no longer leads there is forgotten, and old ones make room."""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.marcheur.lus import Texte

Forme = tuple[str, ...]
PAS_MAX = 12
N_GARDES = 400
# Digits, proper names and what is between quotation marks: what changes from one line to the next.
_PROPRE = re.compile(r"«[^»]*»|\b[A-ZÀ-Ý][\w’'-]*|\d+|[^\w\s]")
_FORMENT = ("html", "libelle", "alerte", "image")


@dataclass(eq=False)
class Chemin:
    """What a session was opened with, and each move since; `mene_a`: the shapes that it was the first to show."""

    magasin: str
    profil: str
    auteur: str
    page: str
    adresse: dict[str, Any]
    pas: Sequence[tuple[Callable[..., None], Any]] = ()
    arrivee: str = ""
    mene_a: frozenset[Forme] = frozenset()
    n_rejoue: int = 0


def formes(page: str, lus: Iterable[Texte], cles: Iterable[str]) -> frozenset[Forme]:
    """What a screen looks like: kinds of sentences, and the fields that it holds."""
    dites = {(page, t.genre, " ".join(_PROPRE.sub(" ", t.dit[:100]).split())) for t in lus if t.genre in _FORMENT}
    return frozenset(dites | {(page, cle) for cle in cles})


def sans_rang(cle: str) -> str:
    """The key of a widget, on whatever line or object."""
    return re.sub(r"[0-9a-f]{8,}|\d", "", cle)


@dataclass
class Chemins:
    """The shapes seen, and the last ways to new ones."""

    vues: set[Forme] = field(default_factory=set)
    gardes: deque[Chemin] = field(default_factory=lambda: deque(maxlen=N_GARDES))

    def sample(self, tirage: random.Random, page: str) -> Chemin | None:
        """One that arrives at `page`: rather one of the last, and seldom played again."""
        parmi = [c for c in self.gardes if c.arrivee == page]
        if not parmi:
            return None
        (tire,) = tirage.choices(parmi, [rang / (1 + c.n_rejoue) ** 2 for rang, c in enumerate(parmi, 1)])
        tire.n_rejoue += 1
        return tire
