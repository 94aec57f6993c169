"""A real PostgreSQL shared by two machines, each with a folder of its own; files in a folder, or in a real S3."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot
from tests.journal.bases import nouvelle_base
from tests.journal.conftest import postgresql

__all__ = ["postgresql"]
CLES = ("cle_pseudonymes", "journal.cle", "coffre.cle")


def free_port() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


class Seaweed:
    """An object store on this machine, that can be stopped and started again on what it holds."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self._ports = {nom: free_port() for nom in ("master.port", "volume.port", "filer.port", "s3.port")}
        self._processus: subprocess.Popen[bytes] | None = None
        self.adresse = f"http://127.0.0.1:{self._ports['s3.port']}"

    def start(self) -> None:
        weed = Path(sys.executable).parent / "weed"
        reglages = [f"-{nom}={port}" for nom, port in self._ports.items()]
        # Each of its servers listens for the others at its port + 10000: those are drawn too.
        reglages += [f"-{nom}.grpc={free_port()}" for nom in ("master.port", "volume.port", "filer.port", "s3.port")]
        commande = [weed, "server", "-s3", f"-dir={self._dossier}", "-ip=127.0.0.1", "-volume.max=20", *reglages]
        self._processus = subprocess.Popen(commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        import s3fs

        fin = time.monotonic() + 60
        while True:
            try:
                s3fs.S3FileSystem(endpoint_url=self.adresse, skip_instance_cache=True).makedirs("ici", exist_ok=True)
                return
            except Exception:
                if time.monotonic() > fin:
                    raise
                time.sleep(0.3)

    def stop(self) -> None:
        if self._processus is not None:
            self._processus.kill()
            self._processus.wait()


@contextmanager
def environment(**valeurs: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environnement:
        for nom, valeur in valeurs.items():
            environnement.setenv(nom, valeur)
        yield


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    serveur = Seaweed(tmp_path_factory.mktemp("seaweed"))
    cles = {"AWS_ACCESS_KEY_ID": "ici", "AWS_SECRET_ACCESS_KEY": "ici", "AWS_DEFAULT_REGION": "eu-west-3"}
    with environment(**cles, AWS_ENDPOINT_URL=serveur.adresse):
        serveur.start()
        yield serveur
    serveur.stop()


@pytest.fixture(params=["dossier", "s3"])
def machines(request: pytest.FixtureRequest, postgresql: str, tmp_path: Path) -> Iterator[tuple[Entrepot, Entrepot]]:
    """Two machines, the second one given the keys of the first."""
    jeux = f"file://{tmp_path / 'magasin'}"
    if request.param == "s3":
        request.getfixturevalue("seaweed")
        jeux = f"s3://ici/{os.urandom(6).hex()}"
    with environment(MEL_JOURNAL=nouvelle_base(postgresql), MEL_JEUX=jeux):
        une = Entrepot(tmp_path / "une")
        une.pseudonymes()
        autre = Entrepot(tmp_path / "autre")
        autre.dossier.mkdir()
        shutil.copy(une.dossier / "cle_pseudonymes", autre.dossier)
        yield une, autre
