"""The relocation service's first tables, scoped by area; rules, history, instalments and reports are only added to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations.guards import append_only, protect_by_area
from chassis.migrations.plumbing import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    op.create_table(
        "house_event",
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("house_id", "version", name=op.f("pk_house_event")),
    )
    op.create_table(
        "household_copy",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_household_copy")),
    )
    op.create_table(
        "rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("basis_document", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('area-cap', 'infrastructure-standard', 'housing-subsidy')", name=op.f("ck_rule_kind")
        ),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_to >= effective_from", name=op.f("ck_rule_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule")),
        sa.UniqueConstraint("kind", "effective_from", name="uq_rule_kind_from"),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("planned_households", sa.Integer(), nullable=False),
        sa.Column("planned_persons", sa.Integer(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('centralized', 'interspersed')", name=op.f("ck_site_kind")),
        sa.CheckConstraint(
            "planned_households > 0 AND planned_persons >= planned_households", name=op.f("ck_site_planned")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("area_code", "name", name="uq_site_area_code_name"),
    )
    op.create_table(
        "subsidy_payment",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("due_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome IN ('settled', 'rejected')", name=op.f("ck_subsidy_payment_outcome")),
        sa.PrimaryKeyConstraint("payment_id", "attempt", "outcome", name=op.f("pk_subsidy_payment")),
    )
    op.create_index(op.f("ix_subsidy_payment_due_id"), "subsidy_payment", ["due_id"], unique=False)
    op.create_table(
        "house",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("area_cap_m2", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("planned_area_m2", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("topped_out_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("rejected_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("moved_in_on", sa.Date(), nullable=True),
        sa.Column("floor_area_m2", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.CheckConstraint(
            "stage IN ('allocated', 'started', 'topped-out', 'completed', 'accepted', 'moved-in')",
            name=op.f("ck_house_stage"),
        ),
        sa.CheckConstraint(
            "(completed_on IS NULL) = (floor_area_m2 IS NULL)", name=op.f("ck_house_measured_at_completion")
        ),
        sa.CheckConstraint(
            "allocated_on <= started_on AND started_on <= topped_out_on AND topped_out_on <= completed_on AND completed_on <= rejected_on AND completed_on <= accepted_on AND rejected_on <= accepted_on AND accepted_on <= moved_in_on",
            name=op.f("ck_house_dates_in_order"),
        ),
        sa.CheckConstraint(
            "(started_on IS NOT NULL OR topped_out_on IS NULL) AND (topped_out_on IS NOT NULL OR completed_on IS NULL) AND (completed_on IS NOT NULL OR coalesce(rejected_on, accepted_on) IS NULL) AND (accepted_on IS NOT NULL OR moved_in_on IS NULL)",
            name=op.f("ck_house_stages_without_gaps"),
        ),
        sa.CheckConstraint("planned_area_m2 <= area_cap_m2", name=op.f("ck_house_planned_area")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_house_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house")),
        sa.UniqueConstraint("household_id", name="uq_house_household_id"),
    )
    op.create_index("ix_house_area_code", "house", ["area_code", "id"], unique=False)
    op.create_index("ix_house_site_id", "house", ["site_id", "id"], unique=False)
    op.create_index("ix_house_stage", "house", ["stage", "id"], unique=False)
    op.create_table(
        "subsidy_due",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("house_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_subsidy_due_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_due")),
        sa.UniqueConstraint("house_id", "stage", name="uq_subsidy_due_house_id_stage"),
    )
    protect_by_area("site", "household_copy", "house", "house_event", "subsidy_due", "subsidy_payment")
    append_only("rule", "house_event", "subsidy_due", "subsidy_payment")


def downgrade() -> None:
    for table in (
        "subsidy_payment",
        "subsidy_due",
        "house_event",
        "house",
        "household_copy",
        "site",
        "rule",
    ):
        op.drop_table(table)
    drop_plumbing()
