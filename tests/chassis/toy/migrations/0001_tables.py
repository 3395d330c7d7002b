"""The toy's tables."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import protect_by_area
from chassis.migrations.plumbing import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_plumbing()
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    protect_by_area("note")


def downgrade() -> None:
    op.drop_table("note")
    drop_plumbing()
