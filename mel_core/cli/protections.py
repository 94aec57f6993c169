"""What the latest séance may show, decided when a snapshot is published: once all is said, and behind all the rest."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from mel_core.entrepot import Entrepot
from mel_core.erreurs import ErreurUtilisateur

_RACINE = Path(__file__).resolve().parents[2]
_DERRIERE = 19  # the lowest priority: what is projected meanwhile, or another import, goes first


def executer(options: argparse.Namespace) -> int:
    entrepot = Entrepot(options.dossier_donnees)
    if entrepot.instantane() is None:
        raise ErreurUtilisateur(
            "Aucun jeu de données n’est publié : en importer un, ou créer la démonstration par « demo »."
        )
    # Here as in the other commands: only what the one that runs needs is loaded.
    from mel_core.diffusion import preparer

    if hasattr(os, "nice"):
        os.nice(_DERRIERE)
    preparer(entrepot)
    print("Protection des petits nombres décidée pour la dernière séance.")
    return 0


def lancer(dossier: Path) -> None:
    """The same in a process of its own, that nobody waits for: it goes on when the command has ended. Where it cannot
    start, whoever opens a table first waits for what it would have decided."""
    commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", str(dossier.resolve()), "proteger"]
    fenetre = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    sans = subprocess.DEVNULL
    with suppress(OSError):
        subprocess.Popen(
            commande, cwd=_RACINE, stdin=sans, stdout=sans, stderr=sans, start_new_session=True, creationflags=fenetre
        )
