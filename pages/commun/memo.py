"""What is kept between runs, in two kinds; nothing else is.

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

    def decorate(question: Callable[P, T]) -> Callable[P, T]:
        def answer(*args: Any, **kwargs: Any) -> T:
            with lease(PERSONNE):
                return cast(Callable[..., T], question)(*args, **kwargs)

        return cast(Callable[P, T], _keep(question, answer, [], max_entries, est_partage))

    return decorate


def said(max_entries: int, *, est_partage: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """The same of what is rendered: `reader` is a part of the key."""

    def decorate(question: Callable[P, T]) -> Callable[P, T]:
        def answer(lu_par: Audience, *args: Any, **kwargs: Any) -> T:
            return cast(Callable[..., T], question)(*args, **kwargs)

        qui = inspect.Parameter("lu_par", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        kept = _keep(question, answer, [qui], max_entries, est_partage)

        def ask(*args: P.args, **kwargs: P.kwargs) -> T:
            return cast(T, kept(reader(), *args, **kwargs))

        return ask

    return decorate


def _keep(
    question: Callable[..., Any],
    answer: Callable[..., Any],
    avant: list[inspect.Parameter],
    max_entries: int,
    est_partage: bool,
) -> Callable[..., Any]:
    """Streamlit tells a kept function from another by its name and its source, and reads which arguments count from its
    signature: those of the question."""
    signature = inspect.signature(question)
    answer.__module__, answer.__qualname__ = question.__module__, question.__qualname__
    answer.__doc__, answer.__wrapped__ = question.__doc__, question  # type: ignore[attr-defined]
    parametres = [*avant, *signature.parameters.values()]
    answer.__signature__ = signature.replace(parameters=parametres)  # type: ignore[attr-defined]
    keep = st.cache_resource if est_partage else st.cache_data
    return cast(Callable[..., Any], keep(show_spinner=False, max_entries=max_entries)(answer))
