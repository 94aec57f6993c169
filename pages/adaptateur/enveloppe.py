"""What stands between a browser and Streamlit: security headers, the names that this machine answers to, addresses.

Messages that act on the process are dropped; the token of the terminal becomes a cookie; where somebody logs in, a
login that ended is taken off, what is served outside a page (downloads, uploads) answers the session that asked for
it, a login proves who is there, and leaving ends it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import get_instance

from mel_core.droits.actions import Action
from mel_core.droits.connexions import AGE_MAX
from pages.adaptateur import telechargement
from pages.commun import connexion, visiteur
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


_REFUS_HOTE = "Ce nom de machine n’est pas celui de l’application : vérifier l’adresse, ou l’ajouter à MEL_HOTES.\n"


class Hotes:
    """ASGI middleware: an address that names another machine gets nothing, whatever it asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.noms = hotes_attendus()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not est_hote_attendu(Headers(scope=scope).get("host", ""), self.noms):
            await PlainTextResponse(_REFUS_HOTE, status_code=421)(scope, receive, send)
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


_MEDIA, _DEPOTS, _ENTREE, _SORTIE = "/media/", "/_stcore/upload_file", "/auth/login", "/auth/logout"
_REFUS_FICHIER = (
    "Ce fichier ne se donne qu’à la session qui l’a demandé, tant qu’elle en a le droit : se connecter à "
    "l’application, puis le demander de nouveau.\n"
)
_REFUS_DEPOT = (
    "Un fichier se dépose depuis l’écran des imports, par un co-pilote connecté : se connecter, puis le déposer.\n"
)
_REFUS_AILLEURS = "Cette adresse ne se suit pas depuis un autre site : se déconnecter par le menu du profil.\n"


_REFUS_JETON = (
    "Ce jeton n’est pas celui de l’application ouverte ici : reprendre l’adresse que le terminal a imprimée en "
    "l’ouvrant.\n"
)
# What a page sends: the rest is made for developers, and acts on everybody (`clear_cache` in a loop slowed all down).
_RECUS = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"})
_AVANT_CONNEXION = frozenset({"rerun_script", "stop_script", "app_heartbeat"})


class Garde:
    """ASGI middleware; in a rehearsal on fictitious data, only the messages and the token."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        cookies = _cookies(Headers(scope=scope).get("cookie", ""))
        if scope["type"] == "websocket":
            receive = _filter(receive, cookies)
        elif jeton := parse_qs(scope["query_string"].decode("latin-1")).get("jeton"):
            await _enter(jeton[-1])(scope, receive, send)
            return
        if visiteur.est_repetition():
            await self.app(scope, receive, send)
            return
        if scope["type"] == "http":
            if refus := _refus(scope, cookies):
                await PlainTextResponse(refus, status_code=403, headers={"Cache-Control": "no-store"})(
                    scope, receive, send
                )
                return
            if scope["path"].rstrip("/") == _SORTIE:
                connexion.close(cookies)
            if scope["path"].rstrip("/") == _ENTREE:
                send = _require_proof(send, cookies)
        est_bonne = connexion.ouverte(cookies) is not None
        finis = [] if est_bonne else [nom for nom in cookies if nom.startswith(connexion.cookie())]
        await self.app(_sans_connexion(scope, cookies) if finis else scope, receive, _erase(send, finis))


def _enter(jeton: str) -> Response:
    """The token of the terminal, kept by the browser and taken out of its address."""
    if not connexion.est_du_terminal(jeton):
        return PlainTextResponse(_REFUS_JETON, status_code=403, headers={"Cache-Control": "no-store"})
    reponse = RedirectResponse("/", status_code=303)
    reponse.set_cookie(connexion.cookie(), jeton, httponly=True, samesite="strict")
    return reponse


def _filter(receive: Receive, cookies: Mapping[str, str]) -> Receive:
    """What the browser sends by its socket, less what it may not: judged at each message."""

    async def receive_and_drop() -> Message:
        while True:
            message = await receive()
            if not (octets := message.get("bytes")) or message["type"] != "websocket.receive":
                return message
            est_la = visiteur.est_repetition() or connexion.ouverte(cookies) is not None
            if _sorte(octets) in (_RECUS if est_la else _AVANT_CONNEXION):
                return message

    return receive_and_drop


def _sorte(octets: bytes) -> str | None:
    try:
        return BackMsg.FromString(octets).WhichOneof("type")
    except Exception:  # noqa: BLE001 - bytes of anybody
        return None


def _refus(scope: Scope, cookies: Mapping[str, str]) -> str:
    """Why this request gets nothing; empty when it may go on."""
    chemin = scope["path"]
    if chemin.startswith(_MEDIA) and not telechargement.est_permis(chemin.removeprefix(_MEDIA), cookies):
        return _REFUS_FICHIER
    if chemin.startswith(_DEPOTS) and not _peut_deposer(chemin.removeprefix(_DEPOTS).strip("/"), cookies):
        return _REFUS_DEPOT
    # Browsers always say where a request comes from; what does not say it is no browser, and has nothing to leave.
    if chemin.rstrip("/") == _SORTIE and Headers(scope=scope).get("sec-fetch-site") != "same-origin":
        return _REFUS_AILLEURS
    return ""


def _peut_deposer(session_et_fichier: str, cookies: Mapping[str, str]) -> bool:
    """Only who may import drops files, in a session of this very login."""
    qui = connexion.ouverte(cookies)
    profil = connexion.inscrit(qui) if qui else None
    if qui is None or profil is None or Action.IMPORTER.refus(profil, en_salle=False):
        return False
    client = get_instance().get_client(session_et_fichier.partition("/")[0])
    contexte = client.client_context if client else None
    return contexte is not None and contexte.cookies.get(connexion.cookie()) == qui.jeton


def _require_proof(send: Send, cookies: Mapping[str, str]) -> Send:
    """Say to the provider how old its proof may be: it then has to say when it asked who is there (`auth_time`). For a
    login that asked to leave Salle, it asks again."""
    qui = connexion.ouverte(cookies)
    redemande = qui is not None and visiteur.est_retour_demande(qui)
    age = {"max_age": 0, "prompt": "login"} if redemande else {"max_age": int(AGE_MAX.total_seconds())}

    async def send_and_prove(message: Message) -> None:
        if message["type"] == "http.response.start":
            entetes = MutableHeaders(scope=message)
            ou = URL(entetes.get("location", ""))
            if ou.netloc:  # to the provider, not back to a page of ours
                entetes["location"] = str(ou.include_query_params(**age))
        await send(message)

    return send_and_prove


def _erase(send: Send, finis: Sequence[str]) -> Send:
    """Take these cookies off the browser, unless the answer brings a new login in their place."""

    async def send_and_forget(message: Message) -> None:
        if message["type"] == "http.response.start":
            entetes = MutableHeaders(scope=message)
            if not any(c.startswith(f"{connexion.cookie()}=") for c in entetes.getlist("set-cookie")):
                for nom in finis:
                    entetes.append("Set-Cookie", f"{nom}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        await send(message)

    return send_and_forget if finis else send


def _sans_connexion(scope: Scope, cookies: Mapping[str, str]) -> Scope:
    gardes = "; ".join(f"{nom}={valeur}" for nom, valeur in cookies.items() if not nom.startswith(connexion.cookie()))
    autres = [(nom, valeur) for nom, valeur in scope["headers"] if nom != b"cookie"]
    return {**scope, "headers": [*autres, *([(b"cookie", gardes.encode("latin-1"))] if gardes else [])]}


def _cookies(entete: str) -> dict[str, str]:
    try:
        return {nom: morceau.value for nom, morceau in SimpleCookie(entete).items()}
    except CookieError:
        return {}
