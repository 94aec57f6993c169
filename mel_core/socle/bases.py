"""Databases: the PostgreSQL that machines share, and the schema of what is written there or in the SQLite of a store,
version by version (`migrations/`, Alembic)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from mel_core.socle.erreurs import ErreurUtilisateur

ATTENTE_S = 30
DERNIERE = "0002"  # the last of `migrations/versions`
_VERROU = 20171232  # any number: one at a time changes the schema
_REVISIONS = Path(__file__).with_name("migrations")


@lru_cache(maxsize=8)
def postgresql(adresse: str) -> sa.Engine:
    """Connections to this base, the same for all who ask in this process. What is committed is durable."""
    return sa.create_engine(
        sa.make_url(adresse).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"options": "-c synchronous_commit=on", "connect_timeout": ATTENTE_S},
    )


_COMMUNE = "La base partagée n’a pas répondu ({}) : vérifier le PostgreSQL de MEL_JOURNAL, puis recommencer."


@contextmanager
def say_refusals(phrase: str = _COMMUNE) -> Iterator[None]:
    """What a database refuses, by default the shared one, in one sentence; its own words may quote a password."""
    try:
        yield
    except DBAPIError as erreur:
        raise ErreurUtilisateur(phrase.format(type(erreur.orig).__name__)) from None


def upgrade(connexion: sa.Connection) -> None:
    """Bring the schema to `DERNIERE`, in the transaction of `connexion`; any number of processes may race here.

    Raises `ErreurUtilisateur` when a later version of the application wrote there."""
    if _version(connexion) == DERNIERE:
        return
    if connexion.dialect.name == "postgresql":
        connexion.execute(sa.select(sa.func.pg_advisory_xact_lock(_VERROU)))
    from alembic import command, util
    from alembic.config import Config

    reglages = Config(attributes={"connection": connexion})
    reglages.set_main_option("script_location", str(_REVISIONS).replace("%", "%%"))
    try:
        command.upgrade(reglages, "head")
    except util.CommandError:
        raise ErreurUtilisateur(
            "Une version plus récente de l’application a écrit ce journal : mettre l’application à jour."
        ) from None


def _version(connexion: sa.Connection) -> str | None:
    """The version of this base; None before the first."""
    if not sa.inspect(connexion).has_table("alembic_version"):
        return None
    version = connexion.scalar(sa.text("select version_num from alembic_version"))
    return None if version is None else str(version)
