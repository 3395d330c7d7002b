"""A fund may name the bank partner that pays from it; its batches are then for nobody else."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("fund", "batch"):
        # The service's role may change named columns only, and this is none of them.
        op.add_column(table, sa.Column("bank_client", sa.Text(), nullable=True))


def downgrade() -> None:
    for table in ("fund", "batch"):
        op.drop_column(table, "bank_client")
