"""Which accounts are in Salle: kept beside the data, for the account and not for its browsers, so that no other window,
host name or cookie leaves it, nor a restart of the server.

An account is its provider's address then its name there (`Connexion.compte`). Only its hash is written, as the name of
a file: an empty one while it is in Salle, and one that holds the instant at which it last asked to leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from mel_core.socle.durable import write_whole

DELAI = timedelta(minutes=10)  # a request to leave that nobody confirmed is forgotten


@dataclass(frozen=True)
class Salles:
    """The accounts in Salle of the store `dossier`."""

    dossier: Path

    def go_in(self, compte: str) -> None:
        """From now on, until it leaves; what it asked before is forgotten."""
        self._marque(compte).parent.mkdir(parents=True, exist_ok=True)
        self._demande(compte).unlink(missing_ok=True)
        write_whole(self._marque(compte), b"")

    def contient(self, compte: str) -> bool:
        return self._marque(compte).exists()

    def ask(self, compte: str, maintenant: datetime) -> None:
        """Ask to leave. A request under way stays: a provider whose clock is late catches up with it."""
        if self._demandee(compte, maintenant) is None:
            write_whole(self._demande(compte), maintenant.astimezone(UTC).isoformat().encode())

    def est_demandee(self, compte: str, depuis: datetime, maintenant: datetime) -> bool:
        """Whether this account asked to leave under `DELAI` ago, and before `depuis`."""
        demandee = self._demandee(compte, maintenant)
        return demandee is not None and demandee < depuis

    def go_out(self, compte: str, prouvee: datetime, maintenant: datetime) -> bool:
        """Leave, and say whether it did: only an identity proven after the request leaves."""
        if not self.est_demandee(compte, prouvee, maintenant):
            return False
        self._marque(compte).unlink(missing_ok=True)
        self._demande(compte).unlink(missing_ok=True)
        return True

    def _demandee(self, compte: str, maintenant: datetime) -> datetime | None:
        try:
            demandee = datetime.fromisoformat(self._demande(compte).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None
        return demandee if timedelta(0) <= maintenant - demandee <= DELAI else None

    def _marque(self, compte: str) -> Path:
        return self.dossier / "salles" / sha256(compte.encode()).hexdigest()

    def _demande(self, compte: str) -> Path:
        return self._marque(compte).with_suffix(".sortie")
