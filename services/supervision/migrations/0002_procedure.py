"""The registry's procedure: rounds and notices, and when the registry last spoke of a household."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations.guards import protect_by_area

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SHEETS = ("round", "notice")


def upgrade() -> None:
    for table in SHEETS:
        op.create_table(
            table,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("area_code", sa.Text(), nullable=False),
            sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
    op.add_column("dossier", sa.Column("last_told", sa.Uuid(), nullable=True))
    protect_by_area(*SHEETS)


def downgrade() -> None:
    op.drop_column("dossier", "last_told")
    for table in SHEETS:
        op.drop_table(table)
