"""Which accounts are in Salle: kept beside the data, for the account and not for its browsers, so that no other window,
host name or cookie leaves it, nor a restart of the server.

An account is all its names (`Connexion.noms`): another account of the same verified address is in Salle with it. Only
hashes are written, as names of files: an empty one while it is in Salle, and one that holds the instant at which it
last asked to leave.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mel_core.droits.connexions import Nom, empreinte
from mel_core.socle.partage import partage

PROUVE, NON_PROUVE = "prouvé", "non prouvé"  # who asked to leave said who they are, or not
DELAI = timedelta(minutes=10)  # a request to leave that nobody confirmed is forgotten


def say_passage(*, en_salle: bool, retour: str, est_repetition: bool) -> str:
    """What passing to Salle does, or what it takes to leave it. `retour`: how far leaving is (`visiteur.retour`)."""
    if est_repetition:
        return "Sans connexion, c’est une répétition : la Salle ne tient que dans cet onglet."
    if not en_salle:
        return "Toutes les sessions de ce compte y passent ; en revenir demandera de se connecter de nouveau."
    if retour == PROUVE:
        return "Les listes et leurs exports se rouvriront dans toutes les sessions de ce compte."
    if retour:
        return "La connexion n’a pas redemandé qui est là : recommencer, après s’être déconnecté de son fournisseur."
    minutes = DELAI.seconds // 60
    return f"La connexion redemandera d’abord qui est là ; confirmer ensuite ici, dans les {minutes} minutes."


@dataclass(frozen=True)
class Salles:
    """The accounts in Salle of the store `dossier`."""

    dossier: Path

    def go_in(self, noms: Collection[Nom]) -> None:
        """From now on, until it leaves; what it asked before is forgotten."""
        for nom in noms:
            partage(self.dossier).remove(_demande(nom))
            partage(self.dossier).write(_marque(nom), b"")

    def contient(self, noms: Collection[Nom]) -> bool:
        return any(partage(self.dossier).read(_marque(nom)) is not None for nom in noms)

    def ask(self, noms: Collection[Nom], maintenant: datetime) -> None:
        """Ask to leave. A request under way stays: a provider whose clock is late catches up with it."""
        for nom in noms:
            if self._demandee(nom, maintenant) is None:
                partage(self.dossier).write(_demande(nom), maintenant.astimezone(UTC).isoformat().encode())

    def est_demandee(self, noms: Collection[Nom], depuis: datetime, maintenant: datetime) -> bool:
        """Whether this account asked to leave under `DELAI` ago, and before `depuis`."""
        demandees = [self._demandee(nom, maintenant) for nom in noms]
        return any(demandee is not None and demandee < depuis for demandee in demandees)

    def go_out(self, noms: Collection[Nom], prouvee: datetime, maintenant: datetime) -> bool:
        """Leave, and say whether it did: only an identity proven after the request leaves."""
        if not self.est_demandee(noms, prouvee, maintenant):
            return False
        for nom in noms:
            partage(self.dossier).remove(_marque(nom))
            partage(self.dossier).remove(_demande(nom))
        return True

    def _demandee(self, nom: Nom, maintenant: datetime) -> datetime | None:
        try:
            demandee = datetime.fromisoformat((partage(self.dossier).read(_demande(nom)) or b"").decode("ascii"))
        except ValueError:
            return None
        return demandee if timedelta(0) <= maintenant - demandee <= DELAI else None


def _marque(nom: Nom) -> str:
    return f"salles/{empreinte(nom)}"


def _demande(nom: Nom) -> str:
    return f"{_marque(nom)}.sortie"
