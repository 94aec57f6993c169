"""What a text document says, block after block: written once, whatever the file that bears it (docx, PDF)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mel_core.dossier.contexte import Contexte

LARGEUR_FICHE = (4.5, 12.5)


@dataclass(frozen=True)
class Titre:
    texte: str
    niveau: int = 1


@dataclass(frozen=True)
class Paragraphe:
    texte: str
    gras: bool = False
    italique: bool = False


@dataclass(frozen=True)
class Puces:
    textes: Sequence[str]


@dataclass(frozen=True)
class Fiche:
    """What goes with what, line by line, without a head."""

    lignes: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """A table whose head is repeated on each page, whose rows are never cut; figures on the right (unless `a_gauche`,
    where a column mixes figures and words), `largeurs` in cm. `en_gras`: of each row, how its first cell begins when
    that stands out from what follows."""

    tetes: Sequence[str]
    lignes: Sequence[Sequence[str]]
    largeurs: Sequence[float]
    a_gauche: bool = False
    en_gras: Sequence[str] = ()

    def est_a_droite(self, texte: str) -> bool:
        return not self.a_gauche and texte[:1] in "0123456789+−—" and len(texte) < 14


Bloc = Titre | Paragraphe | Puces | Fiche | Table


@dataclass(frozen=True)
class Ecrit:
    """A document: its title, its scope and when its data were published, its blocks. `pied`: at the foot of each page,
    under the vintage and the number of the page."""

    titre: str
    contexte: Contexte
    blocs: Sequence[Bloc]
    pied: str = ""

    @property
    def tete(self) -> tuple[str, str]:
        return self.contexte.perimetre, self.contexte.publication

    @property
    def numero(self) -> str:
        """What comes before `1 sur 4`."""
        return f"{self.titre} · {self.contexte.millesime} · page "


def etablissement(lignes: Sequence[tuple[str, str]]) -> tuple[Bloc, Bloc]:
    """Who, when, from which data, with which filters."""
    return Titre("Établissement du document"), Fiche(lignes)
