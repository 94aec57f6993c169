"""A file that the navigation does not list is never run: by its address, by a forged page, on a fresh process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.navigateur.conftest import wait_until_up

RACINE = Path(__file__).resolve().parent.parent
MARQUE = "ne-doit-jamais-s-afficher"
PIEGES = ("pages/piege.py", "pages/seance/cachee.py", "pages/commun/piege.py")
COPIES = ("app.py", "mel_core", "pages", "data", "static", ".streamlit")


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    """The application, with files besides that say aloud that they ran, on screen and beside the data."""
    racine = tmp_path / "depot"
    racine.mkdir()
    for nom in COPIES:
        copy = shutil.copytree if (RACINE / nom).is_dir() else shutil.copy2
        if (RACINE / nom).exists():
            copy(RACINE / nom, racine / nom)
    for piege in PIEGES:
        (racine / piege).write_text(
            f'import pathlib, streamlit as st\nst.write("{MARQUE}")\n'
            # What pages share is imported as the server warms up, as a module: a page is run, as the main one.
            f'if __name__ == "__main__":\n'
            f'    pathlib.Path(r"{tmp_path}/execute").write_text(__file__)\n',
            encoding="utf-8",
        )
    return racine


@pytest.fixture
def fraiche(depot: Path, tmp_path: Path) -> Iterator[str]:
    """A process that nobody has visited yet."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    serveur = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=depot,
        env={**os.environ, "MEL_DONNEES": str(tmp_path / "donnees")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_up(serveur, f"http://127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"
    finally:
        serveur.terminate()
        serveur.wait(10)


def ask(adresse: str, **page: str) -> tuple[str, list[ForwardMsg]]:
    """What the server sends to whoever connects and asks for `page` (a name or a hash), until its run has ended."""
    recus: list[ForwardMsg] = []
    demande = BackMsg()
    demande.rerun_script.query_string = ""
    for champ, valeur in page.items():
        setattr(demande.rerun_script, champ, valeur)
    fin = time.monotonic() + 60
    with connect(f"ws://{adresse}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as prise:
        prise.send(demande.SerializeToString())
        while time.monotonic() < fin:
            try:
                brut = prise.recv(timeout=60)
            except (TimeoutError, WebSocketException):
                break
            recu = ForwardMsg.FromString(brut if isinstance(brut, bytes) else brut.encode())
            recus.append(recu)
            if recu.WhichOneof("type") == "script_finished":
                break
    return "".join(str(r) for r in recus), recus


FORGEES = [
    *(
        {"page_name": nom}
        for nom in ("piege", "cachee", "seance/cachee", "commun/piege", "pages/piege", "../pages/piege")
    ),
    *({"page_script_hash": md5(p.encode()).hexdigest()} for p in (*PIEGES, "piege", "/piege", "cachee")),  # noqa: S324
    {"page_script_hash": "0" * 32},
]


@pytest.mark.ci
def test_no_file_outside_the_navigation_runs_whatever_is_asked_of_a_fresh_process(
    fraiche: str, depot: Path, tmp_path: Path
) -> None:
    absolues = [{"page_script_hash": md5(str(depot / p).encode()).hexdigest()} for p in PIEGES]  # noqa: S324
    for page in [*absolues, *FORGEES]:  # the first of them meets a process that has run nothing
        texte, recus = ask(fraiche, **page)
        assert any(r.WhichOneof("type") == "script_finished" for r in recus), page
        assert "9h30" in texte, page  # it is our frame that answered
        assert MARQUE not in texte, page
    for chemin in ("piege", "pages/piege", "pages/piege.py", "seance/cachee", "commun/acces", "app.py"):
        try:
            with urllib.request.urlopen(f"http://{fraiche}/{chemin}", timeout=30) as reponse:
                texte, statut = reponse.read().decode(), reponse.status
        except urllib.error.HTTPError as erreur:
            texte, statut = erreur.read().decode(), erreur.code
        assert statut == 404, chemin
        assert MARQUE not in texte
    assert not (tmp_path / "execute").exists()
