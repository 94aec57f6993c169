"""A real store of objects (S3), on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.navigateur.conftest import port_libre

CLES_S3 = {"AWS_ACCESS_KEY_ID": "ici", "AWS_SECRET_ACCESS_KEY": "ici", "AWS_DEFAULT_REGION": "eu-west-3"}

ESSAIS = 3


class Seaweed:
    """An object store on this machine, that can be stopped and started again on what it holds, at the same address."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self._processus: subprocess.Popen[bytes] | None = None
        self._draw()
        essais = ESSAIS
        while not self.start():  # a port that was free is somebody else's by now
            essais -= 1
            assert essais, "no object store starts: run its command by hand to read why"
            self._draw()

    def _draw(self) -> None:
        serveurs = ("master", "volume", "filer", "s3")
        # Each of them listens for the others at its port + 10000, unless it is said.
        self._ports = {f"{nom}.port{sorte}": port_libre() for nom in serveurs for sorte in ("", ".grpc")}
        self.adresse = f"http://127.0.0.1:{self._ports['s3.port']}"

    def start(self) -> bool:
        """Whether it answers; it does not when a port is taken."""
        weed = Path(sys.executable).parent / "weed"
        reglages = [f"-{nom}={port}" for nom, port in self._ports.items()]
        # Its catalogues, at one port for all: nobody asks them.
        reglages += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
        commande = [weed, "server", "-s3", f"-dir={self._dossier}", "-ip=127.0.0.1", "-volume.max=20", *reglages]
        self._processus = subprocess.Popen(commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self._answers(self._processus)

    def _answers(self, serveur: subprocess.Popen[bytes]) -> bool:
        import s3fs

        cles = {"key": CLES_S3["AWS_ACCESS_KEY_ID"], "secret": CLES_S3["AWS_SECRET_ACCESS_KEY"]}
        fin = time.monotonic() + 60
        while serveur.poll() is None:
            try:
                s3fs.S3FileSystem(endpoint_url=self.adresse, skip_instance_cache=True, **cles).makedirs(
                    "ici", exist_ok=True
                )
            except Exception:
                if time.monotonic() > fin:
                    raise
                time.sleep(0.3)
            else:
                return True
        return False

    def stop(self) -> None:
        if self._processus is not None:
            self._processus.kill()
            self._processus.wait()
