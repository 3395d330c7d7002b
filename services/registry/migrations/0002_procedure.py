"""The states of the whole procedure, rounds, and each household's entry in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations.guards import protect_by_area

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEFORE = "status IN ('candidate', 'registered', 'verified', 'exited', 'returned', 'withdrawn')"
AFTER = (
    "status IN ('candidate', 'evaluated', 'noticed', 'registered', 'verified', 'pre-exit', 'exited', 'closed', "
    "'returned', 'withdrawn')"
)
STEPS = (
    "step IN ('opened', 'checked', 'internal-meeting', 'party-meeting', 'villagers-meeting', 'village-initial', "
    "'representatives', 'first-notice', 'township-review', 'second-notice', 'county-confirmation', 'announced')"
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_household_status"), "household")
    op.create_check_constraint(op.f("ck_household_status"), "household", AFTER)
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("rule_pack", sa.Text(), nullable=False),
        sa.Column("rule_pack_version", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opening_households", sa.Integer(), nullable=False),
        sa.Column("opening_persons", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("signed_off_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("kind IN ('identification', 'look-back')", name=op.f("ck_round_kind")),
        sa.CheckConstraint(
            "scope ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'", name=op.f("ck_round_scope_is_a_division")
        ),
        sa.CheckConstraint("is_open = (closed_at IS NULL)", name=op.f("ck_round_closed_once")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("scope", "kind", "number", name="uq_round_number"),
    )
    op.create_index(
        "uq_round_open_scope", "round", ["scope"], unique=True, postgresql_where=sa.text("is_open")
    )
    op.create_table(
        "round_entry",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("opening_persons", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "proposal IN ('keep', 'add', 'remove', 'correct')", name=op.f("ck_round_entry_proposal")
        ),
        sa.CheckConstraint(STEPS, name=op.f("ck_round_entry_step")),
        sa.CheckConstraint(
            "outcome IN ('open', 'effective', 'turned-down', 'left')", name=op.f("ck_round_entry_outcome")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_entry_round_id_round")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_round_entry_household_id_household")
        ),
        sa.PrimaryKeyConstraint("round_id", "household_id", name=op.f("pk_round_entry")),
    )
    op.create_index("ix_round_entry_area_code", "round_entry", ["round_id", "area_code", "step"])
    op.create_index("ix_round_entry_household_id", "round_entry", ["household_id"])
    protect_by_area("round_entry")


def downgrade() -> None:
    op.drop_table("round_entry")
    op.drop_table("round")
    op.drop_constraint(op.f("ck_household_status"), "household")
    op.create_check_constraint(op.f("ck_household_status"), "household", BEFORE)
