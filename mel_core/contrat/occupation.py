"""The occupation survey (OPS) beside the résidences that it describes: a file of one row per résidence completes them.

Such a file has the name of the résidence and its occupants, and none of what makes a résidence: its dwellings, its
quartier. Its rows are no résidences: each is attached to the one that bears its code, else its name when a single one
does, or goes out with its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from mel_core.contrat.lecture.brut import Entiers, Illisible
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.proches import fold
from mel_core.contrat.regles import (
    DOUBLON_DIFFERENT,
    OCCUPATION_D_UN_AUTRE,
    OCCUPATION_SANS_RESIDENCE,
    Regle,
)
from mel_core.contrat.tables import RESIDENCES, SANS_LOGEMENTS, Table
from mel_core.socle.langue import effectif

(CLE,) = RESIDENCES.cle
OCCUPANTS = tuple(nom for nom in RESIDENCES.noms if nom.startswith("n_occupants_") or nom == "annee_enquete")
_PROPRES_A_UNE_RESIDENCE = (SANS_LOGEMENTS[1], "code_quartier")
OCCUPATION = Table(
    RESIDENCES.nom,
    RESIDENCES.cle,
    tuple(replace(c, requise=c.nom == CLE) for c in RESIDENCES.colonnes if c.nom in (CLE, "code_bailleur", *OCCUPANTS)),
)
_SEULE = (
    "Ce fichier ne dit que les occupants de résidences (enquête OPS) : le donner en même temps que celui des "
    "résidences, RPLS ou le tableau du bailleur."
)


def is_occupation(entete: Iterable[str], attendus: dict[str, str], sans: Collection[str]) -> bool:
    """Whether a file given to `residences` is one of occupation: by its header, or because an answer says that nothing
    in it gives the dwellings (`sans`; a mapping says it of every file, those that have them included). `attendus`: the
    name of each column in the file."""
    plis = {fold(nom) for nom in entete}

    def porte(noms: Iterable[str]) -> bool:
        return any(fold(nom) in plis or fold(attendus.get(nom, nom)) in plis for nom in noms)

    est_dite = SANS_LOGEMENTS[1] in sans or (porte([CLE]) and porte(OCCUPANTS))
    return est_dite and not porte(_PROPRES_A_UNE_RESIDENCE)


def attach(lue: TableLue) -> None:
    """Give the occupants of each row of occupation to its résidence. Raises `Illisible` without a résidence to give
    them to."""
    siennes = [p for p in lue.parties if p.est_occupation]
    if not siennes:
        return
    if len(siennes) == len(lue.parties):
        raise Illisible(_SEULE)
    est_occupation = np.logical_or.reduce([lue.lignes_de(p) for p in siennes])
    attente = _Attente(lue, np.flatnonzero(~est_occupation & ~lue.rejetees))
    a_lire = np.flatnonzero(est_occupation & ~lue.rejetees & lue.est_remplie(CLE))
    sorts = Counter(attente.place(position) for position in a_lire.tolist())
    attente.write()
    lues = int(est_occupation.sum())
    rejetees = lues - sorts[_RATTACHEE] - sorts[_DOUBLON]
    restes = [(rejetees, "rejetée", "rejetées"), (sorts[_DOUBLON], "en double", "en double")]
    lue.constats.tell(
        f"Occupation (OPS) : {effectif(lues, 'ligne lue', 'lignes lues')} = "
        + effectif(sorts[_RATTACHEE], "donnée à sa résidence", "données à leur résidence")
        + "".join(f" + {effectif(n, un, plusieurs)}" for n, un, plusieurs in restes if n)
        + " : à comparer aux résidences de l’enquête."
    )
    # Of the occupants the survey answers, of all the rest the others do.
    occupants = frozenset(OCCUPANTS)
    lue.parties = tuple(
        replace(p, presentes=p.presentes | (frozenset(RESIDENCES.noms) - occupants if p.est_occupation else occupants))
        for p in lue.parties
    )


_RATTACHEE, _DOUBLON, _REJETEE = "rattachée", "doublon", "rejetée"


class _Attente:
    """The résidences that await their occupants, and what each was given. `residences`: their rows."""

    def __init__(self, lue: TableLue, residences: Entiers) -> None:
        self._lue = lue
        self._codes, self._noms, self._bailleurs = (
            lue.donnees[nom].to_pylist() for nom in (CLE, "nom", "code_bailleur")
        )
        self._lus = {nom: lue.donnees[nom].to_pylist() for nom in OCCUPANTS}
        self._par_code: dict[str, int] = {}
        nommees: dict[str, list[int]] = {}
        for position in residences.tolist():
            if self._codes[position] and self._codes[position] not in self._par_code:
                self._par_code[self._codes[position]] = position
                nommees.setdefault(fold(self._noms[position] or ""), []).append(position)
        self._par_nom = {nom: positions[0] for nom, positions in nommees.items() if nom and len(positions) == 1}
        self._donnee_par: dict[int, int] = {}  # résidence → the row that says its occupants, itself or one of OPS

    def place(self, position: int) -> str:
        """What becomes of a row of occupation."""
        dite = self._codes[position]
        residence = self._par_code.get(dite, self._par_nom.get(fold(dite)))
        bailleur = self._bailleurs[position]
        if residence is None:
            return self._reject(OCCUPATION_SANS_RESIDENCE, CLE, position, dite)
        if bailleur and bailleur != self._bailleurs[residence]:
            return self._reject(OCCUPATION_D_UN_AUTRE, "code_bailleur", position, bailleur)
        if any(self._lus[nom][residence] is not None for nom in OCCUPANTS):
            self._donnee_par.setdefault(residence, residence)
        premiere = self._donnee_par.setdefault(residence, position)
        if premiere == position:
            self._lue.rattachees[position] = True
            return _RATTACHEE
        self._lue.doublons[position] = True
        if differentes := [nom for nom in OCCUPANTS if self._lus[nom][premiere] != self._lus[nom][position]]:
            details = {"premiere": self._lue.lieu(premiere, position), "colonnes": ", ".join(differentes)}
            self._record(DOUBLON_DIFFERENT, CLE, position, dite, lambda _: details)
        return _DOUBLON

    def write(self) -> None:
        for nom, lus in self._lus.items():
            for residence, position in self._donnee_par.items():
                lus[residence] = lus[position]
            self._lue.donnees[nom] = pa.array(lus, self._lue.donnees[nom].type)

    def _reject(self, regle: Regle, colonne: str, position: int, valeur: str) -> str:
        self._record(regle, colonne, position, valeur)
        self._lue.rejetees[position] = True
        return _REJETEE

    def _record(
        self,
        regle: Regle,
        colonne: str,
        position: int,
        valeur: str,
        details: Callable[[int], dict[str, Any]] | None = None,
    ) -> None:
        valeurs: Sequence[str] = [valeur]
        self._lue.bound(colonne, np.array([position]))
        self._lue.constats.record(regle, colonne, np.array([position]), valeurs, details, toujours=True)
