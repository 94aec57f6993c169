"""`python -m tests.repliques`: two replicas on this machine, on the demonstration, until Ctrl+C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.journal.bases import nouvelle_base, serveur_postgresql
from tests.repliques.grappe import Grappe, started
from tests.repliques.objets import CLES_S3, Seaweed


def principal() -> None:
    with tempfile.TemporaryDirectory() as nom, serveur_postgresql() as base:
        racine = Path(nom)
        (racine / "objets").mkdir()
        objets = Seaweed(racine / "objets")
        os.environ |= CLES_S3 | {"AWS_ENDPOINT_URL": objets.adresse}
        os.environ |= {"MEL_JOURNAL": nouvelle_base(base), "MEL_JEUX": "s3://ici/jeux"}
        grappe = Grappe(racine, objets)
        commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", str(grappe.dossiers[Grappe.UNE])]
        subprocess.run([*commande, "demo", "--repetition"], check=True, stdout=subprocess.DEVNULL)
        try:
            with started(grappe):
                print(f"Deux répliques derrière {grappe.adresse} (Ctrl+C pour les arrêter)", flush=True)
                signal.pause()
        except KeyboardInterrupt:
            pass
        finally:
            objets.stop()


if __name__ == "__main__":
    principal()
