"""The registry's first tables: what holds now, its whole history, and who saw what."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import append_only, protect_by_area
from chassis.migrations.plumbing import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCOPED = (
    "change_set",
    "household",
    "person",
    "household_version",
    "member_version",
    "household_standing",
    "disclosure",
)
HISTORY = (
    "change_set",
    "household_version",
    "member_version",
    "household_standing",
    "disclosure",
    "eligibility_query",
)


def upgrade() -> None:
    create_plumbing()
    op.create_table(
        "division",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["division.code"], name=op.f("fk_division_parent_code_division")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_division")),
    )
    op.create_index("ix_division_parent_code", "division", ["parent_code", "code"], unique=False)
    op.create_table(
        "change_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reverts", sa.Uuid(), nullable=True),
        sa.Column("document_sha256", sa.Text(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('import', 'undo')", name=op.f("ck_change_set_kind")),
        sa.CheckConstraint(
            "outcome IN ('refused', 'checked', 'committed')", name=op.f("ck_change_set_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["reverts"], ["change_set.id"], name=op.f("fk_change_set_reverts_change_set")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
        sa.UniqueConstraint("reverts", name="uq_change_set_reverts"),
    )
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("county_code", sa.Text(), nullable=False),
        sa.Column("file_number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_version", sa.Integer(), nullable=False),
        sa.Column("village_since", sa.Date(), nullable=False),
        sa.Column("change_set_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("category IN ('general', 'dibao', 'wubao')", name=op.f("ck_household_category")),
        sa.CheckConstraint(
            "status IN ('candidate', 'registered', 'verified', 'exited', 'returned', 'withdrawn')",
            name=op.f("ck_household_status"),
        ),
        sa.CheckConstraint("persons > 0", name=op.f("ck_household_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index("ix_household_area_code", "household", ["area_code", "id"], unique=False)
    op.create_index("ix_household_change_set_id", "household", ["change_set_id"], unique=False)
    op.create_index(
        "uq_household_file_number",
        "household",
        ["county_code", "file_number"],
        unique=True,
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_person_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("identity_hash", name="uq_person_identity_hash"),
    )
    op.create_index("ix_person_household_id", "person", ["household_id"], unique=False)
    op.create_table(
        "household_version",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moved_out", sa.Boolean(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("change_set_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("file_number", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("housing_area_dm2", sa.Integer(), nullable=False),
        sa.Column("wage_income_fen", sa.BigInteger(), nullable=False),
        sa.Column("business_income_fen", sa.BigInteger(), nullable=False),
        sa.Column("transfer_income_fen", sa.BigInteger(), nullable=False),
        sa.Column("property_income_fen", sa.BigInteger(), nullable=False),
        sa.Column("production_cost_fen", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("household_id", "version", "moved_out", name=op.f("pk_household_version")),
    )
    op.create_index("ix_household_version_valid_from", "household_version", ["valid_from"], unique=False)
    op.create_table(
        "member_version",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("ethnic_group", sa.Text(), nullable=False),
        sa.Column("education", sa.Text(), nullable=False),
        sa.Column("schooling", sa.Text(), nullable=False),
        sa.Column("health", sa.Text(), nullable=False),
        sa.Column("labour", sa.Text(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("medical_scheme", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("household_id", "version", "position", name=op.f("pk_member_version")),
    )
    op.create_index("ix_member_version_identity_hash", "member_version", ["identity_hash"], unique=False)
    op.create_index("ix_member_version_person_id", "member_version", ["person_id"], unique=False)
    op.create_table(
        "household_standing",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("change_set_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("household_id", "version", name=op.f("pk_household_standing")),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('unmasking', 'payees', 'export', 'report')", name=op.f("ck_disclosure_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_subject_id", "disclosure", ["subject_id"], unique=False)
    op.create_table(
        "eligibility_query",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_query")),
    )
    op.create_index(
        "ix_eligibility_query_identity_hash", "eligibility_query", ["identity_hash"], unique=False
    )
    protect_by_area(*SCOPED)
    append_only(*HISTORY)


def downgrade() -> None:
    for table in ("eligibility_query", *reversed(SCOPED), "division"):
        op.drop_table(table)
    drop_plumbing()
