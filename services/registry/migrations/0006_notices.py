"""Notices with their lists, objections, announcements, and pre-exits."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import append_only, protect_by_area

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCOPED = ("notice", "notice_item", "objection", "announcement", "pre_exit")

# What may still happen to a row; what it said when it was entered stays as it was.
CHANGING = {
    "notice": (
        "state",
        "version",
        "closed_on",
        "closed_by",
        "voided_on",
        "void_reason",
        "taken_down_on",
        "announced_on",
    ),
    "objection": ("outcome", "sealed_answer", "decided_on", "decided_by", "decided_at"),
    "pre_exit": ("outcome", "ended_on", "policies_kept_until"),
}


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("rule_pack", sa.Text(), nullable=False),
        sa.Column("rule_pack_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("min_days", sa.Integer(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("photo_sha256", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("list", sa.LargeBinary(), nullable=False),
        sa.Column("list_sha256", sa.Text(), nullable=False),
        sa.Column("posted_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("voided_on", sa.Date(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("taken_down_on", sa.Date(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('first-notice', 'second-notice', 'exit-notice', 'area-exit-notice')",
            name=op.f("ck_notice_kind"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed', 'voided')", name=op.f("ck_notice_state")),
        sa.CheckConstraint("closed_on >= closes_on", name=op.f("ck_notice_closed_in_time")),
        sa.CheckConstraint("closes_on = posted_on + min_days", name=op.f("ck_notice_hangs_its_days")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_notice_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_area_code", "notice", ["area_code", "kind", "id"])
    op.create_index("ix_notice_round_id", "notice", ["round_id", "id"])
    op.create_table(
        "notice_item",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("masked_name", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("stood_since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_notice_item_household_id_household")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_item_notice_id_notice")),
        sa.PrimaryKeyConstraint("notice_id", "household_id", name=op.f("pk_notice_item")),
    )
    op.create_index("ix_notice_item_household_id", "notice_item", ["household_id"])
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('in-person', 'telephone', 'letter', 'box', 'online')",
            name=op.f("ck_objection_channel"),
        ),
        sa.CheckConstraint("outcome IN ('upheld', 'dismissed')", name=op.f("ck_objection_outcome")),
        sa.CheckConstraint("decided_by <> filed_by", name=op.f("ck_objection_second_person")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_objection_household_id_household")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_objection_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index("ix_objection_notice_id", "objection", ["notice_id", "id"])
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("photo_sha256", sa.Text(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("list", sa.LargeBinary(), nullable=False),
        sa.Column("list_sha256", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('first-notice', 'second-notice', 'exit-notice', 'area-exit-notice')",
            name=op.f("ck_announcement_kind"),
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_announcement_notice_id_notice")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_announcement_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_notice_id", "announcement", ["notice_id"])
    op.create_index("ix_announcement_round_id", "announcement", ["round_id", "id"])
    op.create_table(
        "pre_exit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("pre_exited_on", sa.Date(), nullable=False),
        sa.Column("status_before", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("rule_pack", sa.Text(), nullable=False),
        sa.Column("rule_pack_version", sa.Integer(), nullable=False),
        sa.Column("per_capita_income_fen", sa.BigInteger(), nullable=False),
        sa.Column("line_fen", sa.BigInteger(), nullable=False),
        sa.Column("assurances_met", sa.Boolean(), nullable=False),
        sa.Column("guarantees_met", sa.Boolean(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("signature_sha256", sa.Text(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("policies_kept_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('open', 'exited', 'taken-back', 'overtaken')", name=op.f("ck_pre_exit_outcome")
        ),
        sa.CheckConstraint("votes <= present AND present <= eligible", name=op.f("ck_pre_exit_votes")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_pre_exit_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pre_exit")),
    )
    op.create_index("ix_pre_exit_household_id", "pre_exit", ["household_id", "id"])
    op.create_index(
        "uq_pre_exit_open",
        "pre_exit",
        ["household_id"],
        unique=True,
        postgresql_where=sa.text("outcome = 'open'"),
    )
    protect_by_area(*SCOPED)
    append_only(*SCOPED)
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    for table, columns in CHANGING.items():
        op.execute(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO tuopin_{schema}")


def downgrade() -> None:
    for table in reversed(SCOPED):
        op.drop_table(table)
