"""Pre-exits follow their household to another village, and a household waits for its exit as long as its own is open."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

EVERYWHERE = "SELECT set_config('tuopin.area', 'area:', true)"
FOLLOW = """
UPDATE pre_exit AS p SET area_code = h.area_code FROM household AS h
WHERE h.id = p.household_id AND h.area_code <> p.area_code
"""
# Where it was not seen, another state overtook it.
END_OVERTAKEN = """
UPDATE pre_exit AS p SET outcome = 'overtaken', ended_on = greatest(h.status_since, p.pre_exited_on) FROM household AS h
WHERE h.id = p.household_id AND p.outcome = 'open' AND h.status <> 'pre-exit'
"""
# A closing ended it, and was undone.
RESUME = """
UPDATE pre_exit AS p SET outcome = 'open', ended_on = NULL FROM household AS h
WHERE h.id = p.household_id AND h.status = 'pre-exit' AND p.outcome = 'overtaken'
  AND NOT EXISTS (SELECT FROM pre_exit AS n WHERE n.household_id = p.household_id AND n.id > p.id)
"""


def upgrade() -> None:
    op.execute(EVERYWHERE)
    for statement in (FOLLOW, END_OVERTAKEN, RESUME):
        op.execute(statement)
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    op.execute(f"GRANT UPDATE (area_code) ON pre_exit TO tuopin_{schema}")


def downgrade() -> None:
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    op.execute(f"REVOKE UPDATE (area_code) ON pre_exit FROM tuopin_{schema}")
