"""Ways to what was new, kept as a fuzzer keeps its inputs: what first ran a block of a page, or showed a field, is
played again later, and gone on from. A way that no longer leads there is forgotten, and old ones make room. With the
rest of what a walk knows."""

from __future__ import annotations

import random
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.marcheur.fautes import Faute
from tests.marcheur.sondes import Bloc

Forme = tuple[str, str | Bloc]  # a page, and a field or a block of it
PAS_MAX = 8
N_GARDES = 400


@dataclass(eq=False)
class Chemin:
    """What a session was opened with, and each move since; `mene_a`: what it was the first to show."""

    magasin: str
    profil: str
    auteur: str
    page: str
    adresse: dict[str, Any]
    pas: Sequence[tuple[Callable[..., None], Any]] = ()
    arrivee: str = ""
    mene_a: frozenset[Forme] = frozenset()
    n_rejoue: int = 0


def formes(page: str, blocs: Iterable[Bloc], cles: Iterable[str]) -> frozenset[Forme]:
    """What an execution ran of the pages, and the fields that it showed."""
    return frozenset((page, vue) for vue in (*blocs, *cles))


def sans_rang(cle: str) -> str:
    """The key of a widget, on whatever line or object."""
    return re.sub(r"[0-9a-f]{8,}|\d", "", cle)


@dataclass
class Chemins:
    """How many executions showed each shape, and the last ways to new ones."""

    vues: Counter[Forme] = field(default_factory=Counter)
    gardes: deque[Chemin] = field(default_factory=lambda: deque(maxlen=N_GARDES))

    def sample(self, tirage: random.Random, page: str) -> Chemin | None:
        """One that arrives at `page`: rather a short one, to what few executions showed, and seldom played again."""
        parmi = [c for c in self.gardes if c.arrivee == page]
        if not parmi:
            return None
        rares = [min(self.vues[f] for f in c.mene_a) for c in parmi]
        poids = [1 / (n * len(c.pas) * (1 + c.n_rejoue) ** 2) for n, c in zip(rares, parmi, strict=True)]
        (tire,) = tirage.choices(parmi, poids)
        tire.n_rejoue += 1
        return tire


@dataclass
class Carnet:
    """`fautes`: the first of each signature; `visites`: how often each widget, and each of its options, was played, and
    in each place; `envoyes`: how often each button was clicked after a field was given what it holds; `jouees`:
    executions of each page, and of each page of each store and, where everything is, for each profile."""

    fautes: dict[tuple[str, str, str], Faute] = field(default_factory=dict)
    visites: Counter[tuple[str, ...]] = field(default_factory=Counter)
    envoyes: Counter[tuple[str, ...]] = field(default_factory=Counter)
    jouees: Counter[str | tuple[str, str]] = field(default_factory=Counter)
    n_executions: int = 0
    chemins: Chemins = field(default_factory=Chemins)

    def note(self, lieu: tuple[str, ...], cle: tuple[str, ...]) -> None:
        self.visites.update([cle, (*lieu, *cle)])

    def nouveaute(self, lieu: tuple[str, ...], cle: tuple[str, ...]) -> float:
        """2 for what was never played, 1 for what was not in this place, and always less."""
        return 1 / (1 + self.visites[cle]) ** 2 + 1 / (1 + self.visites[*lieu, *cle]) ** 2

    def report(self, faute: Faute) -> None:
        self.fautes.setdefault(faute.signature, faute)
