"""The address, when a piece of a page is drawn again.

The browser joins to each request the address that it shows, and Streamlit takes it as the truth. A request that leaves
before the answer to the one before it carries the address of then; a whole page says all its parameters again, a piece
says its own only, and put the others back: what was chosen was lost to the link and to whoever reloaded. The relatives
that upstream knows: https://github.com/streamlit/streamlit/issues/7961.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_TENUE = "adresse_tenue"


@contextmanager
def held() -> Iterator[None]:
    """Around a whole page with its frame, and around each of its pieces: the address that it leaves is the one that the
    next piece starts from, with what the click on that piece just changed."""
    contexte = get_script_run_ctx()
    if contexte and contexte.fragment_ids_this_run and (tenue := st.session_state.get(_TENUE)) is not None:
        recue, dite = dict(parse_qsl(contexte.query_string, keep_blank_values=True)), st.query_params.to_dict()
        changes = {nom: dite.get(nom) for nom in recue.keys() | dite.keys() if recue.get(nom) != dite.get(nom)}
        voulue = {nom: valeur for nom, valeur in (tenue | changes).items() if valeur is not None}
        if voulue != dite:
            st.query_params.from_dict(voulue)
    try:
        yield
    finally:
        st.session_state[_TENUE] = st.query_params.to_dict()
