"""Lists of other offices, whom of the register they name, and what became of it."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import append_only, protect_by_area

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("cross_check_list", "cross_check_row", "cross_check_match", "cross_check_resolution")
KINDS = "kind IN ('payroll', 'vehicles', 'house-owners', 'businesses', 'deaths')"


def upgrade() -> None:
    _lists()
    _matches()
    protect_by_area(*TABLES)
    append_only(*TABLES)
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    # A household that moves takes its matches along; nothing else of them ever changes.
    for table in TABLES[2:]:
        op.execute(f"GRANT UPDATE (area_code) ON {table} TO tuopin_{schema}")


def _lists() -> None:
    op.create_table(
        "cross_check_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_cross_check_list_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cross_check_list")),
        sa.UniqueConstraint("area_code", "kind", "document_sha256", name="uq_cross_check_list_document"),
    )
    op.create_index("ix_cross_check_list_newest", "cross_check_list", ["kind", "area_code", "as_of"])
    op.create_table(
        "cross_check_row",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["cross_check_list.id"], name=op.f("fk_cross_check_row_list_id_cross_check_list")
        ),
        sa.PrimaryKeyConstraint("list_id", "identity_hash", name=op.f("pk_cross_check_row")),
    )
    op.create_index("ix_cross_check_row_identity_hash", "cross_check_row", ["identity_hash"])


def _matches() -> None:
    op.create_table(
        "cross_check_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("rules_out", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("matched_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_cross_check_match_kind")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["cross_check_list.id"], name=op.f("fk_cross_check_match_list_id_cross_check_list")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_cross_check_match_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cross_check_match")),
        sa.UniqueConstraint("list_id", "person_id", "household_id", name="uq_cross_check_match_person"),
    )
    op.create_index("ix_cross_check_match_household_id", "cross_check_match", ["household_id", "kind"])
    op.create_index("ix_cross_check_match_area_code", "cross_check_match", ["area_code", "id"])
    op.create_table(
        "cross_check_resolution",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('explained', 'confirmed')", name=op.f("ck_cross_check_resolution_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["cross_check_match.id"],
            name=op.f("fk_cross_check_resolution_match_id_cross_check_match"),
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_cross_check_resolution")),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
