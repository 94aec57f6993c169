"""A real store of objects (S3), on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.navigateur.conftest import port_libre

CLES_S3 = {"AWS_ACCESS_KEY_ID": "ici", "AWS_SECRET_ACCESS_KEY": "ici", "AWS_DEFAULT_REGION": "eu-west-3"}


class Seaweed:
    """An object store on this machine, that can be stopped and started again on what it holds."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self._ports = {nom: port_libre() for nom in ("master.port", "volume.port", "filer.port", "s3.port")}
        self._processus: subprocess.Popen[bytes] | None = None
        self.adresse = f"http://127.0.0.1:{self._ports['s3.port']}"

    def start(self) -> None:
        weed = Path(sys.executable).parent / "weed"
        reglages = [f"-{nom}={port}" for nom, port in self._ports.items()]
        # Each of its servers listens for the others at its port + 10000: those are drawn too.
        reglages += [f"-{nom}.grpc={port_libre()}" for nom in ("master.port", "volume.port", "filer.port", "s3.port")]
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
