"""Change requests of people and households."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations.guards import protect_by_area

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('birth', 'death', 'marriage-in', 'marriage-out', 'move', 'split', 'merge', 'head-change', "
    "'correction', 'duplicate-merge')"
)
TABLES = ("change_request", "change_request_household", "change_request_person")


def upgrade() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("yields_to", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_change_request_kind")),
        sa.CheckConstraint(
            "state IN ('submitted', 'approved', 'rejected', 'cancelled', 'undone')",
            name=op.f("ck_change_request_state"),
        ),
        sa.CheckConstraint(
            "state = 'cancelled' OR decided_by IS NULL OR decided_by <> submitted_by",
            name=op.f("ck_change_request_second_person"),
        ),
        sa.CheckConstraint(
            "undone_by IS NULL OR undone_by <> submitted_by",
            name=op.f("ck_change_request_second_person_undoes"),
        ),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_by IS NULL)", name=op.f("ck_change_request_decided_once")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index("ix_change_request_area_code", "change_request", ["area_code", "id"])
    op.create_index(
        "ix_change_request_open", "change_request", ["id"], postgresql_where=sa.text("state = 'submitted'")
    )
    op.create_table(
        "change_request_household",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("applied_version", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("status_since", sa.Date(), nullable=True),
        sa.Column("village_since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["change_request.id"],
            name=op.f("fk_change_request_household_request_id_change_request"),
        ),
        sa.PrimaryKeyConstraint("request_id", "household_id", name=op.f("pk_change_request_household")),
    )
    op.create_index("ix_change_request_household_household_id", "change_request_household", ["household_id"])
    op.create_table(
        "change_request_person",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["change_request.id"],
            name=op.f("fk_change_request_person_request_id_change_request"),
        ),
        sa.PrimaryKeyConstraint("request_id", "identity_hash", name=op.f("pk_change_request_person")),
    )
    op.create_index("ix_change_request_person_identity_hash", "change_request_person", ["identity_hash"])
    protect_by_area(*TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
