"""What a table of the data contract is made of: its columns, how each is read, what each refers to (contract.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BAILLEUR = "code_bailleur"


class Type(StrEnum):
    """How a cell is read. `CODE` and `CODE_ENTIER` are closed lists: another value is a question, never a guess."""

    IDENTIFIANT = "identifiant"  # text whose leading zeros matter; a number in a workbook may have lost them
    TEXTE = "texte"
    CODE = "code"
    CODE_ENTIER = "code_entier"  # closed list of whole numbers, stored as an integer
    ENTIER = "entier"
    NOMBRE = "nombre"
    DATE = "date"
    MOIS = "mois"  # 2017-09, stored as text
    BOOLEEN = "booleen"
    LISTE = "liste"  # codes or identifiers separated by |


class SiInconnue(StrEnum):
    """What becomes of a reference that designates nothing known."""

    REJET = "rejet"  # the row goes out
    INCONNU = "inconnu"  # the row stays, the reference reads as `inconnu`
    HORS_MEL = "hors_mel"  # the row stays, the cell becomes `hors_mel`
    SIGNALER = "signaler"  # the row and the cell stay, a warning is given


class Referentiel(StrEnum):
    """What a reference points to. `COMMUNES_MEL` is the embedded official perimeter."""

    COMMUNES_MEL = "communes_mel"
    QUARTIERS = "quartiers"
    BAILLEURS = "bailleurs"
    RESIDENCES = "residences"
    DEMANDES = "demandes"


class Montant(StrEnum):
    """How `12.500` is read in a column of amounts of money."""

    A_DEMANDER = "a_demander"  # two ways: a question
    MILLIERS = "milliers"  # 12 500: what separates three digits from the others is no decimal sign
    DECIMALES = "decimales"  # 12,5


@dataclass(frozen=True)
class Colonne:
    """One column: its type, whether an empty cell rejects the row, its closed list or bounds, its reference.

    `etiquette`: a label (contract §1): an empty cell is false, a missing column is unknown. `montant`: for an amount of
    money, how a figure that may be thousands is read. `est_separee`: of a list of communes, whether « Lille, Paris » is
    two of them; `est_de_2000`: of a date, whether « 10/12/15 » is of 2015 (None: a question).
    """

    nom: str
    type: Type
    requise: bool = False
    valeurs: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    etiquette: bool = False
    reference: Referentiel | None = None
    si_inconnue: SiInconnue = SiInconnue.SIGNALER
    montant: Montant | None = None
    est_separee: bool | None = None
    est_de_2000: bool | None = None

    @property
    def est_commune(self) -> bool:
        """Whether its cells are codes INSEE of communes."""
        return self.reference is Referentiel.COMMUNES_MEL or self.nom == "code_insee"


@dataclass(frozen=True)
class Table:
    """One table: `cle` is the tuple of its key columns. `par_bailleur`: each bailleur numbers its own rows."""

    nom: str
    cle: tuple[str, ...]
    colonnes: tuple[Colonne, ...]
    par_bailleur: bool = False

    @property
    def identite(self) -> tuple[str, ...]:
        """What tells a row from another: a later row with an identity already kept is a duplicate."""
        return (*self.cle, BAILLEUR) if self.par_bailleur else self.cle

    @property
    def noms(self) -> tuple[str, ...]:
        return tuple(c.nom for c in self.colonnes)

    def colonne(self, nom: str) -> Colonne:
        return next(c for c in self.colonnes if c.nom == nom)
