"""Meetings and determinations, and the day on which an entry passed its last step."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round_entry", sa.Column("step_on", sa.Date(), nullable=False))


def downgrade() -> None:
    op.drop_column("round_entry", "step_on")
