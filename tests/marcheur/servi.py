"""The application as a server runs it, where AppTest does otherwise; and what it runs of the pages."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import CodeType, FrameType
from typing import Any
from unittest.mock import patch

import streamlit as st
from itsdangerous import URLSafeTimedSerializer
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.context import ContextProxy, StreamlitCookies
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from streamlit.testing.v1.util import patch_config_options

from pages.adaptateur import incidents
from pages.commun.connexion import COOKIE
from pages.commun.emplacement import RACINE
from tests.marcheur.fautes import Incidents

LIGNES: set[tuple[str, int]] = set()  # of the pages, run since somebody cleared it
COOKIES: dict[str, str] = {}  # of the browser
DETAILS = {"client.showErrorDetails": "full", "server.cookieSecret": "essai"}
_PAGES = str(RACINE / "pages")


def log_in(profil: str) -> dict[str, str]:
    """What Streamlit gives to who logs in."""
    compte = json.dumps({"iss": "https://id.example", "sub": profil})
    return {COOKIE: str(URLSafeTimedSerializer("essai", salt=COOKIE).dumps(compte))}


@cache
def lines_beside(page: str) -> frozenset[tuple[str, int]]:
    """What functions of the modules of a page may run."""
    sources = (RACINE / page).parent.glob("*.py")
    return frozenset(ligne for s in sources for ligne in _lines(compile(s.read_text(encoding="utf-8"), str(s), "exec")))


def _lines(code: CodeType) -> Iterator[tuple[str, int]]:
    for corps in (c for c in code.co_consts if isinstance(c, CodeType)):
        yield from (
            (corps.co_filename, ligne) for _, _, ligne in corps.co_lines() if ligne and ligne > corps.co_firstlineno
        )
        yield from _lines(corps)


def _enter(cadre: FrameType, evenement: str, dit: Any) -> Any:
    return _pass if cadre.f_code.co_filename.startswith(_PAGES) else None


def _pass(cadre: FrameType, evenement: str, dit: Any) -> Any:
    if evenement == "line":
        LIGNES.add((cadre.f_code.co_filename, cadre.f_lineno))
    return _pass


class _Execution(LocalScriptRunner):
    """AppTest runs the script without the server: what the server is told to do with an error is done here too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._on_script_error = incidents.say

    def _run_script_thread(self) -> None:
        sys.settrace(_enter)
        try:
            super()._run_script_thread()
        finally:
            sys.settrace(None)


@contextmanager
def as_served() -> Iterator[Incidents]:
    """What a server does and AppTest does not, for as long as it lasts; the incidents that the application logs.

    What a server makes once, AppTest makes again at each execution: here it is made once.
    """
    journal, incidents_vus = logging.getLogger("ici.incidents"), Incidents()
    avant = journal.handlers, journal.propagate
    journal.handlers, journal.propagate = [incidents_vus], False
    scripts, composants = ScriptCache(), BidiComponentManager()
    composants.discover_and_register_components(start_file_watching=False)
    try:
        # On screen an error is hidden: a walker says where it broke.
        with (
            patch.object(app_test, "LocalScriptRunner", _Execution),
            patch.object(app_test, "ScriptCache", lambda: scripts),
            patch.object(app_test, "BidiComponentManager", lambda: composants),
            patch.object(composants, "discover_and_register_components", lambda **_: None),
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
