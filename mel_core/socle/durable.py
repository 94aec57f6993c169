"""Files written whole: a reader sees the former one or the new one, and a power cut loses neither."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PRIVE = 0o600  # readable by its owner only


def write_whole(chemin: Path, octets: bytes, mode: int = 0o666) -> None:
    """Replace `chemin` in one rename, durable when it returns; its folder is there already."""
    provisoire = chemin.with_name(f".{chemin.name}.{secrets.token_hex(4)}")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
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
