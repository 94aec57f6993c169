"""What stands between a browser and Streamlit: security headers, the names that this machine answers to, addresses."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from pages.commun.navigation import ACCUEIL, DEPLACEES, PAGES

LOCAUX = ("localhost", "127.0.0.1", "::1")


def hotes_attendus() -> frozenset[str]:
    """This machine, what the configuration says, and `MEL_HOTES` (names separated by commas)."""
    dits = [
        config.get_option("server.address"),
        config.get_option("browser.serverAddress"),
        *config.get_option("server.allowedHosts"),
        *os.environ.get("MEL_HOTES", "").split(","),
    ]
    return frozenset((*LOCAUX, *(_simple(nom) for nom in dits if nom and nom.strip())))


def open_hotes() -> None:
    """Tell Streamlit the same names: it checks those of the websocket by itself."""
    config.set_option("server.allowedHosts", sorted(hotes_attendus()))


def est_hote_attendu(hote: str, noms: frozenset[str]) -> bool:
    """Whether a `Host` header, its port aside, is one of `noms`; « *.exemple.fr » stands for what is under it."""
    try:
        adresse = urlsplit(f"//{hote}")
        nom, _ = _simple(adresse.hostname or ""), adresse.port
    except ValueError:
        return False
    if not nom or "@" in hote or adresse.path or adresse.query or adresse.fragment:
        return False
    return nom in noms or "*" in noms or any(n.startswith("*.") and nom.endswith(n[1:]) for n in noms)


def _simple(nom: str) -> str:
    return nom.strip().lower().rstrip(".").strip("[]")


EN_TETES = {
    # Streamlit runs inline scripts and makes modules of its components; nothing may come from, or go to, another host.
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-ancestors 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "object-src 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


_UN_AN_S = 365 * 24 * 3600
# Asked again by each page: an updated server is never read through an older cache.
_MODULES = ("/app/static/images/", "/app/static/adaptateur/", "/app/static/fonds/plotly")


class EnTetes:
    """ASGI middleware: `EN_TETES` on every answer; behind HTTPS, HTTPS alone from then on; no copy of a download."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                en_tetes = MutableHeaders(scope=message)
                en_tetes.update(EN_TETES)
                if _est_https(scope):
                    en_tetes["Strict-Transport-Security"] = f"max-age={_UN_AN_S}"
                if scope["path"].startswith(_MODULES):
                    en_tetes["Cache-Control"] = "no-cache"
                if scope["path"].startswith("/media/"):
                    en_tetes["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)


_HOTE_INCONNU = "Ce nom de machine n’est pas celui de l’application : vérifier l’adresse, ou l’ajouter à MEL_HOTES.\n"


class Hotes:
    """ASGI middleware: an address that names another machine gets nothing, whatever it asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.noms = hotes_attendus()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not est_hote_attendu(Headers(scope=scope).get("host", ""), self.noms):
            await PlainTextResponse(_HOTE_INCONNU, status_code=421)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _est_https(scope: Scope) -> bool:
    """Whether the browser came in HTTPS, to this server or to the one in front of it."""
    return "https" in (scope["scheme"], Headers(scope=scope).get("x-forwarded-proto"))


_SERVIES = frozenset({"", "index.html", *PAGES} - {ACCUEIL})
_FERMEES = frozenset({"/_stcore/metrics"})  # what Streamlit measures of its visitors is for nobody
_PERDUE = "L’adresse demandée ne mène à aucune page de l’application : vérifier le lien reçu, ou"
_MENU = {f"/{adresse}": f"{dit} :" for adresse, dit in DEPLACEES.items()}
_INCONNUE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Adresse inconnue</title>
<style>body{font:1.25rem/1.5 Atkinson,'Segoe UI',Arial,sans-serif;color:#0F1B2D;max-width:40rem;margin:15vh auto;
padding:0 1rem}a{color:#0B3D91}</style></head>
<body><h1>Cette page n’existe pas</h1>
<p role="alert">%s
<a href="/">revenir au bilan</a> et passer par le menu.</p></body></html>
"""


def _absente(chemin: str) -> HTMLResponse:
    """What an address without a page answers: where it moved, if it did."""
    return HTMLResponse(_INCONNUE % _MENU.get(chemin.rstrip("/"), _PERDUE), status_code=404)


class Adresses:
    """ASGI middleware: the home page answers under its name too, and an address without a page says so in French.

    Streamlit serves its own page for any address, then opens an English dialog over the default one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].strip("/") in _SERVIES:
            await self.app(scope, receive, send)
            return
        if scope["path"].rstrip("/") in _FERMEES:
            await _absente(scope["path"])(scope, receive, send)
            return
        if scope["path"] == f"/{ACCUEIL}":
            demande = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"/?{demande}" if demande else "/")(scope, receive, send)
            return
        est_remplacee = False

        async def send_or_replace(message: Message) -> None:
            nonlocal est_remplacee
            if message["type"] == "http.response.start":
                type_servi = MutableHeaders(scope=message).get("content-type", "")
                est_remplacee = message["status"] == 200 and type_servi.startswith("text/html")
                if est_remplacee:
                    await _absente(scope["path"])(scope, receive, send)
            if not est_remplacee:
                await send(message)

        await self.app(scope, receive, send_or_replace)
