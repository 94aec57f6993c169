"""What works well and why, told in séance: good practices and testimonies."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.seance.coordination import textes
from mel_core.socle.appellations import Appele
from mel_core.socle.periodes import Seance

OBJET = "pratique"
RIEN_DE_NOTE = "Rien n’a encore été noté aujourd’hui."


class Genre(Appele):
    """A practice worth doing elsewhere, or what somebody lived."""

    PRATIQUE = "pratique", "Bonne pratique"
    TEMOIGNAGE = "temoignage", "Témoignage"


@dataclass(frozen=True)
class Pratique(Inscrit):
    """`texte`: what is done or told; `pourquoi`: why it works."""

    seance: Seance
    ici: str
    organisation: str
    texte: str
    pourquoi: str = ""
    genre: Genre = Genre.PRATIQUE

    def __post_init__(self) -> None:
        textes.verify("Ce qui fonctionne", self.texte)
        textes.verify("Pourquoi", self.pourquoi, obligatoire=False)
        textes.verify("Organisation", self.organisation)

    @property
    def dite(self) -> str:
        """`Une visite avant la commission. Pourquoi : on refuse moins.`"""
        pourquoi = self.pourquoi.strip()
        return f"{self.texte} Pourquoi : {pourquoi}" if pourquoi else self.texte


def record(journal: Journal, pratique: Pratique, auteur: Auteur, *, identifiant: str, op_id: str) -> Fiche:
    """Write one down; the same `op_id` writes once. Raises as `Journal.write`."""
    textes.refuse_personne({"Ce qui fonctionne": pratique.texte, "Pourquoi": pratique.pourquoi})
    return journal.write(OBJET, identifiant, pratique.contenu(), auteur, op_id)


def find_all(journal: Journal, **filtres: str) -> list[tuple[Fiche, Pratique]]:
    """Oldest first. `filtres`: `seance`, `ici`, `genre`, `organisation`."""
    return Pratique.find_all(journal, OBJET, **filtres)
