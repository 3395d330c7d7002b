"""Claims follow their household to another village, with their photos, versions and what the bank refused."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# These are only added to, but for whose they are to see.
FOLLOWING = ("claim_version", "evidence", "payment_problem")
EVERYWHERE = "SELECT set_config('tuopin.area', 'area:', true)"


def upgrade() -> None:
    op.execute(EVERYWHERE)
    op.execute(
        "UPDATE claim AS c SET area_code = h.area_code FROM household_copy AS h "
        "WHERE h.household_id = c.household_id AND h.area_code <> c.area_code"
    )
    for table in FOLLOWING:
        op.execute(
            f"UPDATE {table} AS t SET area_code = c.area_code FROM claim AS c "
            "WHERE c.id = t.claim_id AND c.area_code <> t.area_code"
        )
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    for table in FOLLOWING:
        op.execute(f"GRANT UPDATE (area_code) ON {table} TO tuopin_{schema}")


def downgrade() -> None:
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    for table in FOLLOWING:
        op.execute(f"REVOKE UPDATE (area_code) ON {table} FROM tuopin_{schema}")
