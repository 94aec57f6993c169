"""Which rooms are locked, and which profile each rehearses: kept beside the data, so that neither a reload nor a
restart of the server changes it.

A room is a browser, known by a random token that says nothing of who is there; only its hash is kept, as an empty file.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

COOKIE = "salle"  # set by the server on the first request of a browser


@dataclass(frozen=True)
class Salles:
    """The rooms of the store `dossier`. An empty token is no room: it is never locked here."""

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

    def repeter(self, jeton: str, profil: str) -> None:
        """Keep the profile that this room rehearses on fictitious data (`commune 59512`); empty: none any more."""
        if not jeton:
            return
        self._repetee(jeton).parent.mkdir(parents=True, exist_ok=True)
        if profil:
            self._repetee(jeton).write_text(profil, encoding="utf-8")
        else:
            self._repetee(jeton).unlink(missing_ok=True)

    def repete(self, jeton: str) -> str:
        """What `repeter` kept; empty when it kept nothing."""
        try:
            return self._repetee(jeton).read_text(encoding="utf-8") if jeton else ""
        except (OSError, UnicodeDecodeError):
            return ""

    def _marque(self, jeton: str) -> Path:
        return self.dossier / "salles" / _empreinte(jeton)

    def _repetee(self, jeton: str) -> Path:
        return self.dossier / "repetitions" / _empreinte(jeton)


def _empreinte(jeton: str) -> str:
    return sha256(jeton.encode()).hexdigest()
