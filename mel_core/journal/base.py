"""The database of the journal: SQLite in the store folder, or PostgreSQL by its URL; one writer at a time; a backup."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from mel_core.journal.fiches import VERSION
from mel_core.socle import bases
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur, cause

_VERROU_PG = 20171231  # any number, the same for all the writers of a journal
_PAR_LOT = 1_000
_ABIME = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REFUS = {
    sqlite3.SQLITE_FULL: "disque plein",
    sqlite3.SQLITE_READONLY: "disque en lecture seule",
    sqlite3.SQLITE_CANTOPEN: "accès refusé",
    sqlite3.SQLITE_BUSY: "occupé",
    sqlite3.SQLITE_IOERR: "disque plein ou en panne",
}
# The statistics of a table quote its texts: they are drawn again of what is left, then written anew too.
_OUBLI_PG = ("vacuum full contenus", "analyze contenus", "vacuum full pg_statistic")
_OUBLI_PARTAGE = "vacuum full partages"  # cohorts are there, where the store is shared

_meta = sa.MetaData()
# Tables as `socle/migrations` makes them. One row per entry. `version` is empty on a refused write and on an erasing;
# `vise` names the write that is erased.
ecritures = sa.Table(
    "ecritures",
    _meta,
    sa.Column("rang", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("op_id", sa.Text, nullable=False, unique=True),
    sa.Column("nature", sa.Text, nullable=False),
    sa.Column("objet", sa.Text, nullable=False),
    sa.Column("identifiant", sa.Text, nullable=False),
    sa.Column("version", sa.Integer),
    sa.Column("version_vue", sa.Integer, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("profil", sa.Text, nullable=False),
    sa.Column("instant", sa.Text, nullable=False),
    sa.Column("vise", sa.Text),
    sa.Column("empreinte", sa.Text, nullable=False),
    sa.Column("precedente", sa.Text, nullable=False),
    sa.Column("lien", sa.Text, nullable=False),
    sa.UniqueConstraint("objet", "identifiant", "version", name="une_version_une_fois"),
)
# The payload of an entry (its text, its author's name), apart: erasing it leaves `ecritures` whole.
contenus = sa.Table(
    "contenus",
    _meta,
    sa.Column("op_id", sa.Text, primary_key=True),
    sa.Column("sel", sa.Text, nullable=False),
    sa.Column("texte", sa.Text, nullable=False),
)

# What is asked of them all along, written once: of one object, the last entry or all; of a kind, the last of each.
LUES = sa.select(ecritures, contenus.c.texte).outerjoin(contenus, contenus.c.op_id == ecritures.c.op_id)
_DE_L_OBJET = ecritures.c.objet == sa.bindparam("objet")
_SIENNES = LUES.where(
    ecritures.c.nature == sa.bindparam("nature"), _DE_L_OBJET, ecritures.c.identifiant == sa.bindparam("identifiant")
)
DERNIERE = _SIENNES.order_by(ecritures.c.version.desc()).limit(1)
TOUTES = _SIENNES.order_by(ecritures.c.rang)
_RANGS = (
    sa.select(sa.func.max(ecritures.c.rang).label("rang"), sa.func.min(ecritures.c.rang).label("creation"))
    .where(_DE_L_OBJET, ecritures.c.nature == VERSION)
    .group_by(ecritures.c.identifiant)
    .subquery()
)
DERNIERES = LUES.join(_RANGS, _RANGS.c.rang == ecritures.c.rang).order_by(_RANGS.c.creation)
EN_TETE = sa.select(ecritures.c.rang).limit(1)


class Base:
    """Connections to the journal. Threads share it: each transaction has its own."""

    def __init__(self, url: str) -> None:
        try:
            lue = sa.make_url(url)
        except sa.exc.ArgumentError:
            lue = None
        if lue is None or lue.get_backend_name() not in _MOTEURS:
            raise AppelIncorrect(
                "L’adresse du journal (MEL_JOURNAL) ne se lit pas : l’écrire sqlite:///chemin ou "
                "postgresql+psycopg://utilisateur@machine/base."
            )
        self._moteur = _MOTEURS[lue.get_backend_name()](lue)

    @classmethod
    def du_fichier(cls, chemin: Path) -> Base:
        return cls(sa.URL.create("sqlite", database=str(chemin)).render_as_string())

    @property
    def est_sqlite(self) -> bool:
        return self._moteur.dialect.name == "sqlite"

    @contextmanager
    def ecriture(self) -> Iterator[sa.Connection]:
        """The only writer, until the end of the block: committed and durable when it ends, nothing if it raises."""
        with _translate(), self._moteur.connect().execution_options(ecrit=True) as connexion, connexion.begin():
            if not self.est_sqlite:
                connexion.execute(sa.select(sa.func.pg_advisory_xact_lock(_VERROU_PG)))
            yield connexion

    @contextmanager
    def lecture(self) -> Iterator[sa.Connection]:
        """One state of the journal, the same for all the questions of the block."""
        with _translate(), self._moteur.connect() as connexion:
            if not self.est_sqlite:
                connexion = connexion.execution_options(isolation_level="REPEATABLE READ")
            with connexion.begin():
                yield connexion

    @contextmanager
    def question(self) -> Iterator[sa.Connection]:
        """For one question, which PostgreSQL answers without the ceremony of a transaction; SQLite has one."""
        with _translate(), self._moteur.connect() as connexion:
            if not self.est_sqlite:
                connexion = connexion.execution_options(isolation_level="AUTOCOMMIT")
            yield connexion

    def create(self) -> bool:
        """Create what is missing; true when the journal has no entry yet. Any number of processes may race here."""
        with self.ecriture() as connexion:
            bases.upgrade(connexion)
            return connexion.scalar(sa.select(ecritures.c.rang).limit(1)) is None

    def forget(self) -> None:
        """Leave no trace of what was just deleted: the payloads are written anew, and SQLite's log is emptied.

        PostgreSQL keeps its own log as long as it is set to.
        """
        if not self.est_sqlite:
            with _translate(), self._moteur.connect().execution_options(isolation_level="AUTOCOMMIT") as connexion:
                est_partage = sa.inspect(connexion).has_table("partages")
                for geste in (*([_OUBLI_PARTAGE] if est_partage else []), *_OUBLI_PG):
                    connexion.exec_driver_sql(geste)
            return
        with _translate(), self._moteur.connect() as connexion:
            brute: Any = connexion.connection.driver_connection  # outside any transaction
            brute.execute("pragma temp_store = memory").close()
            brute.execute("vacuum").close()
            est_lu, *_ = brute.execute("pragma wal_checkpoint(truncate)").fetchone()
        if est_lu:
            raise ErreurUtilisateur(
                "Le journal est lu sans arrêt et sa trace n’a pas pu être vidée : arrêter l’application, puis "
                "recommencer la même commande."
            )

    def back_up(self, dossier: Path, vers: Path, a_cote: Iterable[str], nom_base: str) -> None:
        """Copy the files `a_cote` of the store, in this order, then the chain, to `vers`, that must not exist yet.

        The chain is one state of the SQLite journal in a file of its own, by its backup API: writers go on meanwhile.
        """
        if not self.est_sqlite:
            raise AppelIncorrect(
                "Ce journal est dans PostgreSQL : sauvegarder la base par pg_dump, et recopier journal.ancre (avant) "
                "et journal.cle."
            )
        try:
            vers.mkdir(parents=True)
            vers.chmod(0o700)  # it holds the key
            for nom in a_cote:
                shutil.copy2(dossier / nom, vers / nom)
        except FileExistsError:
            raise AppelIncorrect(f"Le dossier {vers} existe déjà : donner à la sauvegarde un dossier neuf.") from None
        except OSError as erreur:
            raise ErreurUtilisateur(
                f"La sauvegarde n’a pas pu s’écrire dans {vers} ({cause(erreur)}) : choisir un autre dossier."
            ) from None
        with _translate(), self._moteur.connect() as connexion, closing(sqlite3.connect(vers / nom_base)) as copie:
            brute: Any = connexion.connection.driver_connection
            brute.backup(copie)

    def copy_to(self, autre: Base) -> None:
        """Every entry and every payload, in one transaction of the other, which must have none: this one is not written
        in meanwhile. Raises `AppelIncorrect` when it has some."""
        if not autre.create():
            raise AppelIncorrect("La base où copier le journal a déjà des écritures : en donner une neuve.")
        with self.ecriture() as de, autre.ecriture() as vers:
            for table in (ecritures, contenus):
                lues = de.execute(sa.select(table), execution_options={"yield_per": _PAR_LOT})
                for lot in lues.mappings().partitions():
                    vers.execute(table.insert(), [dict(ligne) for ligne in lot])

    def close(self) -> None:
        self._moteur.dispose()


def _sqlite(url: sa.URL) -> sa.Engine:
    moteur = sa.create_engine(url, connect_args={"timeout": bases.ATTENTE_S, "check_same_thread": False})

    @sa.event.listens_for(moteur, "connect")
    def adjust(brute: Any, _fiche: Any) -> None:
        # A row altered into bytes that are no text is read all the same: the check names it, and goes on.
        brute.text_factory = lambda octets: octets.decode(errors="surrogateescape")
        brute.isolation_level = None  # the transactions are ours, not those that the driver guesses
        for reglage in (
            "journal_mode = wal",
            "synchronous = full",
            "secure_delete = on",
            f"busy_timeout = {bases.ATTENTE_S * 1000}",
        ):
            brute.execute(f"pragma {reglage}").close()

    @sa.event.listens_for(moteur, "begin")
    def begin(connexion: sa.Connection) -> None:
        ecrit = connexion.get_execution_options().get("ecrit")
        connexion.exec_driver_sql("begin immediate" if ecrit else "begin")

    return moteur


def _postgresql(url: sa.URL) -> sa.Engine:
    return bases.postgresql(url.render_as_string(hide_password=False))


_MOTEURS = {"sqlite": _sqlite, "postgresql": _postgresql}


@contextmanager
def _translate() -> Iterator[None]:
    """What the database refuses, in one sentence; its own words may quote a content or a password."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as erreur:
        origine = erreur.orig if isinstance(erreur, DBAPIError) else erreur
        if isinstance(origine, sqlite3.Error) and _est_abime(origine):
            raise ErreurUtilisateur(
                "Le fichier du journal (journal.sqlite) est abîmé : arrêter l’application, mettre de côté les fichiers "
                "journal.sqlite*, puis recopier la dernière sauvegarde."
            ) from None
        pourquoi = _REFUS.get(_code(origine), type(origine).__name__)
        raise ErreurUtilisateur(
            f"Le journal n’a pas répondu ({pourquoi}) : vérifier la place du disque ou la base de données, puis "
            "recommencer, rien ne sera écrit deux fois."
        ) from None


def _code(erreur: object) -> int:
    """Of SQLite, without what it adds to it; 0 of what the driver itself refuses, and of another base."""
    return getattr(erreur, "sqlite_errorcode", 0) & 0xFF


def _est_abime(erreur: sqlite3.Error) -> bool:
    """Bytes that are no longer those of the base; a base that was emptied under an open journal lost its tables."""
    est_court = getattr(erreur, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHORT_READ
    return est_court or _code(erreur) in _ABIME or str(erreur).startswith("no such table")
