"""What a text document says, block after block: written once, whatever the file that bears it (docx, PDF)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mel_core.dossier.contexte import Contexte


class Style(StrEnum):
    """How a paragraph stands out."""

    PARTIE = "partie"
    SOUS_PARTIE = "sous_partie"
    NORMAL = "normal"
    GRAS = "gras"
    ITALIQUE = "italique"
    PUCE = "puce"


@dataclass(frozen=True)
class Texte:
    """A paragraph, a title, or an item of a list."""

    texte: str
    style: Style = Style.NORMAL


@dataclass(frozen=True)
class Table:
    """A table whose head is repeated on each page, whose rows are never cut; figures on the right (unless `a_gauche`,
    where a column mixes figures and words), `largeurs` in cm. Without `tetes`, the first cell of each row is its head.
    `en_gras`: of each row, how its first cell begins when that stands out from what follows."""

    tetes: Sequence[str]
    lignes: Sequence[Sequence[str]]
    largeurs: Sequence[float]
    a_gauche: bool = False
    en_gras: Sequence[str] = ()

    def est_a_droite(self, texte: str) -> bool:
        return not self.a_gauche and texte[:1] in "0123456789+−—" and len(texte) < 14


Bloc = Texte | Table


def partie(texte: str, niveau: int = 1) -> Texte:
    return Texte(texte, Style.PARTIE if niveau == 1 else Style.SOUS_PARTIE)


def puces(textes: Iterable[str]) -> Iterator[Texte]:
    return (Texte(texte, Style.PUCE) for texte in textes)


def fiche(lignes: Sequence[tuple[str, str]]) -> Table:
    """What goes with what, line by line."""
    return Table((), lignes, (4.5, 12.5), a_gauche=True)


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
    return partie("Établissement du document"), fiche(lignes)
