"""Which logins are still good: no older than a working day, not closed by their owner, not revoked by a co-pilot.

A login lives in a signed cookie that a browser keeps for a month and that a copy outlives: what ends one is kept here,
beside the data. Only hashes are written, as names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from mel_core.socle.partage import partage

AGE_MAX = timedelta(hours=8)

# What an account is called: its verified address alone, or its provider then its name there. Never one string: an
# address that spells « provider name » is another name.
Nom = tuple[str, ...]


def nom_ecrit(dit: object) -> Nom:
    """A name as the register and the command line write it: an address in any case, or the provider, a space, the name
    there; empty when nothing is written."""
    emetteur, espace, sujet = str(dit).strip().partition(" ")
    return (emetteur, sujet) if espace else (emetteur.lower(),) if emetteur else ()


def empreinte(nom: Nom) -> str:
    """What is written of a name on the disk."""
    return sha256(json.dumps(nom).encode()).hexdigest()


@dataclass(frozen=True)
class Connexion:
    """One login: the cookie that carries it, the account (its provider, its name there), the instant of the login.
    `courriel`: empty unless the provider says that it verified it. `authentifiee`: when the provider says that it last
    asked who is there, which may be long before a login."""

    jeton: str
    emetteur: str
    sujet: str
    depuis: datetime
    courriel: str = ""
    authentifiee: datetime | None = None

    @property
    def prouvee(self) -> datetime:
        """When somebody proved to be this account: no later than the login, and than what the provider says."""
        return min(self.depuis, self.authentifiee or self.depuis)

    @property
    def noms(self) -> tuple[Nom, ...]:
        """What this account may be called, in the register, a revocation or a lock: never an address that it only
        claims. A second account of the same address shares one of them."""
        au_fournisseur = ((self.emetteur, self.sujet),) if self.emetteur and self.sujet else ()
        return (*((nom_ecrit(self.courriel),) if self.courriel else ()), *au_fournisseur)

    @property
    def signature(self) -> str:
        """What this login signs."""
        return self.courriel or f"{self.emetteur} {self.sujet}".strip()


@dataclass(frozen=True)
class Connexions:
    """The logins that the store `dossier` knows to be ended."""

    dossier: Path

    def est_bonne(self, connexion: Connexion, maintenant: datetime) -> bool:
        """Whether whoever holds `connexion` is logged in at `maintenant`."""
        age = maintenant - connexion.depuis
        return (
            timedelta(0) <= age <= AGE_MAX
            and partage(self.dossier).read(_fermee(connexion.jeton)) is None
            and not self._est_revoquee(connexion)
        )

    def close(self, jeton: str) -> None:
        """End one login: its owner leaves."""
        partage(self.dossier).write(_fermee(jeton), b"")

    def revoke(self, compte: str, maintenant: datetime) -> None:
        """End every login of an account until `maintenant`; it may log in again, unless the register lost it."""
        partage(self.dossier).write(_revoquee(nom_ecrit(compte)), maintenant.astimezone(UTC).isoformat().encode())

    def _est_revoquee(self, connexion: Connexion) -> bool:
        return any(connexion.depuis <= self._jusqu_a(nom) for nom in connexion.noms)

    def _jusqu_a(self, nom: Nom) -> datetime:
        lu = partage(self.dossier).read(_revoquee(nom))
        return datetime.fromisoformat(lu.decode("ascii")) if lu else datetime.min.replace(tzinfo=UTC)


def _fermee(jeton: str) -> str:
    return f"connexions/fermee-{empreinte((jeton,))}"


def _revoquee(nom: Nom) -> str:
    return f"connexions/revoque-{empreinte(nom)}"
