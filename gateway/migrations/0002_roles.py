"""Two more roles, of the village: its committee and the work team stationed there."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEFORE = (
    "role IN ('clerk', 'county-officer', 'checker', 'payer', 'bank', 'insurer', 'auditor', 'administrator')"
)
AFTER = (
    "role IN ('village-committee', 'work-team', 'clerk', 'county-officer', 'checker', 'payer', 'bank', "
    "'insurer', 'auditor', 'administrator')"
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_account_role_known_role"), "account_role")
    op.create_check_constraint(op.f("ck_account_role_known_role"), "account_role", AFTER)
    op.create_index(
        "uq_account_role_determining",
        "account_role",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("role IN ('village-committee', 'work-team', 'clerk', 'county-officer')"),
    )


def downgrade() -> None:
    op.drop_index("uq_account_role_determining", table_name="account_role")
    op.execute("DELETE FROM account_role WHERE role IN ('village-committee', 'work-team')")
    op.drop_constraint(op.f("ck_account_role_known_role"), "account_role")
    op.create_check_constraint(op.f("ck_account_role_known_role"), "account_role", BEFORE)
