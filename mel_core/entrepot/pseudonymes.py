"""The numéro unique never enters the store: a keyed HMAC replaces it (a plain hash is enumerable in a second)."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

CLE = "cle_pseudonymes"
_OCTETS = 16  # 128 bits: no collision to fear among millions of applicants


class Pseudonymes:
    """Numéro unique → pseudonym (32 hexadecimal characters), always the same for one key."""

    def __init__(self, cle: bytes) -> None:
        self._cle = cle

    @classmethod
    def du_dossier(cls, dossier: Path) -> Pseudonymes:
        """The key of this store, drawn at the first use, readable by its owner only."""
        chemin = dossier / CLE
        if not chemin.exists():
            provisoire = chemin.with_name(f".{chemin.name}.{secrets.token_hex(4)}")
            descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descripteur, "wb") as fichier:
                fichier.write(secrets.token_bytes(32))
                fichier.flush()
                os.fsync(fichier.fileno())
            provisoire.replace(chemin)
        return cls(chemin.read_bytes())

    @staticmethod
    def a_sa_cle(dossier: Path) -> bool:
        return (dossier / CLE).exists()

    def de(self, numeros: Iterable[str]) -> list[str]:
        return [hmac.digest(self._cle, n.encode(), "sha256")[:_OCTETS].hex() for n in numeros]
