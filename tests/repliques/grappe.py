"""Two replicas of the application on a real PostgreSQL and a real object store, behind a real proxy, on this machine.

`python -m tests.repliques` starts them on the demonstration and says where they answer, until Ctrl+C.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.navigateur.conftest import RACINE, demarrer, port_libre, wait_until_up
from tests.repliques.objets import Seaweed

BINAIRES = Path(sys.executable).parent
CLES = ("cle_pseudonymes", "journal.cle", "coffre.cle")
_OUVERTES = "ici_sessions "
ATTENTE_S = 60


class Grappe:
    """`UNE` and `AUTRE`, each with a folder and a port of its own. `adresse`: that of the proxy. Their store of objects
    is reached by a link of its own, which can be cut."""

    UNE, AUTRE = "une", "autre"

    def __init__(self, racine: Path, objets: Seaweed) -> None:
        self.dossiers = {nom: racine / nom for nom in (self.UNE, self.AUTRE)}
        self._ports = {nom: port_libre() for nom in self.dossiers}
        self._compteurs = {nom: port_libre() for nom in self.dossiers}
        self._liens = {nom: port_libre() for nom in self.dossiers}
        self._objets, self._racine = objets, racine
        self._processus: dict[str, subprocess.Popen[bytes]] = {}
        port = port_libre()
        self.adresse = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """The folder of `UNE` has its keys and what it published; the other is given its keys."""
        une, autre = self.dossiers.values()
        autre.mkdir(exist_ok=True)
        for cle in CLES:
            if (une / cle).exists():
                shutil.copy(une / cle, autre)
        for nom in self.dossiers:
            self.link(nom)
            self.raise_up(nom)
        noms = {"ICI_NOM": self.adresse} | {
            f"ICI_{nom.upper()}": f"127.0.0.1:{port}" for nom, port in self._ports.items()
        }
        self._run("mandataire", "run", "--config", "deploiement/Caddyfile", "--adapter", "caddyfile", **noms)
        _wait_for(f"{self.adresse}/sante")

    def environment(self, nom: str) -> dict[str, str]:
        """Where this replica reads and writes."""
        return {
            "MEL_DONNEES": str(self.dossiers[nom]),
            "MEL_COMPTEURS": f"127.0.0.1:{self._compteurs[nom]}",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._liens[nom]}",
        }

    def raise_up(self, nom: str) -> None:
        serveur, adresse = demarrer(
            self.dossiers[nom], port=self._ports[nom], variables=self.environment(nom) | {"MEL_TRACES": "json"}
        )
        self._processus[nom] = serveur
        wait_until_up(serveur, adresse)
        _wait_for(f"{adresse}/pret")

    def kill(self, nom: str) -> None:
        """−9."""
        self._processus[nom].kill()
        self._processus.pop(nom).wait(10)

    def link(self, nom: str) -> None:
        """Join a replica and the store of objects; `kill("lien-…")` cuts them off."""
        de, vers = f"127.0.0.1:{self._liens[nom]}", self._objets.adresse.removeprefix("http://")
        self._run(f"lien-{nom}", "reverse-proxy", "--from", f"http://{de}", "--to", vers)

    def replica(self, nom: str) -> str:
        """Its address, without the proxy."""
        return f"http://127.0.0.1:{self._ports[nom]}"

    def pid(self, nom: str) -> int:
        return self._processus[nom].pid

    def serving(self) -> str:
        """The replica where a page is open."""
        for nom, port in self._compteurs.items():
            if nom in self._processus:
                lus = _read(f"http://127.0.0.1:{port}/metrics").splitlines()
                if any(ligne.startswith(_OUVERTES) and float(ligne.split()[1]) for ligne in lus):
                    return nom
        raise AssertionError("no page is open")

    def stop(self) -> None:
        for nom in list(self._processus):
            self.kill(nom)

    def _run(self, nom: str, *mots: str, **variables: str) -> None:
        chez_lui = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"), str(self._racine))
        self._processus[nom] = subprocess.Popen(
            [BINAIRES / "caddy", *mots],
            cwd=RACINE,
            env={**os.environ, **chez_lui, **variables, "CADDY_ADMIN": f"127.0.0.1:{port_libre()}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def started(grappe: Grappe) -> Iterator[Grappe]:
    with ExitStack() as fin:
        fin.callback(grappe.stop)
        grappe.start()
        yield grappe


def _read(adresse: str) -> str:
    with urllib.request.urlopen(adresse, timeout=2) as reponse:  # noqa: S310
        return str(reponse.read().decode())


def _wait_for(adresse: str) -> None:
    fin = time.monotonic() + ATTENTE_S
    while True:
        try:
            _read(adresse)
        except OSError:
            assert time.monotonic() < fin, f"{adresse} does not answer"
            time.sleep(0.1)
        else:
            return
