"""The numéro unique never enters the store: a keyed HMAC replaces it (a plain hash is enumerable in a second)."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from pathlib import Path

from mel_core.socle.durable import write_whole

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
            write_whole(chemin, secrets.token_bytes(32))
        return cls(chemin.read_bytes())

    @staticmethod
    def a_sa_cle(dossier: Path) -> bool:
        return (dossier / CLE).exists()

    def de(self, numeros: Iterable[str]) -> list[str]:
        return [hmac.digest(self._cle, n.encode(), "sha256")[:_OCTETS].hex() for n in numeros]
