"""What is kept between runs; nothing else is. Its key is the question, its arguments and who it is rendered for.

`exact`: what a question answers, whoever asks; rendered for nobody, so that it can be kept for all. `said`: what is
rendered, kept for who reads the same way, and found again by nobody else. Neither takes a frame as an argument, nor
reads the state of a session: what is kept is told by the arguments alone, as they are written (`repr`), but for those
whose name begins by `_`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import compress
from typing import Any, ParamSpec, TypeVar, cast

import streamlit as st

from mel_core.secret.bail import PERSONNE, Audience, lease, reader

P = ParamSpec("P")
T = TypeVar("T")
_GARDEES: dict[str, Callable[[], None]] = {}  # what empties each question that is kept, by its name
_MAL_DITS = (" at 0x", "\n")  # in the text of what says where it is and not what it is, and of a frame, cut short


def exact(max_entries: int, *, est_partage: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the last `max_entries` answers. `est_partage`: one object for all, that nobody writes in; else each reads
    its own copy."""
    return lambda question: _keep(question, lambda: PERSONNE, max_entries, est_partage)


def said(max_entries: int, *, est_partage: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """The same of what is rendered for who reads it."""
    return lambda question: _keep(question, reader, max_entries, est_partage)


def forget() -> None:
    """All that is kept: of a snapshot that serves no more, nobody asks it, and it would stay until as many answers of
    the next ones came."""
    for empty in [*_GARDEES.values()]:  # a page that is imported meanwhile adds its own
        empty()


def _keep(
    question: Callable[P, T], pour: Callable[[], Audience], max_entries: int, est_partage: bool
) -> Callable[P, T]:
    """Streamlit tells a kept function from another by its name and its source. Who reads and what is asked are one
    text, told at once: Streamlit hashes a question field by field, which was a third of a step of a lever."""

    def answer(cle: str, _audience: Audience, _args: tuple[Any, ...], _kwargs: dict[str, Any]) -> T:
        with lease(_audience):
            return question(*_args, **_kwargs)

    comptent = [not nom.startswith("_") for nom in inspect.signature(question).parameters]
    answer.__signature__ = inspect.signature(answer)  # type: ignore[attr-defined]
    answer.__module__, answer.__qualname__ = question.__module__, question.__qualname__
    answer.__doc__, answer.__wrapped__ = question.__doc__, question  # type: ignore[attr-defined]
    keep = st.cache_resource if est_partage else st.cache_data
    kept = cast(Any, keep)(show_spinner=False, max_entries=max_entries)(answer)
    _GARDEES[f"{question.__module__}.{question.__qualname__}"] = kept.clear

    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        demandeur = pour()
        cle = repr((demandeur, [*compress(args, comptent)], [x for x in kwargs.items() if not x[0].startswith("_")]))
        if any(signe in cle for signe in _MAL_DITS):
            raise TypeError(f"{question.__qualname__} is asked with what no text tells from another")
        return cast(T, kept(cle, demandeur, args, kwargs))

    return ask
