"""The subsidy service's first tables, each scoped by area; history and evidence are only ever added to."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import append_only, protect_by_area
from chassis.tables import Xid8

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business_date",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("value", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_business_date_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_business_date")),
    )
    op.create_table(
        "claim_version",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("accepted_quantity", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "version", name=op.f("pk_claim_version")),
    )
    op.create_index("ix_claim_version_happened_on", "claim_version", ["happened_on"], unique=False)
    op.create_table(
        "dead_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('parked', 'waiting', 'replayed', 'discarded')", name=op.f("ck_dead_letter_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letter")),
    )
    op.create_index(
        "ix_dead_letter_open_key",
        "dead_letter",
        ["topic", "key"],
        unique=False,
        postgresql_where=sa.text("state IN ('parked', 'waiting')"),
    )
    op.create_index("ix_dead_letter_state", "dead_letter", ["state", "order_no"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("photo_sha256", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "position", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_photo_sha256", "evidence", ["photo_sha256"], unique=False)
    op.create_table(
        "household_copy",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_household_copy")),
    )
    op.create_table(
        "household_standing",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("household_id", "sequence", name=op.f("pk_household_standing")),
    )
    op.create_index(
        "ix_household_standing_since", "household_standing", ["household_id", "since"], unique=False
    )
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_answered_at"), "idempotency", ["answered_at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_handled_at"), "inbox", ["handled_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("aggregate_type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_xid"), "outbox", ["xid"], unique=False)
    op.create_table(
        "payment_problem",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rejected_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("payment_id", "attempt", name=op.f("pk_payment_problem")),
    )
    op.create_index(op.f("ix_payment_problem_claim_id"), "payment_problem", ["claim_id"], unique=False)
    op.create_table(
        "position",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_position")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("rate_fen", sa.BigInteger(), nullable=False),
        sa.Column("cap_fen", sa.BigInteger(), nullable=True),
        sa.Column("floor_fen", sa.BigInteger(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("basis_document", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_to >= effective_from", name=op.f("ck_programme_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", "effective_from", name="uq_programme_code_from"),
    )
    op.create_table(
        "relay_position",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_relay_position")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("declared_quantity", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("accepted_quantity", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("inspector_id", sa.Text(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("approver_id", sa.Text(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("rejected_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('submitted', 'accepted', 'rejected', 'approved', 'paid')",
            name=op.f("ck_claim_status"),
        ),
        sa.CheckConstraint("accepted_quantity <= declared_quantity", name=op.f("ck_claim_accepted_quantity")),
        sa.CheckConstraint("inspector_id <> approver_id", name=op.f("ck_claim_two_people")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_claim_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_area_code", "claim", ["area_code", "id"], unique=False)
    op.create_index("ix_claim_household_id", "claim", ["household_id", "id"], unique=False)
    op.create_index("ix_claim_status", "claim", ["status", "id"], unique=False)
    op.create_table(
        "disbursement",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("status_on_payment_date", sa.Text(), nullable=False),
        sa.Column("registered_on_payment_date", sa.Boolean(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_disbursement_claim_id_claim")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_disbursement")),
    )
    op.create_index(op.f("ix_disbursement_claim_id"), "disbursement", ["claim_id"], unique=False)
    op.create_index("ix_disbursement_household_id", "disbursement", ["household_id", "period"], unique=False)
    op.create_index("ix_disbursement_paid_on", "disbursement", ["paid_on"], unique=False)
    op.create_index(
        "ix_disbursement_waiting",
        "disbursement",
        ["household_id"],
        unique=False,
        postgresql_where=sa.text("NOT is_published"),
    )
    protect_by_area(
        "claim",
        "claim_version",
        "evidence",
        "household_copy",
        "household_standing",
        "disbursement",
        "payment_problem",
    )
    append_only("claim_version", "evidence", "payment_problem", "programme")


def downgrade() -> None:
    op.drop_index(
        "ix_disbursement_waiting", table_name="disbursement", postgresql_where=sa.text("NOT is_published")
    )
    op.drop_index("ix_disbursement_paid_on", table_name="disbursement")
    op.drop_index("ix_disbursement_household_id", table_name="disbursement")
    op.drop_index(op.f("ix_disbursement_claim_id"), table_name="disbursement")
    op.drop_table("disbursement")
    op.drop_index("ix_claim_status", table_name="claim")
    op.drop_index("ix_claim_household_id", table_name="claim")
    op.drop_index("ix_claim_area_code", table_name="claim")
    op.drop_table("claim")
    op.drop_table("relay_position")
    op.drop_table("programme")
    op.drop_table("position")
    op.drop_index(op.f("ix_payment_problem_claim_id"), table_name="payment_problem")
    op.drop_table("payment_problem")
    op.drop_index(op.f("ix_outbox_xid"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_inbox_handled_at"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_index(op.f("ix_idempotency_answered_at"), table_name="idempotency")
    op.drop_table("idempotency")
    op.drop_index("ix_household_standing_since", table_name="household_standing")
    op.drop_table("household_standing")
    op.drop_table("household_copy")
    op.drop_index("ix_evidence_photo_sha256", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_dead_letter_state", table_name="dead_letter")
    op.drop_index(
        "ix_dead_letter_open_key",
        table_name="dead_letter",
        postgresql_where=sa.text("state IN ('parked', 'waiting')"),
    )
    op.drop_table("dead_letter")
    op.drop_index("ix_claim_version_happened_on", table_name="claim_version")
    op.drop_table("claim_version")
    op.drop_table("business_date")
