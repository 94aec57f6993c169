"""The line between a page and its server, held: what a loaded server does, at will."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, WebSocketRoute
from streamlit.proto.BackMsg_pb2 import BackMsg

_GUETTER = """(ancien, suivante) => {
  window.tardifs = 0; // times when the lever of the subject before stood under the sentence of the next one
  window.dites = new Set();
  const regarder = () => {
    const dite = document.querySelector('.st-key-message p')?.innerText ?? '';
    window.dites.add(dite);
    if (dite.includes(suivante) && ancien.isConnected) window.tardifs += 1;
  };
  new MutationObserver(regarder).observe(document.body, {subtree: true, childList: true, characterData: true});
  regarder();
}"""


def guetter(levier: Locator, suivante: str) -> None:
    """From now on, count when `levier` stands under the sentence of the next subject, which says `suivante`."""
    levier.evaluate(_GUETTER, suivante)


def est_parti_avant(page: Page) -> bool:
    """Whether it never did, while the sentence changed."""
    assert page.evaluate("window.dites.size") >= 2
    return bool(page.evaluate("window.tardifs === 0"))


class Serveur:
    """What the page tells the server, and what the server says, which can be held back as a loaded one does.

    `perimees`: what a request says of the address → what it said before, as one that leaves too early does.
    """

    def __init__(self, page: Page) -> None:
        self.demandes: list[BackMsg] = []
        self.perimees: dict[str, str] = {}
        self._page = page
        self._retenues: list[str | bytes] | None = None
        page.route_web_socket(re.compile("/_stcore/stream"), self._relier)

    def retain(self) -> None:
        self._retenues = []

    def lacher(self, *, pas_ms: int = 0) -> None:
        """Let go of what was held back; `pas_ms`: message by message, so that each is drawn before the next."""
        retenues = self._retenues or []
        while retenues:
            self._fil.send(retenues.pop(0))
            if pas_ms:
                self._page.wait_for_timeout(pas_ms)
        self._retenues = None

    def _relier(self, fil: WebSocketRoute) -> None:
        self._fil, serveur = fil, fil.connect_to_server()

        def ask(trame: str | bytes) -> None:
            assert isinstance(trame, bytes)
            demande = BackMsg.FromString(trame)
            self.demandes.append(demande)
            for dite, d_avant in self.perimees.items():
                demande.rerun_script.query_string = demande.rerun_script.query_string.replace(dite, d_avant)
            serveur.send(demande.SerializeToString() if self.perimees else trame)

        def answer(trame: str | bytes) -> None:
            fil.send(trame) if self._retenues is None else self._retenues.append(trame)

        fil.on_message(ask)
        serveur.on_message(answer)

    def morceaux(self) -> list[str]:
        """The pieces of a page that were asked for again, not whole pages."""
        return [d.rerun_script.fragment_id for d in self.demandes if d.rerun_script.fragment_id]
