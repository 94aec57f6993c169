"""The server: `streamlit run serveur.py` serves `app.py`, ready before its first visitor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """The folder `pages/` is ours, not Streamlit's old automatic one: without this, the first visitor of a process who
    opens a link is told in English that the page does not exist, and a file put directly in it would be served."""
    PagesManager.uses_pages_directory = False
    yield


app = st.App("app.py", lifespan=ready)
