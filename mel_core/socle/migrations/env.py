"""What Alembic runs: the versions that lack, in the transaction of who asks (`bases.upgrade`)."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
