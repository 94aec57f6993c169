"""Findings gathered while a table is checked, turned into anomalies in file order once it is known which rows stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mel_core.contrat.lecture.arrow import NUMERO_UNIQUE
from mel_core.contrat.lecture.brut import Entiers, Lieu, Masque
from mel_core.contrat.rapport import Anomalie, Gravite
from mel_core.contrat.regles import MODELE, Regle

_SANS_COLONNE = 10_000  # after every column
_NUMERO_COURT = 8  # a real one has 18 characters: shorter, it names nobody
_PHRASES_RETENUES = 10_000  # sentences kept to be shared by the rows that say the same


def montrable(colonne: str, valeur: str | None) -> str | None:
    """The cell as a report may quote it: a numéro unique is personal, its line is enough to find it again."""
    if colonne != NUMERO_UNIQUE or valeur is None or len(valeur) < _NUMERO_COURT:
        return valeur
    return f"{valeur[:3]}…{valeur[-2:]}"


@dataclass(frozen=True)
class _DeLignes:
    """One rule met by the same column on several rows. `details(i)`: what the sentence names, for the i-th of them."""

    regle: Regle
    colonne: str
    positions: Entiers
    valeurs: Sequence[str | None]
    details: Callable[[int], dict[str, Any]] | None
    toujours: bool


class Constats:
    """Findings about one table of one file, or of several. Warnings about rows are given for the rows kept, only."""

    def __init__(self, fichier: str, colonnes: Sequence[str], table: str | None = None) -> None:
        self._colonnes = colonnes
        self._table = table
        self._fichiers = [fichier]
        self._lieux: list[Lieu | None] = [None]
        self._debuts = [0]  # position of the first row of each file
        self._ordre = {nom: rang for rang, nom in enumerate(colonnes)}
        self._generaux: list[Anomalie] = []
        self._de_lignes: list[_DeLignes] = []

    @classmethod
    def reunis(cls, parties: Sequence[tuple[Constats, int]]) -> Constats:
        """Those of several files of a table, each with the number of its rows, as of one table."""
        premier, _ = parties[0]
        tous = cls(premier.fichier, premier._colonnes, premier._table)
        tous._fichiers, tous._lieux, tous._debuts = [], [], []
        debut = 0
        for constats, n in parties:
            tous._fichiers.append(constats.fichier)
            tous._lieux += constats._lieux
            tous._debuts.append(debut)
            tous._generaux += constats._generaux
            tous._de_lignes += (replace(c, positions=c.positions + debut) for c in constats._de_lignes)
            debut += n
        return tous

    @property
    def fichier(self) -> str:
        """The file, or all of them."""
        return ", ".join(self._fichiers)

    def fichiers_de(self, positions: Entiers) -> list[str]:
        """The file of each of these rows."""
        rangs = np.searchsorted(self._debuts, positions, side="right") - 1
        return [self._fichiers[rang] for rang in rangs.tolist()]

    @property
    def est_bloquant(self) -> bool:
        """A row finding never blocks."""
        return any(a.gravite is Gravite.BLOQUANT for a in self._generaux)

    @property
    def n_de_lignes(self) -> int:
        """Findings about rows, those of the rows that go out included."""
        return sum(len(c.positions) for c in self._de_lignes)

    def premier(self) -> tuple[str, int]:
        """Column and position of the first finding about a row."""
        return self._de_lignes[0].colonne, int(self._de_lignes[0].positions[0])

    def report(
        self,
        regle: Regle,
        colonne: str | None = None,
        valeur: str | None = None,
        ligne: int | None = None,
        fichier: str | None = None,
        **details: Any,
    ) -> None:
        """A finding about a file (all of them if none is named), a column or a set of rows."""
        phrase = regle.phrase.format(colonne=colonne, valeur=valeur, **details)
        self._generaux.append(
            Anomalie(fichier or self.fichier, ligne, colonne, valeur, regle.nom, regle.gravite, phrase, self._table)
        )

    def tell(self, phrase: str) -> None:
        """How the files were read, when that is not plain: what was done, a colon, what to do."""
        constat, _, remede = phrase.rstrip(".").rpartition(" : ")
        self.report(MODELE, constat=constat, remede=remede)

    def record(
        self,
        regle: Regle,
        colonne: str,
        positions: Entiers,
        valeurs: Sequence[str | None],
        details: Callable[[int], dict[str, Any]] | None = None,
        toujours: bool = False,
    ) -> None:
        """The same finding on the rows at `positions` (0 for the first), one value each.

        `toujours`: a warning to give even though the row goes out (a duplicate that differs).
        """
        if len(positions):
            self._de_lignes.append(_DeLignes(regle, colonne, positions, valeurs, details, toujours))

    def generales(self) -> list[Anomalie]:
        """What is not about a row, as it was found."""
        return list(self._generaux)

    def anomalies(self, numeros: Entiers, gardees: Masque) -> list[Anomalie]:
        """In file order: each file as a whole, then line by line, columns in the order of the contract."""
        trouvees = self.generales()
        for constat in self._de_lignes:
            self._describe(constat, numeros, gardees, trouvees)
        rangs = {fichier: rang for rang, fichier in enumerate(self._fichiers)}
        trouvees.sort(
            key=lambda a: (rangs.get(a.fichier, -1), (a.ligne or 0) * (_SANS_COLONNE + 2) + self._rang(a.colonne))
        )
        return [self._situate(a, rangs) for a in trouvees] if any(self._lieux) else trouvees

    def come_from(self, lieu: Lieu | None) -> None:
        """The rows of this file come from many: `lieu` tells the file and the line of each by its number."""
        self._lieux = [lieu]

    def lieu_de(self, position: int, numero: int) -> tuple[str, int]:
        """The file and the line of the row at `position`, that its file numbers `numero`."""
        rang = int(np.searchsorted(self._debuts, position, side="right")) - 1
        lieu = self._lieux[rang]
        return lieu(numero) if lieu else (self._fichiers[rang], numero)

    def _situate(self, anomalie: Anomalie, rangs: dict[str, int]) -> Anomalie:
        """What blocks is a question about all of the files together."""
        lieu = self._lieux[rangs[anomalie.fichier]] if anomalie.fichier in rangs else None
        if lieu is None:
            return anomalie
        if not anomalie.ligne or anomalie.gravite is Gravite.BLOQUANT:
            return replace(anomalie, ligne=None)
        fichier, ligne = lieu(anomalie.ligne)
        return replace(anomalie, fichier=fichier, ligne=ligne)

    def _describe(self, c: _DeLignes, numeros: Entiers, gardees: Masque, trouvees: list[Anomalie]) -> None:
        """A file may have a million faulty rows: whatever they say alike is one text."""
        est_filtre = c.regle.gravite is Gravite.AVERTISSEMENT and not c.toujours
        retenus = np.flatnonzero(gardees[c.positions]) if est_filtre else np.arange(len(c.positions))
        phrases: dict[str, str] = {}
        positions = c.positions[retenus]
        lieux = zip(retenus.tolist(), self.fichiers_de(positions), numeros[positions].tolist(), strict=True)
        for i, fichier, ligne in lieux:
            valeur = montrable(c.colonne, c.valeurs[i])
            phrase = c.regle.phrase.format(colonne=c.colonne, valeur=valeur, **(c.details(i) if c.details else {}))
            if len(phrases) < _PHRASES_RETENUES:
                phrase = phrases.setdefault(phrase, phrase)
            trouvees.append(
                Anomalie(fichier, ligne, c.colonne, valeur, c.regle.nom, c.regle.gravite, phrase, self._table)
            )

    def _rang(self, colonne: str | None) -> int:
        return self._ordre.get(colonne, _SANS_COLONNE) if colonne is not None else -1
