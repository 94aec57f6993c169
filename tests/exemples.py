"""How many examples Hypothesis draws.

`--hypothesis-profile=long` draws ten times what each property says, the usual run six tenths of it, others each time.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

COURANT, ENTIER, LONG = 60, 100, 1000

settings.register_profile("courant", deadline=None, max_examples=COURANT)
settings.register_profile("long", deadline=None, max_examples=LONG)


def examples(n: int, **reglages: Any) -> settings:
    """`n` examples of a property that publishes a store, or asks one, for each."""
    combien = max(1, n * settings.default.max_examples // ENTIER)
    return settings(max_examples=combien, deadline=None, suppress_health_check=list(HealthCheck), **reglages)
