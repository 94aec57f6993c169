"""What several machines share beside the journal: named bytes, and the vault of numéros uniques."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    op.create_table(
        "partages",
        sa.Column("nom", sa.Text, primary_key=True),
        sa.Column("contenu", sa.LargeBinary, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "numeros",
        sa.Column("pseudonyme", sa.Text, primary_key=True),
        sa.Column("jeton", sa.LargeBinary, nullable=False),
        sa.Column("chiffre", sa.LargeBinary, nullable=False),
        if_not_exists=True,
    )
