"""For what watches this process: whether it answers (`/sante`), and whether people may be sent to it (`/pret`)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mel_core.entrepot import registre
from pages.commun import donnees, emplacement

_CHEMINS = ("/sante", "/pret")


class Sante:
    """ASGI middleware, before the others: a proxy asks by the number of the machine and without a login. It is told
    yes or no, and nothing of the data."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in _CHEMINS:
            await self.app(scope, receive, send)
            return
        est_pret = scope["path"] == "/sante" or await run_in_threadpool(_is_ready)
        reponse = PlainTextResponse("oui\n", 200) if est_pret else PlainTextResponse("non\n", 503)
        await reponse(scope, receive, send)


def _is_ready() -> bool:
    """Whether the store and the journal answer, and what was published last is here."""
    try:
        est_a_jour = not registre.est_en_retard(emplacement.dossier())
        donnees.journal().dernier_lien()
    except Exception:  # noqa: BLE001 - whatever it is, nobody is to be sent here
        return False
    return est_a_jour
