"""The login that a browser brings: read from its signed cookie and judged at every request and at every run.

Streamlit keeps a login for thirty days and forgets that it was left: its age and its end are ours
(`mel_core.connexions`). What is served outside a page (prepared exports, uploads) asks for a good login too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie

import streamlit as st
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret

from mel_core.connexions import Connexion, Connexions
from pages.commun import emplacement

COOKIE = "_streamlit_user"  # its name and its form are Streamlit's; tests/navigateur/test_connexion.py sees to them
_A_NOUS = ("/media/", "/_stcore/upload_file")
_REFUS = "Ce fichier ne se donne qu’après connexion : se connecter à l’application, puis le demander de nouveau.\n"


def est_configuree() -> bool:
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def ouverte(cookies: Mapping[str, str]) -> Connexion | None:
    """The login in these cookies, if it is still good."""
    connexion = _lire(cookies)
    if connexion is None or not _connexions().est_bonne(connexion, datetime.now(UTC)):
        return None
    return connexion


def fermer(cookies: Mapping[str, str]) -> None:
    """End the login in these cookies, whoever else holds a copy of it."""
    if connexion := _lire(cookies):
        _connexions().fermer(connexion.jeton)


def _connexions() -> Connexions:
    return Connexions(emplacement.dossier())


def _lire(cookies: Mapping[str, str]) -> Connexion | None:
    """None when nobody signed it, or when a part of it is missing."""
    jeton = cookies.get(COOKIE, "")
    try:
        _, depuis = _signature(COOKIE).loads(jeton, return_timestamp=True)
        contenu = get_cookie_with_chunks(lambda nom: _morceau(cookies, nom), COOKIE)
        compte = json.loads(contenu) if contenu else {}
    except (BadSignature, ValueError):
        return None
    courriel = compte.get("email")
    return Connexion(jeton, courriel if isinstance(courriel, str) else "", depuis)


def _morceau(cookies: Mapping[str, str], nom: str) -> bytes | None:
    """A long login is cut into several cookies, each signed."""
    if nom not in cookies:
        return None
    valeur = _signature(nom).loads(cookies[nom])
    return valeur.encode() if isinstance(valeur, str) else None


def _signature(nom: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(get_cookie_secret(), salt=nom)


class Garde:
    """ASGI middleware: a login that ended is taken off the request before Streamlit reads it, and off the browser.
    Where a login is configured, files are given to who holds a good one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not est_configuree():
            await self.app(scope, receive, send)
            return
        cookies = _cookies(Headers(scope=scope).get("cookie", ""))
        est_bonne = ouverte(cookies) is not None
        if not est_bonne and scope["type"] == "http" and scope["path"].startswith(_A_NOUS):
            await PlainTextResponse(_REFUS, status_code=403)(scope, receive, send)
            return
        finis = [] if est_bonne else [nom for nom in cookies if nom.startswith(COOKIE)]
        await self.app(_sans_connexion(scope, cookies) if finis else scope, receive, _effacer(send, finis))


def _effacer(send: Send, finis: Sequence[str]) -> Send:
    """Take these cookies off the browser, unless the answer brings a new login in their place."""

    async def send_and_forget(message: Message) -> None:
        if message["type"] == "http.response.start":
            entetes = MutableHeaders(scope=message)
            if not any(c.startswith(f"{COOKIE}=") for c in entetes.getlist("set-cookie")):
                for nom in finis:
                    entetes.append("Set-Cookie", f"{nom}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        await send(message)

    return send_and_forget if finis else send


def _sans_connexion(scope: Scope, cookies: Mapping[str, str]) -> Scope:
    gardes = "; ".join(f"{nom}={valeur}" for nom, valeur in cookies.items() if not nom.startswith(COOKIE))
    autres = [(nom, valeur) for nom, valeur in scope["headers"] if nom != b"cookie"]
    return {**scope, "headers": [*autres, *([(b"cookie", gardes.encode("latin-1"))] if gardes else [])]}


def _cookies(entete: str) -> dict[str, str]:
    try:
        return {nom: morceau.value for nom, morceau in SimpleCookie(entete).items()}
    except CookieError:
        return {}
