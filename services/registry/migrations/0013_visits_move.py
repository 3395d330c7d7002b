"""Visits follow their household to another village; where each took place stays written beside."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Corrections and photos of visits are only added to, but for whose they are to see.
FOLLOWING = ("visit_version", "visit_photo")
EVERYWHERE = "SELECT set_config('tuopin.area', 'area:', true)"


def upgrade() -> None:
    op.execute(EVERYWHERE)
    op.add_column("visit", sa.Column("village_code", sa.Text(), nullable=True))
    op.execute("UPDATE visit SET village_code = area_code")
    op.alter_column("visit", "village_code", nullable=False)
    for table in ("visit", *FOLLOWING):
        op.execute(
            f"UPDATE {table} AS v SET area_code = h.area_code FROM household AS h "
            "WHERE h.id = v.household_id AND h.area_code <> v.area_code"
        )
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    for table in FOLLOWING:
        op.execute(f"GRANT UPDATE (area_code) ON {table} TO tuopin_{schema}")


def downgrade() -> None:
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    for table in FOLLOWING:
        op.execute(f"REVOKE UPDATE (area_code) ON {table} FROM tuopin_{schema}")
    op.drop_column("visit", "village_code")
