"""The schema of the database of the journal, version by version (`socle/migrations`)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from mel_core.entrepot.coffre import _numeros
from mel_core.journal import Auteur, Journal
from mel_core.journal.base import contenus, ecritures
from mel_core.socle import bases
from mel_core.socle.partage_commun import PARTAGES
from tests.journal.bases import nouvelle_base

QUI = Auteur("Camille (fictive)", "MEL")


def test_the_last_version_is_the_one_that_is_looked_for() -> None:
    assert ScriptDirectory(str(bases._REVISIONS)).get_heads() == [bases.DERNIERE]


@pytest.mark.ci
def test_the_versions_make_the_tables_that_the_program_asks(postgresql: str) -> None:
    demandees = sa.MetaData()
    for table in (ecritures, contenus, PARTAGES, _numeros):
        table.to_metadata(demandees)
    with bases.postgresql(nouvelle_base(postgresql)).begin() as base:
        bases.upgrade(base)
        assert compare_metadata(MigrationContext.configure(base), demandees) == []


def test_a_journal_older_than_the_versions_goes_on(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    journal.write("note", "n1", {"texte": "avant"}, QUI, "o1")
    journal.close()
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as base, base:
        base.execute("drop table alembic_version")
        base.execute("create table schema_journal (version integer primary key)")
        base.execute("insert into schema_journal values (1)")
    journal = Journal.du_dossier(tmp_path)
    journal.write("note", "n1", {"texte": "après"}, QUI, "o2", 1)
    assert journal.verify() == []
    journal.close()
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as base:
        assert base.execute("select version_num from alembic_version").fetchall() == [(bases.DERNIERE,)]
