"""Resolutions of matches that correct an earlier one: each is kept, and the database sees that it is another person's."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "cross_check_resolution"
IS_CORRECTION = (
    "CASE WHEN number = 1 THEN num_nulls(corrects, corrects_actor_id, correction_reason) = 3 "
    "ELSE corrects = number - 1 AND num_nulls(corrects_actor_id, correction_reason) = 0 END"
)


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column(TABLE, "number", server_default=None)
    op.add_column(TABLE, sa.Column("corrects", sa.Integer(), nullable=True))
    op.add_column(TABLE, sa.Column("corrects_actor_id", sa.Text(), nullable=True))
    op.add_column(TABLE, sa.Column("correction_reason", sa.Text(), nullable=True))
    op.drop_constraint(op.f("pk_cross_check_resolution"), TABLE)
    op.create_primary_key(op.f("pk_cross_check_resolution"), TABLE, ["match_id", "number"])
    op.create_unique_constraint(
        op.f("uq_cross_check_resolution_actor"), TABLE, ["match_id", "number", "actor_id"]
    )
    op.create_foreign_key(
        op.f("fk_cross_check_resolution_corrects"),
        TABLE,
        TABLE,
        ["match_id", "corrects", "corrects_actor_id"],
        ["match_id", "number", "actor_id"],
    )
    op.create_check_constraint(op.f("ck_cross_check_resolution_correction"), TABLE, IS_CORRECTION)
    op.create_check_constraint(
        op.f("ck_cross_check_resolution_second_person"), TABLE, "actor_id <> corrects_actor_id"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_cross_check_resolution_second_person"), TABLE)
    op.drop_constraint(op.f("ck_cross_check_resolution_correction"), TABLE)
    op.drop_constraint(op.f("fk_cross_check_resolution_corrects"), TABLE)
    op.drop_constraint(op.f("uq_cross_check_resolution_actor"), TABLE)
    op.drop_constraint(op.f("pk_cross_check_resolution"), TABLE)
    op.execute("SELECT set_config('tuopin.area', 'area:', true)")
    # Without a number one resolution of each match can stand: the last, which holds.
    op.execute(
        "DELETE FROM cross_check_resolution AS r USING cross_check_resolution AS later "
        "WHERE later.match_id = r.match_id AND later.number > r.number"
    )
    op.create_primary_key(op.f("pk_cross_check_resolution"), TABLE, ["match_id"])
    for name in ("correction_reason", "corrects_actor_id", "corrects", "number"):
        op.drop_column(TABLE, name)
