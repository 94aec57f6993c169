"""A browser without a screen: it logs in by a provider, opens pages over their websocket, asks for files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from google.protobuf.text_format import MessageToString
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME
from websockets.sync.client import ClientConnection, connect

ATTENTE_S = 60


def identifiant(element: Any) -> str:
    """Of the widget that an element is; empty when it is none."""
    return str(getattr(getattr(element, element.WhichOneof("type") or "empty"), "id", ""))


@dataclass
class Onglet:
    """One page open in one browser: what its last run drew, and what its widgets hold."""

    prise: ClientConnection
    session: str = ""
    dessines: list[Any] = field(default_factory=list)
    tenus: dict[str, WidgetState] = field(default_factory=dict)
    renvoi: str = ""
    page: str = ""
    demande: str = ""
    morceaux: dict[str, str] = field(default_factory=dict)

    def lancer(self, *declenches: WidgetState, morceau: str = "") -> Onglet:
        """A run of the page, to its end. `declenches`: the widgets that were just clicked; `morceau`: the fragment that
        they are in, which is run alone. `morceaux`: the fragment of each widget drawn."""
        envoi = BackMsg()
        envoi.rerun_script.page_name, envoi.rerun_script.query_string = self.page, self.demande
        envoi.rerun_script.fragment_id = morceau
        envoi.rerun_script.widget_states.widgets.extend([*self.tenus.values(), *declenches])
        self.prise.send(envoi.SerializeToString())
        for recu in self._recus():
            genre = recu.WhichOneof("type")
            if genre == "new_session":
                self.session, self.dessines = recu.new_session.initialize.session_id or self.session, []
            elif genre == "auth_redirect":
                self.renvoi = recu.auth_redirect.url
            elif genre == "delta" and recu.delta.WhichOneof("type") == "new_element":
                element = recu.delta.new_element
                self.dessines.append(element)
                self.morceaux[identifiant(element)] = recu.delta.fragment_id
            elif genre == "script_finished" and recu.script_finished in (0, 1, 3):  # not one stopped for a newer run
                return self
        raise AssertionError("the run does not end")

    @property
    def texte(self) -> str:
        return " ".join(MessageToString(e, as_utf8=True) for e in self.dessines)

    def cliquer(self, libelle: str) -> Onglet:
        return self.lancer(WidgetState(id=self.find("button", libelle).id, trigger_value=True))

    def find(self, genre: str, libelle: str) -> Any:
        trouves = [getattr(e, genre) for e in self.dessines if e.WhichOneof("type") == genre]
        par_libelle = {t.label: t for t in trouves}
        assert libelle in par_libelle, f"{libelle}, among {list(par_libelle)}"
        return par_libelle[libelle]

    def ask(self, differe: str, attente_s: float = ATTENTE_S) -> str:
        """The address of a download that is made when it is asked for. Raises `TimeoutError` when nothing answers."""
        envoi = BackMsg()
        envoi.backend_operation_request.request_id = envoi.backend_operation_request.deferred_file.file_id = differe
        envoi.backend_operation_request.session_id = self.session
        self.prise.send(envoi.SerializeToString())
        return next(
            r.backend_operation_response.deferred_file.url
            for r in self._recus(attente_s)
            if r.WhichOneof("type") == "backend_operation_response"
        )

    def _recus(self, attente_s: float = ATTENTE_S) -> Iterator[ForwardMsg]:
        fin = time.monotonic() + attente_s
        while time.monotonic() < fin:
            brut = self.prise.recv(timeout=attente_s)
            yield ForwardMsg.FromString(brut if isinstance(brut, bytes) else brut.encode())


class Visiteur:
    """`http`: the requests of this browser, with its cookies. `origine`: where it says that its page comes from, when
    that is not `adresse`."""

    def __init__(self, adresse: str, origine: str = "") -> None:
        self.adresse, self.origine = adresse, origine or adresse
        self.http = httpx.Client(base_url=adresse, follow_redirects=True, timeout=ATTENTE_S)
        self.http.get("/_stcore/health")  # as a page does before it connects: it gives the token of its socket

    @property
    def jeton(self) -> str:
        return self.http.cookies.get(XSRF_COOKIE_NAME) or ""

    @contextmanager
    def open(self, page: str = "", demande: str = "") -> Iterator[Onglet]:
        biscuits = "; ".join(f"{c.name}={c.value}" for c in self.http.cookies.jar)
        prise = connect(
            f"{self.adresse.replace('http', 'ws', 1)}/_stcore/stream",
            origin=self.origine,  # type: ignore[arg-type]
            subprotocols=["streamlit", self.jeton],  # type: ignore[list-item]
            additional_headers={"Cookie": biscuits} if biscuits else {},
            max_size=None,
        )
        with prise:
            yield Onglet(prise, page=page, demande=demande).lancer()

    def go_in(self, compte: str) -> Visiteur:
        """From the button of the first page to the provider, and back."""
        with self.open() as onglet:
            return self.prouver(onglet.cliquer("Se connecter").renvoi, compte)

    def prouver(self, renvoi: str, compte: str) -> Visiteur:
        """To the provider, where somebody says to be `compte`, and back."""
        page = self.http.get(renvoi)
        retour = self.http.post(page.url, data={"sub": compte})
        assert str(retour.url).startswith(self.adresse), retour.text
        return self
