"""Visits to households with every version ever stated, and the numbers of closed rounds stated anew."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations.guards import append_only, protect_by_area

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("round", "closing")
    op.create_table(
        "round_statement",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("stated_by", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("numbers", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_statement_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_round_statement")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_valid", sa.Boolean(), nullable=False),
        sa.Column("checks_complete", sa.Boolean(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("per_capita_income_fen", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("persons > 0", name=op.f("ck_visit_persons")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_visit_household_id_household")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_visit_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_household_id", "visit", ["household_id", "visited_on"])
    op.create_index("ix_visit_round_id", "visit", ["round_id", "household_id"])
    op.create_table(
        "visit_version",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", postgresql.JSONB(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('recorded', 'corrected', 'annulled')", name=op.f("ck_visit_version_kind")
        ),
        sa.PrimaryKeyConstraint("visit_id", "version", name=op.f("pk_visit_version")),
    )
    op.create_table(
        "visit_photo",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("photo_sha256", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "version", "photo_sha256", name=op.f("pk_visit_photo")),
    )
    op.create_index("ix_visit_photo_photo_sha256", "visit_photo", ["photo_sha256"])
    protect_by_area("visit", "visit_version", "visit_photo")
    append_only("round_statement", "visit_version", "visit_photo")


def downgrade() -> None:
    op.drop_table("visit_photo")
    op.drop_table("visit_version")
    op.drop_table("visit")
    op.drop_table("round_statement")
    op.add_column("round", sa.Column("closing", postgresql.JSONB(), nullable=True))
