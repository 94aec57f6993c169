"""A question asked in the name of somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mel_core.secret.bail import Audience, lease

T = TypeVar("T")


def lue_par(audience: Audience, question: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    with lease(audience):
        return question(*args, **kwargs)
