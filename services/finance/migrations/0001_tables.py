"""The finance service's first tables."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.plumbing import create_plumbing, drop_plumbing
from chassis.tables import Xid8

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    op.create_table(
        "account_balance",
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance_fen >= 0", name=op.f("ck_account_balance_not_negative")),
        sa.PrimaryKeyConstraint("fund_id", "account", "programme_code", name=op.f("pk_account_balance")),
    )
    op.create_table(
        "fund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.CheckConstraint("source IN ('special', 'integrated', 'donation')", name=op.f("ck_fund_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("source", "name", name="uq_fund_source_name"),
    )
    op.create_table(
        "obligation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_obligation_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
        sa.UniqueConstraint(
            "programme_code",
            "household_id",
            "period",
            "source_kind",
            "source_id",
            name="uq_obligation_business_key",
        ),
        sa.UniqueConstraint("source_kind", "source_id", name="uq_obligation_source"),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("maker_id", sa.Text(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("debtor", sa.LargeBinary(), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checker_id", sa.Text(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("payer_id", sa.Text(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_by", sa.Text(), nullable=True),
        sa.Column("rejected_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(status = 'rejected') = (rejected_by IS NOT NULL) AND (rejected_by IS NULL) = (rejected_on IS NULL)",
            name=op.f("ck_batch_rejected"),
        ),
        sa.CheckConstraint(
            "(status IN ('released', 'closed')) = (payer_id IS NOT NULL) AND (payer_id IS NULL) = (released_on IS NULL) AND (payer_id IS NULL) = (released_at IS NULL)",
            name=op.f("ck_batch_released"),
        ),
        sa.CheckConstraint(
            "status IN ('drafted', 'approved', 'released', 'closed', 'rejected')",
            name=op.f("ck_batch_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'released', 'closed') OR (checker_id IS NOT NULL AND approved_on IS NOT NULL)",
            name=op.f("ck_batch_approved"),
        ),
        sa.CheckConstraint('"count" > 0 AND sum_fen > 0', name=op.f("ck_batch_totals")),
        sa.CheckConstraint("checker_id <> payer_id", name=op.f("ck_batch_checker_is_not_payer")),
        sa.CheckConstraint("maker_id <> checker_id", name=op.f("ck_batch_maker_is_not_checker")),
        sa.CheckConstraint("maker_id <> payer_id", name=op.f("ck_batch_maker_is_not_payer")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_batch_fund_id_fund")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index("ix_batch_status", "batch", ["status", "id"], unique=False)
    op.create_table(
        "journal_transaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.CheckConstraint(
            "(reverses IS NOT NULL) = (kind LIKE '%-reversal')", name=op.f("ck_journal_transaction_reversal")
        ),
        sa.CheckConstraint(
            "kind IN ('receipt', 'allocation', 'reservation', 'release', 'payment', 'return', 'receipt-reversal', 'allocation-reversal')",
            name=op.f("ck_journal_transaction_kind"),
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_journal_transaction_fund_id_fund")),
        sa.ForeignKeyConstraint(
            ["reverses"],
            ["journal_transaction.id"],
            name=op.f("fk_journal_transaction_reverses_journal_transaction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_transaction")),
        sa.UniqueConstraint("reverses", name="uq_journal_transaction_reverses"),
    )
    op.create_index("ix_journal_transaction_fund_id", "journal_transaction", ["fund_id", "id"], unique=False)
    op.create_table(
        "bank_line",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("instruction_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_bank_line_batch_id_batch")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("instruction_id", name="uq_bank_line_instruction_id"),
    )
    op.create_index(op.f("ix_bank_line_batch_id"), "bank_line", ["batch_id"], unique=False)
    op.create_table(
        "bank_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_bank_report_batch_id_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_report")),
        sa.UniqueConstraint("batch_id", "message_id", name="uq_bank_report_batch_id_message_id"),
    )
    op.create_table(
        "document_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("accessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_document_access_batch_id_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_access")),
    )
    op.create_index(op.f("ix_document_access_batch_id"), "document_access", ["batch_id"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("entry_no", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(programme_code = '') = (account IN ('cash', 'unallocated'))",
            name=op.f("ck_journal_entry_programme_of_account"),
        ),
        sa.CheckConstraint(
            "account IN ('cash', 'unallocated', 'allocated', 'reserved')",
            name=op.f("ck_journal_entry_account"),
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_journal_entry_amount")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_journal_entry_fund_id_fund")),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["journal_transaction.id"],
            name=op.f("fk_journal_entry_transaction_id_journal_transaction"),
        ),
        sa.PrimaryKeyConstraint("transaction_id", "entry_no", name=op.f("pk_journal_entry")),
    )
    op.create_index(
        "ix_journal_entry_account", "journal_entry", ["fund_id", "account", "programme_code"], unique=False
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("bank_amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("rejected_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'drafted') = (batch_id IS NULL)", name=op.f("ck_payment_batch")),
        sa.CheckConstraint(
            "(status = 'rejected') = (rejected_on IS NOT NULL) AND (rejected_on IS NULL) = (reason IS NULL)",
            name=op.f("ck_payment_rejected"),
        ),
        sa.CheckConstraint("(status = 'settled') = (paid_on IS NOT NULL)", name=op.f("ck_payment_settled")),
        sa.CheckConstraint(
            "(status IN ('drafted', 'batched')) = (sent_on IS NULL)", name=op.f("ck_payment_sent")
        ),
        sa.CheckConstraint(
            "status IN ('drafted', 'batched', 'sent', 'pending', 'settled', 'rejected')",
            name=op.f("ck_payment_status"),
        ),
        sa.CheckConstraint("(attempt = 1) = (replaces IS NULL)", name=op.f("ck_payment_attempt")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_amount")),
        sa.CheckConstraint(
            "bank_amount_fen IS NULL OR bank_amount_fen = amount_fen", name=op.f("ck_payment_bank_amount")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_payment_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_payment_obligation_id_obligation")
        ),
        sa.ForeignKeyConstraint(["replaces"], ["payment.id"], name=op.f("fk_payment_replaces_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("obligation_id", "attempt", name="uq_payment_obligation_id_attempt"),
        sa.UniqueConstraint("replaces", name="uq_payment_replaces"),
    )
    op.create_index("ix_payment_batch_id", "payment", ["batch_id", "id"], unique=False)
    op.create_index("ix_payment_household_id", "payment", ["household_id", "id"], unique=False)
    op.create_index("ix_payment_status", "payment", ["programme_code", "status", "id"], unique=False)
    op.create_index(
        "uq_payment_live_attempt",
        "payment",
        ["obligation_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'rejected'"),
    )
    op.create_table(
        "batch_line",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("instruction_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("payee", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_batch_line_amount")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_line_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_batch_line_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("batch_id", "line_no", name=op.f("pk_batch_line")),
        sa.UniqueConstraint("batch_id", "payment_id", name="uq_batch_line_batch_id_payment_id"),
        sa.UniqueConstraint("instruction_id", name="uq_batch_line_instruction_id"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    op.drop_table("batch_line")
    op.drop_table("payment")
    op.drop_table("journal_entry")
    op.drop_table("document_access")
    op.drop_table("bank_report")
    op.drop_table("bank_line")
    op.drop_table("journal_transaction")
    op.drop_table("batch")
    op.drop_table("obligation")
    op.drop_table("fund")
    op.drop_table("account_balance")
    drop_plumbing()
