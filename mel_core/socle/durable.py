"""Files for their owner alone, written whole: a reader sees the former or the new one, a power cut loses neither."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_FICHIER, _AU_PROPRIETAIRE = 0o600, 0o700
_TENUS = ("registre.json", "journal*")  # what says that a folder is a store


def keep_private(dossier: Path) -> None:
    """What this process writes from now on, and the store in `dossier` as it was found, are for their owner alone. A
    folder that holds no store is somebody's, and is left as it is."""
    os.umask(0o077)
    if not any(trouve for nom in _TENUS for trouve in dossier.glob(nom)):
        return
    for chemin in (dossier, *dossier.rglob("*")):
        if not chemin.is_symlink() and os.access(chemin, os.W_OK):
            chemin.chmod(chemin.stat().st_mode & _AU_PROPRIETAIRE)


def write_whole(chemin: Path, octets: bytes) -> None:
    """Replace `chemin` in one rename, durable when it returns; its folder is there already."""
    provisoire = chemin.with_name(f".{chemin.name}.{secrets.token_hex(4)}")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FICHIER)
    try:
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        provisoire.replace(chemin)
    finally:
        provisoire.unlink(missing_ok=True)  # a full disk leaves nothing beside
    synchronise(chemin.parent)


def synchronise(dossier: Path) -> None:
    """Make the names in `dossier` durable, where the system can."""
    if os.name == "posix":
        descripteur = os.open(dossier, os.O_RDONLY)
        try:
            os.fsync(descripteur)
        finally:
            os.close(descripteur)
