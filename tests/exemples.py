"""How many examples Hypothesis draws.

`--hypothesis-profile=long` draws ten times what each property says, the usual run four tenths of it, others each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

COURANT, ENTIER, LONG = 40, 100, 1000

settings.register_profile("courant", deadline=None, max_examples=COURANT)
settings.register_profile("long", deadline=None, max_examples=LONG)


def examples(n: int, **reglages: Any) -> settings:
    """`n` examples of a property that publishes a store, or asks one, for each."""
    combien = max(1, n * settings.default.max_examples // ENTIER)
    return settings(max_examples=combien, deadline=None, suppress_health_check=list(HealthCheck), **reglages)


def one_in(pas: int, valeurs: Iterable[Any], marque: pytest.MarkDecorator = pytest.mark.ci) -> list[Any]:
    """Parameters of a test: one in `pas` of them in the usual run, the others under `marque`."""
    return [
        pytest.param(*(v if isinstance(v, tuple) else (v,)), marks=marque if rang % pas else ())
        for rang, v in enumerate(valeurs)
    ]
