"""The application as a server runs it, where AppTest does otherwise."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import streamlit as st
from itsdangerous import URLSafeTimedSerializer
from streamlit.runtime.context import ContextProxy, StreamlitCookies
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from streamlit.testing.v1.util import patch_config_options

from pages.adaptateur import incidents
from pages.commun.connexion import COOKIE
from tests.marcheur import sondes
from tests.marcheur.fautes import Incidents

COOKIES: dict[str, str] = {}  # of the browser
A_EMPORTER: dict[str, Callable[[], Any]] = {}  # what a click on a button of the page that is shown would make
DETAILS = {"client.showErrorDetails": "full", "server.cookieSecret": "essai"}


def log_in(profil: str) -> dict[str, str]:
    """What Streamlit gives to who logs in."""
    compte = json.dumps({"iss": "https://id.example", "sub": profil})
    return {COOKIE: str(URLSafeTimedSerializer("essai", salt=COOKIE).dumps(compte))}


class _Execution(LocalScriptRunner):
    """AppTest runs the script without the server: what the server is told to do with an error is done here too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._on_script_error = incidents.say


class _Medias(MediaFileManager):
    """Those of one execution."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        A_EMPORTER.clear()

    def add_deferred(self, data_callable: Callable[[], Any], *args: Any, **kwargs: Any) -> str:
        fichier = super().add_deferred(data_callable, *args, **kwargs)
        A_EMPORTER[fichier] = data_callable
        return fichier


@contextmanager
def as_served() -> Iterator[Incidents]:
    """What a server does and AppTest does not, for as long as it lasts; the incidents that the application logs."""
    journal, incidents_vus = logging.getLogger("ici.incidents"), Incidents()
    avant = journal.handlers, journal.propagate
    journal.handlers, journal.propagate = [incidents_vus], False
    scripts = sondes.scripts()  # once, as a server does
    try:
        # On screen an error is hidden: a walker says where it broke.
        with (
            patch.object(app_test, "LocalScriptRunner", _Execution),
            patch.object(app_test, "ScriptCache", lambda: scripts),
            patch.object(app_test, "MediaFileManager", _Medias),
            patch_config_options(DETAILS),
            patch.object(ContextProxy, "cookies", property(lambda _: StreamlitCookies(COOKIES))),
            patch.object(st, "login", lambda *_: None),
            patch.object(st, "logout", lambda *_: None),
            patch.dict(os.environ),
        ):
            yield incidents_vus
    finally:
        st.cache_resource.clear()
        st.cache_data.clear()
        journal.handlers, journal.propagate = avant
