"""The journal: a chain of entries, their payloads apart. Bases older than these versions have it already."""

import sqlalchemy as sa
from alembic import op

from mel_core.socle.sql import blocs

revision, down_revision = "0001", None
_DECLENCHEURS = blocs(__file__, "declencheurs.sql")


def upgrade() -> None:
    op.create_table(
        "ecritures",
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
        if_not_exists=True,
    )
    op.create_table(
        "contenus",
        sa.Column("op_id", sa.Text, primary_key=True),
        sa.Column("sel", sa.Text, nullable=False),
        sa.Column("texte", sa.Text, nullable=False),
        if_not_exists=True,
    )
    for nom, declencheur in _DECLENCHEURS.items():
        if nom.startswith(op.get_context().dialect.name):
            op.get_bind().exec_driver_sql(declencheur)
