"""Which logins are still good: no older than a working day, not closed by their owner, not revoked by a co-pilot.

A login lives in a signed cookie that a browser keeps for a month and that a copy outlives: what ends one is kept here,
beside the data. Only hashes are written, as names of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

AGE_MAX = timedelta(hours=8)


@dataclass(frozen=True)
class Connexion:
    """One login: the cookie that carries it, the account (`courriel`, empty when unknown), the instant of the login."""

    jeton: str
    courriel: str
    depuis: datetime


@dataclass(frozen=True)
class Connexions:
    """The logins that the store `dossier` knows to be ended."""

    dossier: Path

    def est_bonne(self, connexion: Connexion, maintenant: datetime) -> bool:
        """Whether whoever holds `connexion` is logged in at `maintenant`."""
        age = maintenant - connexion.depuis
        return (
            timedelta(0) <= age <= AGE_MAX
            and not self._fermee(connexion.jeton).exists()
            and not self._est_revoquee(connexion)
        )

    def fermer(self, jeton: str) -> None:
        """End one login: its owner leaves."""
        self._fermee(jeton).parent.mkdir(parents=True, exist_ok=True)
        self._fermee(jeton).touch()

    def revoquer(self, courriel: str, maintenant: datetime) -> None:
        """End every login of an account until `maintenant`; it may log in again, unless the register lost it."""
        marque = self._revoquee(courriel)
        marque.parent.mkdir(parents=True, exist_ok=True)
        provisoire = marque.with_suffix(".tmp")
        provisoire.write_text(maintenant.astimezone(UTC).isoformat(), encoding="ascii")
        provisoire.replace(marque)

    def _est_revoquee(self, connexion: Connexion) -> bool:
        try:
            jusqu_a = datetime.fromisoformat(self._revoquee(connexion.courriel).read_text(encoding="ascii"))
        except FileNotFoundError:
            return False
        return connexion.depuis <= jusqu_a

    def _fermee(self, jeton: str) -> Path:
        return self.dossier / "connexions" / f"fermee-{_empreinte(jeton)}"

    def _revoquee(self, courriel: str) -> Path:
        return self.dossier / "connexions" / f"revoque-{_empreinte(courriel.strip().lower())}"


def _empreinte(texte: str) -> str:
    return sha256(texte.encode()).hexdigest()
