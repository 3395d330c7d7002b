"""Every way in which data leaves, with its filter; and the messages of partners."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import append_only

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('unmasking', 'payees', 'export', 'report')"
AFTER = (
    "kind IN ('unmasking', 'payees', 'export', 'report', 'print', 'search', 'eligibility', 'partner-search')"
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_disclosure_kind"), "disclosure")
    op.create_check_constraint(op.f("ck_disclosure_kind"), "disclosure", AFTER)
    op.add_column("disclosure", sa.Column("asked_for", sa.Text(), nullable=True))
    op.create_table(
        "partner_message",
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("message_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "message_hash", name=op.f("pk_partner_message")),
    )
    append_only("partner_message")


def downgrade() -> None:
    op.drop_table("partner_message")
    op.drop_column("disclosure", "asked_for")
    op.execute("DELETE FROM disclosure WHERE NOT (" + BEFORE + ")")
    op.drop_constraint(op.f("ck_disclosure_kind"), "disclosure")
    op.create_check_constraint(op.f("ck_disclosure_kind"), "disclosure", BEFORE)
