"""A decision is read back as it was taken, and only for what it was taken on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings

from mel_core.secret import decision
from mel_core.secret.protection import Protection, affiner
from tests.secret.test_protection import QUARTIERS, TERRITOIRES, base, grosse, rangees

NOMS = {"C1": "Une", "C2": "Deux"}


def est_la_meme(une: Protection, autre: Protection) -> bool:
    """To the order and the type of each column."""
    assert une.tables.keys() == autre.tables.keys()
    for cle, table in une.tables.items():
        pd.testing.assert_frame_equal(table, autre.tables[cle])
    return (une.cachees, une.forcees, une.trouves) == (autre.cachees, autre.forcees, autre.trouves)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rangees)
def test_a_decision_is_read_back_as_it_was_taken(tirees) -> None:
    cellules = base(tirees)
    for prise in (premiere := grosse(cellules), affiner(premiere, cellules, TERRITOIRES, {})):
        ecrite = decision.ecrire(prise)
        if prise.trouves:
            assert ecrite is None
        else:
            assert ecrite is not None
            assert est_la_meme(decision.lire(ecrite), prise)
            assert not any(isinstance(x, int | float) and not isinstance(x, bool) for x in feuilles(json.loads(ecrite)))


def feuilles(noeud: Any) -> Iterator[Any]:
    """Every value of a JSON text."""
    if isinstance(noeud, dict | list):
        for suite in noeud.values() if isinstance(noeud, dict) else noeud:
            yield from feuilles(suite)
    else:
        yield noeud


def test_whatever_a_decision_follows_from_names_it() -> None:
    cellules = base({(q, "B1"): 20 for q in QUARTIERS})
    noms = {
        decision.empreinte(cellules, (TERRITOIRES, NOMS)),
        decision.empreinte(cellules.assign(n=cellules["n"].where(cellules.index != 3, 21)), (TERRITOIRES, NOMS)),
        decision.empreinte(cellules.drop(columns="residence"), (TERRITOIRES, NOMS)),
        decision.empreinte(cellules, (TERRITOIRES, {**NOMS, "C1": "Un"})),
        decision.empreinte(cellules, ({**TERRITOIRES, "C3": "Nord"}, NOMS)),
        decision.empreinte(cellules, (TERRITOIRES, NOMS), [("commune", "C1", None)]),
        decision.empreinte(cellules, (TERRITOIRES, NOMS), [("commune", "C2", None)]),
    }
    assert len(noms) == 7
    assert decision.empreinte(cellules.copy(), (dict(TERRITOIRES), dict(NOMS))) in noms


def test_every_module_that_decides_is_in_the_digest_of_the_rules() -> None:
    # What `protection` imports of ours, one from the other: a rule moved to another module would go unseen.
    assert {f"mel_core.{s.removesuffix('.py').replace('/', '.')}" for s in decision.SOURCES} == _importes(
        "mel_core.secret.decision"
    )


def _importes(module: str) -> set[str]:
    vus, a_voir = set[str](), [module]
    while a_voir:
        nom = a_voir.pop()
        if nom in vus:
            continue
        vus.add(nom)
        for x in vars(sys.modules[nom]).values():
            d_ou = x.__name__ if isinstance(x, ModuleType) else getattr(x, "__module__", "") or ""
            if d_ou.startswith("mel_core."):
                a_voir.append(d_ou)
    return vus
