"""Figures and exits of areas, the documents behind categories, and the disabled people of the register at hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations.guards import append_only, protect_by_area

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FIGURES = (
    "kind IN ('rural-population', 'income-growth-percent', 'reference-growth-percent', 'collective-economy', "
    "'poor-villages-out-percent', 'coverage-percent', 'compulsory-education')"
)


def upgrade() -> None:
    op.create_table(
        "area_figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("basis_document", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(FIGURES, name=op.f("ck_area_figure_kind")),
        sa.ForeignKeyConstraint(
            ["area_code"], ["division.code"], name=op.f("fk_area_figure_area_code_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_figure")),
    )
    op.create_index("ix_area_figure_area_code", "area_figure", ["area_code", "kind", "as_of"])
    op.create_table(
        "area_exit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("exited_on", sa.Date(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("rule_pack", sa.Text(), nullable=False),
        sa.Column("rule_pack_version", sa.Integer(), nullable=False),
        sa.Column("assessment", postgresql.JSONB(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_code"], ["division.code"], name=op.f("fk_area_exit_area_code_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_exit")),
        sa.UniqueConstraint("area_code", name="uq_area_exit_area_code"),
    )
    op.create_table(
        "household_category",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "category IN ('general', 'dibao', 'wubao')", name=op.f("ck_household_category_category")
        ),
        sa.PrimaryKeyConstraint("household_id", "version", name=op.f("pk_household_category")),
    )
    # One person in twenty: an overlap is counted without reading everybody.
    op.create_index(
        "ix_member_version_disabled",
        "member_version",
        ["household_id", "version"],
        postgresql_where=sa.text("health = '04'"),
    )
    protect_by_area("household_category")
    append_only("area_figure", "area_exit", "household_category")


def downgrade() -> None:
    op.drop_index("ix_member_version_disabled", "member_version")
    for table in ("household_category", "area_exit", "area_figure"):
        op.drop_table(table)
