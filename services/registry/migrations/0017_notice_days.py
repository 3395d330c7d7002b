"""A notice's days may count from its recording, later than its posting."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = op.f("ck_notice_hangs_its_days")


def upgrade() -> None:
    op.drop_constraint(NAME, "notice", type_="check")
    op.create_check_constraint(NAME, "notice", "closes_on >= posted_on + min_days")


def downgrade() -> None:
    op.drop_constraint(NAME, "notice", type_="check")
    # Notices that were recorded late stay as they are.
    op.execute(
        "ALTER TABLE notice ADD CONSTRAINT ck_notice_hangs_its_days "
        "CHECK (closes_on = posted_on + min_days) NOT VALID"
    )
