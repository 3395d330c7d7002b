"""A move of the business date may be the one that lets it follow the calendar again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "business_date_move",
        sa.Column("follows_calendar", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("business_date_move", "follows_calendar")
