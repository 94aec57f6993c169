"""The same tests with the journal on SQLite, in the data folder, and on a real PostgreSQL."""

from __future__ import annotations

from tests.journal.conftest import postgresql, url

__all__ = ["postgresql", "url"]
