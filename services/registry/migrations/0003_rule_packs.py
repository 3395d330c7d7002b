"""Rule packs as they were proposed, who reviewed them, and from which day on each is in force."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import append_only

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("rule_pack", "rule_pack_review", "rule_pack_activation")
SCOPE = "scope ~ '^[0-9]{0,6}$'"


def upgrade() -> None:
    op.create_table(
        "rule_pack",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Text(), nullable=True),
        sa.Column("based_on_version", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(SCOPE, name=op.f("ck_rule_pack_scope_is_a_county_or_above")),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_rule_pack")),
        sa.UniqueConstraint("code", "version", "proposed_by", name="uq_rule_pack_proposed_by"),
    )
    op.create_table(
        "rule_pack_review",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reviewed_by <> proposed_by", name=op.f("ck_rule_pack_review_second_person")),
        sa.ForeignKeyConstraint(
            ["code", "version", "proposed_by"],
            ["rule_pack.code", "rule_pack.version", "rule_pack.proposed_by"],
            name="fk_rule_pack_review_rule_pack",
        ),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_rule_pack_review")),
    )
    op.create_table(
        "rule_pack_activation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("activated_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(SCOPE, name=op.f("ck_rule_pack_activation_scope_is_a_county_or_above")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_pack_activation")),
    )
    op.create_index("ix_rule_pack_activation_active_from", "rule_pack_activation", ["active_from"])
    append_only(*TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
