"""A table once read and typed: its columns, the rows that are out, and what there is to say about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.lecture.arrow import schema
from mel_core.contrat.lecture.brut import Entiers, Illisible, Masque
from mel_core.contrat.lecture.tailles import ANOMALIES_MAX, trop_d_anomalies
from mel_core.contrat.rapport import Anomalie, BilanTable, ColonneLue, Gravite
from mel_core.contrat.regles import Regle
from mel_core.contrat.tables import Table


@dataclass(frozen=True)
class Partie:
    """The rows that one file gives, from the position `debut` to `fin` (excluded), and the columns that it has. `sans`:
    those that an answer said it not to have. `colonnes`: its headers. `est_occupation`: its rows say the occupants of
    résidences, and are none."""

    fichier: str
    source: str
    debut: int
    fin: int
    presentes: frozenset[str]
    sans: frozenset[str] = frozenset()
    colonnes: tuple[ColonneLue, ...] = ()
    est_occupation: bool = False


@dataclass
class TableLue:
    """Rows in file order, those of a file after those of another. `donnees` has every column of the contract;
    `presentes` are those that the file has, or that the mapping declares (`declarees`: label column → the column that
    covers it, "" when nobody bears it).

    `lues`: rows counted by the reader. `numeros`: line of each. `rejetees`, `doublons`: the rows that go out, and why.
    `est_lisible`: false when a file could not be read as a table; it then has no row. `mises_a_part`: what the files
    hold that is no row, titles and totals. `parties`: one per file. `rattachees`: the rows of an occupation survey that
    were given to their résidence.
    """

    table: Table
    constats: Constats
    presentes: frozenset[str]
    numeros: Entiers
    donnees: dict[str, pa.Array]
    rejetees: Masque
    doublons: Masque
    lues: int
    est_lisible: bool
    declarees: dict[str, str] = field(default_factory=dict)
    mises_a_part: int = 0
    parties: tuple[Partie, ...] = ()
    rattachees: Masque = field(init=False)

    def __post_init__(self) -> None:
        self.rattachees = np.zeros(len(self.numeros), bool)

    @classmethod
    def reunie(cls, lues: Sequence[TableLue]) -> TableLue:
        """The files of a table, as one table: its columns are those that any of them has."""
        if len(lues) == 1:
            return lues[0]
        constats = Constats.reunis([(lue.constats, len(lue.numeros)) for lue in lues])
        debuts = np.cumsum([0, *(len(lue.numeros) for lue in lues)]).tolist()
        parties = tuple(
            replace(p, debut=p.debut + debut, fin=p.fin + debut)
            for lue, debut in zip(lues, debuts, strict=False)
            for p in lue.parties
        )
        premiere = lues[0]
        return cls(
            table=premiere.table,
            constats=constats,
            presentes=frozenset().union(*(lue.presentes for lue in lues)),
            numeros=np.concatenate([lue.numeros for lue in lues]),
            donnees={nom: pa.concat_arrays([lue.donnees[nom] for lue in lues]) for nom in premiere.donnees},
            rejetees=np.concatenate([lue.rejetees for lue in lues]),
            doublons=np.concatenate([lue.doublons for lue in lues]),
            lues=sum(lue.lues for lue in lues),
            est_lisible=all(lue.est_lisible for lue in lues),
            declarees={nom: par for lue in reversed(lues) for nom, par in lue.declarees.items()},
            mises_a_part=sum(lue.mises_a_part for lue in lues),
            parties=parties,
        )

    def lignes_de(self, partie: Partie) -> Masque:
        masque = np.zeros(len(self.numeros), bool)
        masque[partie.debut : partie.fin] = True
        return masque

    def lieu(self, position: int, depuis: int) -> str:
        """`12`, or `12 de « Vilogia.csv »` when it is in another file than the row at `depuis`."""
        ici, ligne = self.constats.lieu_de(position, int(self.numeros[position]))
        la_bas, _ = self.constats.lieu_de(depuis, int(self.numeros[depuis]))
        return str(ligne) if ici == la_bas else f"{ligne} de « {ici} »"

    @property
    def gardees(self) -> Masque:
        return ~(self.rejetees | self.doublons | self.rattachees)

    def ascertain(
        self,
        regle: Regle,
        colonne: str,
        est_fautive: Masque,
        details: Callable[[int], dict[str, Any]] | None = None,
    ) -> None:
        """Apply a rule to the rows of a mask; the value told is the cell's."""
        positions = np.flatnonzero(est_fautive)
        if positions.size:
            self.bound(colonne, positions)
            self.ascertain_a(regle, colonne, positions, self.textes(colonne, positions), details)

    def ascertain_a(
        self,
        regle: Regle,
        colonne: str,
        positions: Entiers,
        valeurs: Sequence[str | None],
        details: Callable[[int], dict[str, Any]] | None = None,
    ) -> None:
        """Apply a rule to rows by position, one value each; a row out is out from now on."""
        self.constats.record(regle, colonne, positions, valeurs, details)
        if regle.gravite is Gravite.REJET:
            self.rejetees[positions] = True

    def bound(self, colonne: str, positions: Entiers) -> None:
        """Before as many texts are made: raises `Illisible` when there is more to say than anybody will read."""
        if self.constats.n_de_lignes + positions.size > ANOMALIES_MAX:
            ligne = int(self.numeros[positions[0]])
            raise Illisible(trop_d_anomalies(self.table.nom, colonne, ligne), ligne)

    def textes(self, colonne: str, positions: Entiers) -> list[str | None]:
        """Typed cells as a person reads them."""
        valeurs = self.donnees[colonne].take(pa.array(positions)).to_pylist()
        return [None if v is None else _lisible(v) for v in valeurs]

    def est_remplie(self, colonne: str) -> Masque:
        masque: Masque = self.donnees[colonne].is_valid().to_numpy(zero_copy_only=False)
        return masque

    def keep(self) -> pa.Table:
        """The rows kept, every column of the contract in its order."""
        complete = pa.table(self.donnees, schema=schema(self.table))
        gardees = self.gardees
        return complete if gardees.all() else complete.filter(pa.array(gardees))

    def anomalies(self) -> list[Anomalie]:
        return self.constats.anomalies(self.numeros, self.gardees | self.rattachees)

    def bilan(self, anomalies: Sequence[Anomalie]) -> BilanTable:
        """Reconciled: a difference is a defect of ours, and nothing may be published on it."""
        n = {
            nom: int(masque.sum()) for nom, masque in (("g", self.gardees), ("r", self.rejetees), ("d", self.doublons))
        }
        lues = self.lues - int(self.rattachees.sum())  # no résidences: a sentence says how many
        if lues != n["g"] + n["r"] + n["d"]:
            raise RuntimeError(f"{self.table.nom}: {lues} rows in, {n['g']} + {n['r']} + {n['d']} out")
        avertissements = sum(a.gravite is Gravite.AVERTISSEMENT for a in anomalies)
        return BilanTable(lues, n["g"], n["r"], n["d"], avertissements, self.mises_a_part)


def _lisible(valeur: Any) -> str:
    """-5000 and 12,5, as they are written in French."""
    if not isinstance(valeur, float):
        return str(valeur)
    return str(int(valeur)) if valeur.is_integer() else str(valeur).replace(".", ",")
