"""The store in a folder: what it serves, to whom, and how a new snapshot takes its place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from mel_core.entrepot import registre
from mel_core.entrepot.construction import Chargement, chemin, construire
from mel_core.entrepot.lecteur import Lecteur, ouvrir_base
from mel_core.entrepot.portees import Portee
from mel_core.entrepot.pseudonymes import Pseudonymes
from mel_core.entrepot.registre import Instantane
from mel_core.erreurs import ErreurUtilisateur
from mel_core.periodes import Seance

_BASES_OUVERTES = 16


class Entrepot:
    """One store folder. Threads may share it: each reader has a cursor of its own."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self._bases: dict[tuple[str, Portee], duckdb.DuckDBPyConnection] = {}
        self._acces = threading.Lock()

    def instantane(self, seance: Seance | None = None) -> Instantane | None:
        """The snapshot that serves `seance` (or the current one); None when nothing was published."""
        return registre.lire(self.dossier).pour(seance)

    def ouvrir(self, portee: Portee, seance: Seance | None = None) -> Lecteur:
        """A reader of the rows of `portee` in the snapshot that serves `seance`."""
        instantane = self.instantane(seance)
        if instantane is None:
            raise ErreurUtilisateur(
                "Aucun jeu de données n’est publié : en importer un depuis Préparer › Imports, "
                "ou créer la démonstration par « python -m mel_core demo »."
            )
        with self._acces:
            cle = (instantane.identifiant, portee)
            if cle not in self._bases:
                while len(self._bases) >= _BASES_OUVERTES:
                    # Readers already open keep their cursor, hence the snapshot that they opened.
                    self._bases.pop(next(iter(self._bases)))
                self._bases[cle] = ouvrir_base(chemin(self.dossier, instantane.identifiant), portee)
            return Lecteur(self._bases[cle], instantane, portee)

    def pseudonymes(self) -> Pseudonymes:
        self.dossier.mkdir(parents=True, exist_ok=True)
        return Pseudonymes.du_dossier(self.dossier)

    @contextmanager
    def reserver(self) -> Iterator[None]:
        """Keep other imports out; released by the system if the process dies."""
        self.dossier.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.dossier / ".verrou", timeout=0):
                yield
        except Timeout:
            raise ErreurUtilisateur(
                "Un autre import est en cours dans ce dossier de données : attendre qu’il se termine, puis recommencer."
            ) from None

    def publier(
        self, chargement: Chargement, seance: Seance | None = None, base: Instantane | None = None
    ) -> tuple[Instantane, bool]:
        """Build the snapshot, then serve it to `seance` or to every séance that is not frozen, in one switch.

        Tables that `chargement` does not bring are those of `base`. Returns the snapshot and whether anything changed:
        the same content over the same snapshot changes nothing. The caller holds `reserver()`.
        """
        avant = registre.lire(self.dossier)
        avant.verifier_ouverte(seance)  # a frozen séance refuses before any work
        ancien = chemin(self.dossier, base.identifiant) if base else None
        identifiant, nature = construire(self.dossier, chargement, ancien)
        instantane = Instantane(identifiant, nature, datetime.now(UTC).replace(microsecond=0))
        servi = avant.pour(seance)
        if servi is not None and servi.identifiant == identifiant:
            instantane = servi
        apres = avant.publier(instantane, seance)
        if apres != avant:
            registre.ecrire(self.dossier, apres)
        return instantane, apres != avant
