"""The counties among all divisions: a file number is unique within one, and who looks for it does not read every village."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_division_county", "division", ["code"], unique=False, postgresql_where=sa.text("level = 'county'")
    )


def downgrade() -> None:
    op.drop_index("ix_division_county", "division")
