"""What is found as a table is read and checked, and the table once read and typed: its columns, the rows that are out.

A finding is told once it is known which rows stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from mel_core.contrat.colonnes import Table
from mel_core.contrat.lecture.brut import NUMERO_UNIQUE, Entiers, Illisible, Lieu, Masque, schema, type_arrow
from mel_core.contrat.mapping import toml
from mel_core.contrat.rapport import Anomalie, BilanTable, ColonneLue, Gravite
from mel_core.contrat.regles import MODELE, Regle
from mel_core.socle.langue import nombre

_NUMERO_COURT = 8  # a real one has 18 characters: shorter, it names nobody
ANOMALIES_MAX = 2_000_000  # of one table, each with its line and its sentence
_SANS_COLONNE = 10_000  # after every column
_PHRASES_RETENUES = 10_000  # sentences kept to be shared by the rows that say the same

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
        dits = {"colonne": colonne, "valeur": valeur, "table": self._table, "cle": toml(valeur), **details}
        phrase = regle.phrase.format(**dits)
        dit = Anomalie(fichier or self.fichier, ligne, colonne, valeur, regle.nom, regle.gravite, phrase, self._table)
        self.generaux.append(dit)

    def note(self, phrase: str) -> None:
        """How the files were read, when that is not plain: what was done, a colon, what to do."""
        constat, _, remede = phrase.rstrip(".").rpartition(" : ")
        self.report(MODELE, constat=constat, remede=remede)


@dataclass(frozen=True)
class Partie:
    """The rows that one file gives, from the position `debut` to `fin` (excluded), and the columns that it has. `sans`:
    those that an answer said it not to have. `colonnes`: its headers. `est_occupation`: its rows say the occupants of
    résidences, and are none. `lieu`: for rows that come from many files, the file and the line of each by its number.
    `source` is empty for a file that can't be read."""

    fichier: str
    fin: int = 0
    source: str = ""
    presentes: frozenset[str] = frozenset()
    sans: frozenset[str] = frozenset()
    colonnes: tuple[ColonneLue, ...] = ()
    est_occupation: bool = False
    lieu: Lieu | None = None
    debut: int = 0


@dataclass
class TableLue:
    """Rows in file order, those of a file after those of another. `donnees` has every column of the contract, unknown
    where it is not given; `presentes` are those that the files have, or that the mapping declares (`declarees`: label
    column → the column that covers it, "" when nobody bears it).

    `numeros`: line of each row. `rejetees`, `doublons`: the rows that go out, and why. `mises_a_part`: what the files
    hold that is no row, titles and totals. `parties`: one per file. `rattachees`: the rows of an occupation survey that
    were given to their résidence, or that say one already said. `est_lisible`: false when a file could not be read as a
    table; it then has no row. `appoints`: what the files say besides the columns of the contract (`appoints`). `memes`:
    key of a row that says what another one says already → the key of that one.
    """

    table: Table
    constats: Constats
    parties: tuple[Partie, ...]
    numeros: Entiers
    donnees: dict[str, pa.Array]
    mises_a_part: int = 0
    est_lisible: bool = True
    declarees: dict[str, str] = field(default_factory=dict)
    appoints: dict[str, pa.Array] = field(default_factory=dict)
    memes: dict[tuple[str, str], str] = field(default_factory=dict)
    presentes: frozenset[str] = field(init=False)
    rejetees: Masque = field(init=False)
    doublons: Masque = field(init=False)
    rattachees: Masque = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.numeros)
        self.presentes = frozenset(self.donnees)
        self.donnees = {c.nom: self.donnees.get(c.nom, pa.nulls(n, type_arrow(c))) for c in self.table.colonnes}
        self.rejetees, self.doublons, self.rattachees = (np.zeros(n, bool) for _ in range(3))

    def lignes_de(self, partie: Partie) -> Masque:
        masque = np.zeros(len(self.numeros), bool)
        masque[partie.debut : partie.fin] = True
        return masque

    def lieu(self, position: int, depuis: int) -> str:
        """`12`, or `12 de « Vilogia.csv »` when it is in another file than the row at `depuis`."""
        (ici, ligne), (la_bas, _) = self._locate(position), self._locate(depuis)
        return str(ligne) if ici == la_bas else f"{ligne} de « {ici} »"

    def _locate(self, position: int) -> tuple[str, int]:
        partie = next(p for p in self.parties if p.debut <= position < p.fin)
        numero = int(self.numeros[position])
        return partie.lieu(numero) if partie.lieu else (partie.fichier, numero)

    @property
    def gardees(self) -> Masque:
        return ~(self.rejetees | self.doublons | self.rattachees)

    def apply(
        self,
        regle: Regle,
        colonne: str,
        lesquelles: Masque | Entiers,
        valeurs: Callable[[], Sequence[str | None]] | None = None,
        details: Details | None = None,
        toujours: bool = False,
    ) -> None:
        """Apply a rule to the rows of a mask, or by their positions: those out are out from now on. `valeurs`: what is
        told of each, else its cell. Raises `Illisible` when there is more to say than anybody will read."""
        positions: Entiers = (
            np.flatnonzero(lesquelles) if lesquelles.dtype == bool else lesquelles.astype(np.int64, copy=False)
        )
        if not positions.size:
            return
        if sum(len(c.positions) for c in self.constats.de_lignes) + positions.size > ANOMALIES_MAX:
            ligne = int(self.numeros[positions[0]])  # the first one often shows them all
            raise Illisible(
                f"Plus de {nombre(ANOMALIES_MAX)} anomalies dans « {self.table.nom} », à commencer par « {colonne} » "
                f"ligne {nombre(ligne)} : corriger l’export, ou donner ensemble les tables qui se répondent, puis "
                "recommencer.",
                ligne,
            )
        dites = valeurs() if valeurs else self.textes(colonne, positions)
        self.constats.de_lignes.append(DeLignes(regle, colonne, positions, dites, details, toujours))
        if regle.gravite is Gravite.REJET:
            self.rejetees[positions] = True

    def textes(self, colonne: str, positions: Entiers) -> list[str | None]:
        """Typed cells as a person reads them."""
        valeurs = self.donnees[colonne].take(pa.array(positions)).to_pylist()
        return [None if v is None else _lisible(v) for v in valeurs]

    def est_remplie(self, colonne: str) -> Masque:
        return self.donnees[colonne].is_valid().to_numpy(zero_copy_only=False)

    def keep(self) -> pa.Table:
        """The rows kept, every column of the contract in its order."""
        complete = pa.table(self.donnees, schema=schema(self.table))
        gardees = self.gardees
        return complete if gardees.all() else complete.filter(pa.array(gardees))

    def anomalies(self) -> list[Anomalie]:
        """In file order: each file as a whole, then line by line, columns in the order of the contract. Warnings about
        rows are given for the rows kept, only."""
        gardees, trouvees = self.gardees | self.rattachees, list(self.constats.generaux)
        for constat in self.constats.de_lignes:
            trouvees += self._describe(constat, gardees)
        fichiers = {p.fichier: rang for rang, p in enumerate(self.parties)}
        colonnes: dict[str | None, int] = {nom: rang for rang, nom in enumerate((None, *self.table.noms))}
        trouvees.sort(key=lambda a: (fichiers.get(a.fichier, -1), a.ligne or 0, colonnes.get(a.colonne, _SANS_COLONNE)))
        lieux = {p.fichier: p.lieu for p in self.parties if p.lieu}
        return [_move(a, lieux[a.fichier]) if a.fichier in lieux else a for a in trouvees] if lieux else trouvees

    def _describe(self, c: DeLignes, gardees: Masque) -> Iterator[Anomalie]:
        """A file may have a million faulty rows: whatever they say alike is one text."""
        est_filtre = c.regle.gravite is Gravite.AVERTISSEMENT and not c.toujours
        retenus = np.flatnonzero(gardees[c.positions]) if est_filtre else np.arange(len(c.positions))
        positions = c.positions[retenus]
        rangs = np.searchsorted([p.debut for p in self.parties], positions, side="right") - 1
        phrases: dict[str, str] = {}
        for i, rang, ligne in zip(retenus.tolist(), rangs.tolist(), self.numeros[positions].tolist(), strict=True):
            valeur = montrable(c.colonne, c.valeurs[i])
            phrase = c.regle.phrase.format(colonne=c.colonne, valeur=valeur, **(c.details(i) if c.details else {}))
            if len(phrases) < _PHRASES_RETENUES:
                phrase = phrases.setdefault(phrase, phrase)
            fichier = self.parties[rang].fichier
            yield Anomalie(fichier, ligne, c.colonne, valeur, c.regle.nom, c.regle.gravite, phrase, self.table.nom)

    def bilan(self, anomalies: Sequence[Anomalie]) -> BilanTable:
        """Reconciled: a difference is a defect of ours, and nothing may be published on it."""
        gardees, rejetees, doublons = (int(m.sum()) for m in (self.gardees, self.rejetees, self.doublons))
        lues = len(self.numeros) - int(self.rattachees.sum())  # no résidences: a sentence says how many
        if lues != gardees + rejetees + doublons:
            raise RuntimeError(f"{self.table.nom}: {lues} rows in, {gardees} + {rejetees} + {doublons} out")
        avertissements = sum(a.gravite is Gravite.AVERTISSEMENT for a in anomalies)
        return BilanTable(lues, gardees, rejetees, doublons, avertissements, self.mises_a_part)


def _move(anomalie: Anomalie, lieu: Lieu) -> Anomalie:
    """Where its row comes from. What blocks is a question about all of the files together."""
    if not anomalie.ligne or anomalie.gravite is Gravite.BLOQUANT:
        return replace(anomalie, ligne=None)
    fichier, ligne = lieu(anomalie.ligne)
    return replace(anomalie, fichier=fichier, ligne=ligne)


def _lisible(valeur: Any) -> str:
    """-5000 and 12,5, as they are written in French."""
    if not isinstance(valeur, float):
        return str(valeur)
    return str(int(valeur)) if valeur.is_integer() else str(valeur).replace(".", ",")


def unite(lues: Sequence[TableLue]) -> TableLue:
    """The files of a table, as one table: its columns are those that any of them has."""
    premiere = lues[0]
    if len(lues) == 1:
        return premiere
    constats = Constats(", ".join(lue.constats.fichier for lue in lues), premiere.table)
    parties: list[Partie] = []
    debut = 0
    for lue in lues:
        constats.generaux += lue.constats.generaux
        constats.de_lignes += (replace(c, positions=c.positions + debut) for c in lue.constats.de_lignes)
        parties += (replace(p, debut=p.debut + debut, fin=p.fin + debut) for p in lue.parties)
        debut += len(lue.numeros)
    unie = TableLue(
        premiere.table,
        constats,
        tuple(parties),
        np.concatenate([lue.numeros for lue in lues]),
        {nom: pa.concat_arrays([lue.donnees[nom] for lue in lues]) for nom in premiere.donnees},
        sum(lue.mises_a_part for lue in lues),
        all(lue.est_lisible for lue in lues),
        {nom: par for lue in reversed(lues) for nom, par in lue.declarees.items()},
        {
            nom: pa.concat_arrays([lue.appoints.get(nom, pa.nulls(len(lue.numeros), pa.string())) for lue in lues])
            for nom in dict.fromkeys(nom for lue in lues for nom in lue.appoints)
        },
    )
    unie.presentes = frozenset().union(*(lue.presentes for lue in lues))
    unie.rejetees = np.concatenate([lue.rejetees for lue in lues])
    return unie
