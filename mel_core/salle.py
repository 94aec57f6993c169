"""Which rooms are locked: kept beside the data, so that neither a reload nor a restart of the server opens one.

A room is a browser, known by a random token that says nothing of who is there; only its hash is kept, as an empty file.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

COOKIE = "salle"  # set by the server on the first request of a browser


@dataclass(frozen=True)
class Salles:
    """The locked rooms of the store `dossier`. An empty token is no room: it is never locked here."""

    dossier: Path

    def verrouiller(self, jeton: str) -> None:
        if not jeton:
            return
        self._marque(jeton).parent.mkdir(parents=True, exist_ok=True)
        self._marque(jeton).touch()

    def deverrouiller(self, jeton: str) -> None:
        self._marque(jeton).unlink(missing_ok=True)

    def est_verrouillee(self, jeton: str) -> bool:
        return bool(jeton) and self._marque(jeton).exists()

    def _marque(self, jeton: str) -> Path:
        return self.dossier / "salles" / sha256(jeton.encode()).hexdigest()
