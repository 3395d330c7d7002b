"""The finance service's tables; what money did is only ever added to, and walls stand around it in the revisions."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from chassis.tables import Xid8, add_plumbing, area_column, id_column, new_metadata, timestamp

metadata = new_metadata()
add_plumbing(metadata)

# Funds, journal and batches belong to the county as a whole: roles decide, not areas.
fund = Table(
    "fund",
    metadata,
    id_column(),
    Column("area_code", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("account", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    # The one partner that pays from it; any bank where none is named.
    Column("bank_client", Text, nullable=True),
    UniqueConstraint("source", "name", name="uq_fund_source_name"),
    CheckConstraint("source IN ('special', 'integrated', 'donation')", name="source"),
)

journal_transaction = Table(
    "journal_transaction",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("fund_id", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("batch_id", Uuid, nullable=True),
    Column("reverses", Uuid, ForeignKey("journal_transaction.id"), nullable=True),
    Column("reference", Text, nullable=True),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    # Entries may join their transaction only while it is being made.
    Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    UniqueConstraint("reverses", name="uq_journal_transaction_reverses"),
    CheckConstraint(
        "kind IN ('receipt', 'allocation', 'reservation', 'release', 'payment', 'return',"
        " 'receipt-reversal', 'allocation-reversal')",
        name="kind",
    ),
    CheckConstraint("(reverses IS NOT NULL) = (kind LIKE '%-reversal')", name="reversal"),
    Index("ix_journal_transaction_fund_id", "fund_id", "id"),
)

journal_entry = Table(
    "journal_entry",
    metadata,
    Column("transaction_id", Uuid, ForeignKey("journal_transaction.id"), primary_key=True),
    Column("entry_no", Integer, primary_key=True),
    Column("fund_id", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("account", Text, nullable=False),
    Column("programme_code", Text, nullable=False),
    # Debit above zero, credit below.
    Column("amount_fen", BigInteger, nullable=False),
    CheckConstraint("amount_fen <> 0", name="amount"),
    CheckConstraint("account IN ('cash', 'unallocated', 'allocated', 'reserved')", name="account"),
    CheckConstraint(
        "(programme_code = '') = (account IN ('cash', 'unallocated'))", name="programme_of_account"
    ),
    Index("ix_journal_entry_account", "fund_id", "account", "programme_code"),
)

# Kept by a trigger on journal_entry; the service may only read it.
account_balance = Table(
    "account_balance",
    metadata,
    Column("fund_id", Uuid, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("programme_code", Text, primary_key=True),
    Column("balance_fen", BigInteger, nullable=False),
    CheckConstraint("balance_fen >= 0", name="not_negative"),
)

obligation = Table(
    "obligation",
    metadata,
    id_column(),
    area_column(),
    Column("programme_code", Text, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("period", Text, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("drafted_on", Date, nullable=False),
    UniqueConstraint(
        "programme_code",
        "household_id",
        "period",
        "source_kind",
        "source_id",
        name="uq_obligation_business_key",
    ),
    # One claim or stage is owed once, whatever else is said of it later.
    UniqueConstraint("source_kind", "source_id", name="uq_obligation_source"),
    CheckConstraint("amount_fen > 0", name="amount"),
)

payment = Table(
    "payment",
    metadata,
    id_column(),
    area_column(),
    Column("obligation_id", Uuid, ForeignKey("obligation.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("replaces", Uuid, ForeignKey("payment.id"), nullable=True),
    Column("source_kind", Text, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("programme_code", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("drafted_on", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("batch_id", Uuid, ForeignKey("batch.id"), nullable=True),
    Column("version", Integer, nullable=False),
    Column("sent_on", Date, nullable=True),
    Column("paid_on", Date, nullable=True),
    Column("bank_amount_fen", BigInteger, nullable=True),
    Column("rejected_on", Date, nullable=True),
    Column("reason", Text, nullable=True),
    Column("withdrawn_on", Date, nullable=True),
    Column("withdrawal_reason", Text, nullable=True),
    UniqueConstraint("obligation_id", "attempt", name="uq_payment_obligation_id_attempt"),
    UniqueConstraint("replaces", name="uq_payment_replaces"),
    # For ever: no second attempt while another one may still reach, or has reached, the household.
    Index(
        "uq_payment_live_attempt", "obligation_id", unique=True, postgresql_where=text("status <> 'rejected'")
    ),
    CheckConstraint("amount_fen > 0", name="amount"),
    CheckConstraint("(attempt = 1) = (replaces IS NULL)", name="attempt"),
    CheckConstraint(
        "status IN ('drafted', 'batched', 'sent', 'pending', 'settled', 'rejected', 'withdrawn')",
        name="status",
    ),
    CheckConstraint("(status IN ('drafted', 'withdrawn')) = (batch_id IS NULL)", name="batch"),
    CheckConstraint("(status IN ('drafted', 'batched', 'withdrawn')) = (sent_on IS NULL)", name="sent"),
    CheckConstraint(
        "(status = 'withdrawn') = (withdrawn_on IS NOT NULL) AND (withdrawn_on IS NULL) = (withdrawal_reason IS NULL)",
        name="withdrawn",
    ),
    CheckConstraint("(status = 'settled') = (paid_on IS NOT NULL)", name="settled"),
    CheckConstraint("bank_amount_fen IS NULL OR bank_amount_fen = amount_fen", name="bank_amount"),
    CheckConstraint(
        "(status = 'rejected') = (rejected_on IS NOT NULL) AND (rejected_on IS NULL) = (reason IS NULL)",
        name="rejected",
    ),
    Index("ix_payment_status", "programme_code", "status", "id"),
    Index("ix_payment_household_id", "household_id", "id"),
    Index("ix_payment_batch_id", "batch_id", "id"),
)

batch = Table(
    "batch",
    metadata,
    id_column(),
    Column("area_code", Text, nullable=False),
    Column("programme_code", Text, nullable=False),
    Column("fund_id", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("count", Integer, nullable=False),
    Column("sum_fen", BigInteger, nullable=False),
    Column("maker_id", Text, nullable=False),
    Column("drafted_on", Date, nullable=False),
    # The account the money leaves and the bank that pays it, frozen like its payees.
    Column("debtor", LargeBinary, nullable=False),
    Column("bank_client", Text, nullable=True),
    Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("checker_id", Text, nullable=True),
    Column("approved_on", Date, nullable=True),
    Column("payer_id", Text, nullable=True),
    Column("released_on", Date, nullable=True),
    timestamp("released_at", nullable=True),
    Column("rejected_by", Text, nullable=True),
    Column("rejected_on", Date, nullable=True),
    CheckConstraint('"count" > 0 AND sum_fen > 0', name="totals"),
    CheckConstraint("status IN ('drafted', 'approved', 'released', 'closed', 'rejected')", name="status"),
    CheckConstraint("maker_id <> checker_id", name="maker_is_not_checker"),
    CheckConstraint("maker_id <> payer_id", name="maker_is_not_payer"),
    CheckConstraint("checker_id <> payer_id", name="checker_is_not_payer"),
    CheckConstraint(
        "status NOT IN ('approved', 'released', 'closed')"
        " OR (checker_id IS NOT NULL AND approved_on IS NOT NULL)",
        name="approved",
    ),
    CheckConstraint(
        "(status IN ('released', 'closed')) = (payer_id IS NOT NULL)"
        " AND (payer_id IS NULL) = (released_on IS NULL) AND (payer_id IS NULL) = (released_at IS NULL)",
        name="released",
    ),
    CheckConstraint(
        "(status = 'rejected') = (rejected_by IS NOT NULL) AND (rejected_by IS NULL) = (rejected_on IS NULL)",
        name="rejected",
    ),
    Index("ix_batch_status", "status", "id"),
)

batch_line = Table(
    "batch_line",
    metadata,
    Column("batch_id", Uuid, ForeignKey("batch.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("payment_id", Uuid, ForeignKey("payment.id"), nullable=False),
    Column("instruction_id", Uuid, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("payee", LargeBinary, nullable=False),
    UniqueConstraint("instruction_id", name="uq_batch_line_instruction_id"),
    UniqueConstraint("batch_id", "payment_id", name="uq_batch_line_batch_id_payment_id"),
    CheckConstraint("amount_fen > 0", name="amount"),
)

# What went to the bank. Never deleted, never expires: a payment item leaves the house once.
bank_line = Table(
    "bank_line",
    metadata,
    id_column("payment_id"),
    Column("instruction_id", Uuid, nullable=False),
    Column("batch_id", Uuid, ForeignKey("batch.id"), nullable=False, index=True),
    Column("amount_fen", BigInteger, nullable=False),
    Column("released_on", Date, nullable=False),
    UniqueConstraint("instruction_id", name="uq_bank_line_instruction_id"),
)

bank_report = Table(
    "bank_report",
    metadata,
    id_column(),
    Column("batch_id", Uuid, ForeignKey("batch.id"), nullable=False),
    Column("message_id", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("settled", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("pending", Integer, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("reported_on", Date, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("batch_id", "message_id", name="uq_bank_report_batch_id_message_id"),
)

document_access = Table(
    "document_access",
    metadata,
    id_column(),
    Column("batch_id", Uuid, ForeignKey("batch.id"), nullable=False, index=True),
    Column("actor_id", Text, nullable=False),
    timestamp("accessed_at"),
)
