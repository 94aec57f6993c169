"""Findings gathered while a table is read and checked; they are told once it is known which rows stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mel_core.contrat.lecture.arrow import NUMERO_UNIQUE
from mel_core.contrat.lecture.brut import Entiers
from mel_core.contrat.rapport import Anomalie, Gravite
from mel_core.contrat.regles import MODELE, Regle
from mel_core.contrat.tables import Table

_NUMERO_COURT = 8  # a real one has 18 characters: shorter, it names nobody

Details = Callable[[int], dict[str, Any]]


def montrable(colonne: str, valeur: str | None) -> str | None:
    """The cell as a report may quote it: a numéro unique is personal, its line is enough to find it again."""
    if colonne != NUMERO_UNIQUE or valeur is None or len(valeur) < _NUMERO_COURT:
        return valeur
    return f"{valeur[:3]}…{valeur[-2:]}"


@dataclass(frozen=True)
class DeLignes:
    """One rule met by the same column on several rows. `details(i)`: what the sentence names, for the i-th of them.
    `toujours`: a warning to give even though the row goes out (a duplicate that differs)."""

    regle: Regle
    colonne: str
    positions: Entiers
    valeurs: Sequence[str | None]
    details: Details | None = None
    toujours: bool = False


class Constats:
    """Findings about a file, and the table that it is read for, if any: of the whole, and of rows by their position."""

    def __init__(self, fichier: str, table: Table | None = None) -> None:
        self.fichier = fichier
        self._table = table.nom if table else None
        self.generaux: list[Anomalie] = []
        self.de_lignes: list[DeLignes] = []

    @property
    def est_bloquant(self) -> bool:
        """A row finding never blocks."""
        return any(a.gravite is Gravite.BLOQUANT for a in self.generaux)

    @property
    def n_de_lignes(self) -> int:
        """Findings about rows, those of the rows that go out included."""
        return sum(len(c.positions) for c in self.de_lignes)

    def report(
        self,
        regle: Regle,
        colonne: str | None = None,
        valeur: str | None = None,
        ligne: int | None = None,
        fichier: str | None = None,
        **details: Any,
    ) -> None:
        """A finding about a file (this one if none is named), a column or a set of rows."""
        phrase = regle.phrase.format(colonne=colonne, valeur=valeur, **details)
        dit = Anomalie(fichier or self.fichier, ligne, colonne, valeur, regle.nom, regle.gravite, phrase, self._table)
        self.generaux.append(dit)

    def tell(self, phrase: str) -> None:
        """How the files were read, when that is not plain: what was done, a colon, what to do."""
        constat, _, remede = phrase.rstrip(".").rpartition(" : ")
        self.report(MODELE, constat=constat, remede=remede)
