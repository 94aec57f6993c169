"""No test asserts on a duration, the drawn ones included: a busy machine must not fail them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("sans_duree", deadline=None)
settings.load_profile("sans_duree")
