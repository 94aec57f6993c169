"""Which logins are still good: no older than a working day, not closed by their owner, not revoked by a co-pilot.

A login lives in a signed cookie that a browser keeps for a month and that a copy outlives: what ends one is kept here,
beside the data. Only hashes are written, as names of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from mel_core.socle.durable import write_whole

AGE_MAX = timedelta(hours=8)


@dataclass(frozen=True)
class Connexion:
    """One login: the cookie that carries it, the account (its provider's address then its name there), the instant of
    the login. `courriel`: empty unless the provider says that it verified it. `authentifiee`: when the provider says
    that it last asked who is there, which may be long before a login."""

    jeton: str
    compte: str
    depuis: datetime
    courriel: str = ""
    authentifiee: datetime | None = None

    @property
    def prouvee(self) -> datetime:
        """When somebody proved to be this account: no later than the login, and than what the provider says."""
        return min(self.depuis, self.authentifiee or self.depuis)

    @property
    def noms(self) -> tuple[str, ...]:
        """What this account may be called, in the register as in a revocation: never an address that it only claims."""
        return tuple(nom for nom in (self.courriel, self.compte) if nom)


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

    def close(self, jeton: str) -> None:
        """End one login: its owner leaves."""
        self._fermee(jeton).parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._fermee(jeton), b"")

    def revoke(self, compte: str, maintenant: datetime) -> None:
        """End every login of an account until `maintenant`; it may log in again, unless the register lost it."""
        marque = self._revoquee(compte)
        marque.parent.mkdir(parents=True, exist_ok=True)
        write_whole(marque, maintenant.astimezone(UTC).isoformat().encode())

    def _est_revoquee(self, connexion: Connexion) -> bool:
        return any(connexion.depuis <= self._jusqu_a(nom) for nom in connexion.noms)

    def _jusqu_a(self, nom: str) -> datetime:
        try:
            return datetime.fromisoformat(self._revoquee(nom).read_text(encoding="ascii"))
        except FileNotFoundError:
            return datetime.min.replace(tzinfo=UTC)

    def _fermee(self, jeton: str) -> Path:
        return self.dossier / "connexions" / f"fermee-{_empreinte(jeton)}"

    def _revoquee(self, nom: str) -> Path:
        return self.dossier / "connexions" / f"revoque-{_empreinte(nom.strip().lower())}"


def _empreinte(texte: str) -> str:
    return sha256(texte.encode()).hexdigest()
