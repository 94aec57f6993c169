"""What a page says outside of its controls: its message, a paragraph, what became of a gesture."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape

import streamlit as st

from mel_core.socle import langue


def message(phrase: str) -> None:
    """The sentence of the screen."""
    with st.container(key="message"):
        st.markdown(langue.typeset(phrase))


def note(texte: str, classe: str = "reserve", role: str = "") -> None:
    """A paragraph of its class in the style sheets; nothing of an empty one. `role`: `status`, or `alert`."""
    if texte:
        dit = f' role="{role}"' if role else ""
        st.html(f'<p class="{classe}"{dit}>{escape(langue.typeset(texte))}</p>')


def refuse(texte: str) -> None:
    """Why the page, or a gesture on it, was refused."""
    note(texte, "refus", "alert")


def refuse_geste(texte: str) -> None:
    """Why a gesture was refused, near its key: what it says of a field gives that field the focus (`foyer.js`), each
    time."""
    dit = escape(langue.typeset(texte))
    st.html(f'<p class="garde refuse" role="alert" data-essai="{time.time()}">{dit}</p>')


def lead(texte: str, essai: str, champ: str) -> None:
    """What the page now asks for, far from the key that was pressed: the page goes to it, `champ` has the focus, once
    for each `essai` (`foyer.js`)."""
    dit = f'data-essai="{escape(essai)}" data-champ="{escape(champ)}"'
    st.html(f'<p class="blocage" role="status" {dit}>{escape(langue.typeset(texte))}</p>')


def fait(texte: str) -> None:
    """What a gesture did, in sight wherever on the page its key is."""
    with st.container(key="fait"):
        st.success(texte)


def take(cle: str, say: Callable[[str], object] = st.error) -> None:
    """Once, what a gesture left under `cle` to be said, if it did: see `ecriture.geste`."""
    if dit := st.session_state.pop(cle, ""):
        say(dit)
