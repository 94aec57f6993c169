"""Reading a snapshot for a scope: the one door to its rows.

Closed by default: a scope without views shows nothing. Queries that last too long are stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from mel_core.entrepot.registre import Instantane
from mel_core.entrepot.remplissage import FORMAT, describe, fill
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from mel_core.socle.sql import blocs


class TypePortee(StrEnum):
    """What a reader is opened for; `aucune` sees no row."""

    MEL = "mel"
    ICI = "ici"
    COMMUNE = "commune"
    BAILLEUR = "bailleur"
    RESERVATAIRE = "reservataire"
    AUCUNE = "aucune"


@dataclass(frozen=True)
class Portee:
    """`code` is the ICI, INSEE, bailleur or réservataire code; empty for `MEL` and `AUCUNE`."""

    type: TypePortee
    code: str = ""

    def __post_init__(self) -> None:
        sans_code = self.type in {TypePortee.MEL, TypePortee.AUCUNE}
        if bool(self.code) == sans_code:
            raise ValueError(f"scope {self.type} {'takes no' if sans_code else 'needs a'} code")

    @classmethod
    def mel(cls) -> Portee:
        return cls(TypePortee.MEL)

    @classmethod
    def ici(cls, code: str) -> Portee:
        return cls(TypePortee.ICI, code)

    @classmethod
    def commune(cls, code_insee: str) -> Portee:
        return cls(TypePortee.COMMUNE, code_insee)

    @classmethod
    def bailleur(cls, code_bailleur: str) -> Portee:
        return cls(TypePortee.BAILLEUR, code_bailleur)

    @classmethod
    def reservataire(cls, type_reservataire: str) -> Portee:
        return cls(TypePortee.RESERVATAIRE, type_reservataire)

    @classmethod
    def aucune(cls) -> Portee:
        """No row at all: reference tables only."""
        return cls(TypePortee.AUCUNE)


# What is read is small, and its columns are looked up by name all along: in Python's own strings (pandas would take
# Arrow's) a question costs a third less.
pd.set_option("mode.string_storage", "python")

Retenues = dict[tuple[str, tuple[tuple[str, Any], ...]], pd.DataFrame]
DELAI_MS = 30_000

_VUES = blocs(__file__, "portees.sql")
_SUIVI = blocs(__file__, "suivi.sql")
_PASSAGES = blocs(__file__, "passages.sql")
_GEL = blocs(__file__, "gel.sql")


def open_base(chemin: Path, portee: Portee) -> duckdb.DuckDBPyConnection:
    """An in-memory database whose views show the rows of `portee`, over the snapshot attached read-only."""
    base = _attach(chemin)
    try:
        _show(base, portee)
    except (duckdb.BinderException, duckdb.CatalogException):
        if not _est_ancien(base):
            raise
        base.close()
        base = _renew(chemin)
        _show(base, portee)
    return _close(base)


def _show(base: duckdb.DuckDBPyConnection, portee: Portee) -> None:
    base.execute(_VUES["annexes"])
    base.execute("create table portee as select $code as code", {"code": portee.code})
    est_dit = base.execute(_VUES["dit_les_etiquettes"]).fetchall()[0][0]
    base.execute(_VUES["attributions_etiquetees" if est_dit else "attributions_etiquetees_avant"])
    est_recente = base.execute(_VUES["dit_l_enjeu"]).fetchall()[0][0]
    base.execute(_VUES["attributions_situees" if est_recente else "attributions_situees_avant"])
    base.execute(_VUES["attributions_publiees"])
    base.execute(_VUES[portee.type])
    base.execute(_VUES[f"{portee.type}_suivi"])
    sont_a_part = base.execute(_VUES["a_ses_passages_derriere"]).fetchall()[0][0]
    base.execute(_VUES["passages_derriere" if sont_a_part else "passages_derriere_avant"])
    base.execute(_SUIVI["lecture"])
    base.execute(_PASSAGES["passages_situes"])


def _trop_long() -> ErreurUtilisateur:
    return ErreurUtilisateur(
        "Le calcul a été arrêté au bout de trente secondes : réduire le périmètre, puis recommencer."
    )


def _est_ancien(base: duckdb.DuckDBPyConnection) -> bool:
    """Whether the snapshot was published before what this version asks of one existed."""
    est_dit = base.execute(_VUES["dit_son_format"]).fetchall()[0][0]
    return not est_dit or base.execute("select format from jeu.description").fetchall()[0][0] != FORMAT


def _renew(chemin: Path) -> duckdb.DuckDBPyConnection:
    """Such a snapshot written again, in memory: its file stays as it was published, until the next import."""
    base = duckdb.connect(config={"threads": 2})
    base.execute("attach ':memory:' as jeu; use jeu")
    with duckdb.connect(str(chemin), read_only=True) as ancien:
        contenu = describe(ancien)
    fill(base, {}, contenu, chemin)
    base.execute("use memory")
    base.execute(_VUES["reference"])
    return base


def open_gel(chemin: Path, portee: Portee) -> duckdb.DuckDBPyConnection:
    """The same over what a frozen séance kept. Counts are of the whole Métropole: a narrower scope reads none."""
    base = _attach(chemin)
    gardees = {nom for (nom,) in base.execute(_GEL["gardees"]).fetchall()}
    for nom in gardees if portee.type is TypePortee.MEL else ():
        base.table(f"jeu.{nom}").create_view(nom)
    base.execute(_GEL["etendue" if "comptes_etendue" in gardees else "etendue_absente"])
    return _close(base)


def _attach(chemin: Path) -> duckdb.DuckDBPyConnection:
    base = duckdb.connect(config={"threads": 2})
    base.execute("attach $chemin as jeu (read_only)", {"chemin": str(chemin)})
    base.execute(_VUES["reference"])
    return base


def _close(base: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    base.execute(f"set global max_execution_time = {DELAI_MS}")
    # From here on a query can reach neither a file, nor a variable of the process, nor the settings.
    base.execute("set python_enable_replacements = false; set enable_external_access = false")
    base.execute("set lock_configuration = true")
    return base


class Lecteur:
    """Rows of one scope of one snapshot, for one thread (`with entrepot.open(portee) as lecteur`).

    `gel` names the frozen séance whose rows were erased: only the counts that it kept are left; None otherwise.
    """

    def __init__(
        self,
        base: duckdb.DuckDBPyConnection,
        instantane: Instantane,
        portee: Portee,
        gel: Seance | None = None,
        retenues: Retenues | None = None,
    ) -> None:
        # One cursor per use: a connection shared by two threads hands one the rows of the other.
        self._curseur = base.cursor()
        self.instantane = instantane
        self.portee = portee
        self.gel = gel
        self._retenues = {} if retenues is None else retenues

    def arrow(self, sql: str, **parametres: Any) -> pa.Table:
        """Rows of `sql` with their own types, to be given to a new snapshot. Stopped after `DELAI_MS`."""
        try:
            return self._curseur.sql(sql, params=parametres).to_arrow_table()
        except duckdb.InterruptException:
            raise _trop_long() from None

    def query(self, sql: str, **parametres: Any) -> pd.DataFrame:
        """Answer of `sql` (a block of a .sql file), its `$parameters` bound. Stopped after `DELAI_MS`."""
        try:
            return self._curseur.execute(sql, parametres).df()
        except duckdb.InterruptException:
            raise _trop_long() from None
        except duckdb.BinderException:
            if not _est_ancien(self._curseur):
                raise
            raise ErreurUtilisateur(
                "Le jeu de données publié date d’une version antérieure de l’application, qui ne gardait pas tout ce "
                "qui est demandé : importer de nouveau l’un de ses fichiers, ce qui le met à niveau."
            ) from None
        except duckdb.CatalogException:
            if self.gel is None:
                raise
            raise ErreurUtilisateur(
                f"Les lignes de la séance {self.gel}, gelée, ont été effacées : il n’en reste que les indicateurs, "
                "pour toute la Métropole : lire 9h30 Bilan, ou en demander un."
            ) from None

    def recall(self, sql: str, **parametres: Any) -> pd.DataFrame:
        """The same, asked once of these rows, which never change: what many questions ask again (the months covered,
        the places known). To be read, never written."""
        cle = (sql, tuple(sorted(parametres.items())))
        if cle not in self._retenues:
            self._retenues[cle] = self.query(sql, **parametres)
        return self._retenues[cle]

    def colonnes(self, table: str) -> frozenset[str]:
        """The columns that the files of `table` had, or that were declared; none when nobody gave it."""
        return frozenset(self.recall(_VUES["colonnes"], table=table)["colonne"])

    def __enter__(self) -> Lecteur:
        return self

    def __exit__(self, *_erreur: object) -> None:
        self._curseur.close()
