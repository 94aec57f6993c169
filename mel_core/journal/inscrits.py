"""What is kept in the journal, from a dataclass to an entry and back: the one way there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from mel_core.journal.fiches import Fiche
from mel_core.journal.journal import Journal
from mel_core.socle import formes


class Inscrit:
    """A dataclass that an entry keeps (see `formes`). `GENRE` tells one class from the others of a union."""

    GENRE: ClassVar[str] = ""

    def contenu(self) -> dict[str, Any]:
        """As the journal keeps it."""
        genre = {"genre": self.GENRE} if self.GENRE else {}
        return genre | formes.encode_champs(self)

    @classmethod
    def depuis(cls, ecrit: Fiche | Mapping[str, Any]) -> Self:
        """As it was written; the payload of an entry must not have been erased."""
        lu: Self = formes.decode_champs(cls, ecrit.contenu if isinstance(ecrit, Fiche) else ecrit)
        return lu

    @classmethod
    def find(cls, journal: Journal, objet: str, identifiant: str) -> tuple[Fiche, Self] | None:
        """The object in force with its entry; None when it was never written, or was erased."""
        fiche = journal.read(objet, identifiant)
        return None if fiche is None or fiche.effacee else (fiche, cls.depuis(fiche))

    @classmethod
    def find_all(cls, journal: Journal, objet: str, **filtres: Any) -> list[tuple[Fiche, Self]]:
        """The objects of a kind with their entry, oldest first; not those that were erased."""
        return [(f, cls.depuis(f)) for f in journal.find_all(objet, **filtres) if not f.effacee]
