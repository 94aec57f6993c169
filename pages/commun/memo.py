"""What is kept between runs; nothing else is. Its key is the question, its arguments and who it is rendered for.

`exact`: what a question answers, whoever asks; rendered for nobody, so that it can be kept for all. `said`: what is
rendered, kept for who reads the same way, and found again by nobody else. Neither takes a frame as an argument, nor
reads the state of a session: what is kept is told by the arguments alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import streamlit as st

from mel_core.secret.bail import PERSONNE, Audience, lease, reader

P = ParamSpec("P")
T = TypeVar("T")


def exact(max_entries: int, *, est_partage: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the last `max_entries` answers. `est_partage`: one object for all, that nobody writes in; else each reads
    its own copy."""
    return lambda question: _keep(question, lambda: PERSONNE, max_entries, est_partage)


def said(max_entries: int, *, est_partage: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """The same of what is rendered for who reads it."""
    return lambda question: _keep(question, reader, max_entries, est_partage)


def _keep(
    question: Callable[P, T], pour: Callable[[], Audience], max_entries: int, est_partage: bool
) -> Callable[P, T]:
    """Streamlit tells a kept function from another by its name and its source, and reads which arguments count from its
    signature: those of the question. Who reads it counts by its name, which is quicker to hash."""

    def answer(lu_par: str, _audience: Audience, *args: P.args, **kwargs: P.kwargs) -> T:
        with lease(_audience):
            return question(*args, **kwargs)

    signature = inspect.signature(question)
    qui = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in ("lu_par", "_audience")]
    answer.__module__, answer.__qualname__ = question.__module__, question.__qualname__
    answer.__doc__, answer.__wrapped__ = question.__doc__, question  # type: ignore[attr-defined]
    answer.__signature__ = signature.replace(parameters=[*qui, *signature.parameters.values()])  # type: ignore[attr-defined]
    keep = st.cache_resource if est_partage else st.cache_data
    kept = cast(Any, keep)(show_spinner=False, max_entries=max_entries)(answer)

    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        demandeur = pour()
        return cast(T, kept(str(demandeur), demandeur, *args, **kwargs))

    return ask
