"""What is read: queries straight to answers, payment items scoped to the caller's area."""

from typing import Any
from uuid import UUID

from chassis.money import Amount
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.finance.domain.errors import BatchUnknown, PaymentUnknown
from services.finance.iso20022.reason import explain_reason
from services.finance.schemas import answer
from services.finance.store.batch import COLUMNS as BATCH_COLUMNS
from services.finance.store.batch import batch_of as batch_from

PAYMENT_COLUMNS = (
    "id, household_id, programme_code, period, source_kind, source_id, amount_fen, status, attempt, replaces,"
    " batch_id, drafted_on, sent_on, paid_on, bank_amount_fen, rejected_on, reason,"
    " withdrawn_on, withdrawal_reason,"
    " (SELECT later.id FROM payment AS later WHERE later.replaces = payment.id) AS replaced_by"
)
PAYMENTS = f"""
SELECT {PAYMENT_COLUMNS} FROM payment
WHERE starts_with(area_code, $1) AND ($3::uuid IS NULL OR id > $3) AND ($4::text IS NULL OR status = $4)
  AND ($5::text IS NULL OR programme_code = $5) AND ($6::uuid IS NULL OR household_id = $6)
  AND ($7::uuid IS NULL OR batch_id = $7)
ORDER BY id LIMIT $2
"""  # noqa: S608
PAYMENT = f"SELECT {PAYMENT_COLUMNS} FROM payment WHERE id = $1 AND starts_with(area_code, $2)"  # noqa: S608
BATCHES = f"""
SELECT {BATCH_COLUMNS} FROM batch
WHERE ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR status = $3)
  AND ($4::text IS NULL OR programme_code = $4)
  AND ($5::text IS NULL OR bank_client IS NULL OR bank_client = $5)
ORDER BY id LIMIT $1
"""  # noqa: S608
BATCH = f"SELECT {BATCH_COLUMNS} FROM batch WHERE id = $1"  # noqa: S608
OUTCOMES = "SELECT status, count(*)::integer AS number FROM payment WHERE batch_id = $1 GROUP BY status"
FUNDS = """
SELECT f.id, f.source, f.name, f.opened_on, f.bank_client,
       coalesce(sum(b.balance_fen) FILTER (WHERE b.account = 'cash'), 0)::bigint AS cash,
       coalesce(sum(b.balance_fen) FILTER (WHERE b.account = 'unallocated'), 0)::bigint AS unallocated,
       (SELECT coalesce(sum(e.amount_fen), 0)::bigint FROM journal_entry AS e
        JOIN journal_transaction AS t ON t.id = e.transaction_id
        WHERE e.fund_id = f.id AND e.account = 'cash' AND t.kind IN ('receipt', 'receipt-reversal')) AS received
FROM fund AS f LEFT JOIN account_balance AS b ON b.fund_id = f.id
WHERE $2::uuid IS NULL OR f.id > $2
GROUP BY f.id ORDER BY f.id LIMIT $1
"""
BALANCES = """
SELECT b.fund_id, f.source, b.account, b.programme_code, b.balance_fen
FROM account_balance AS b JOIN fund AS f ON f.id = b.fund_id
WHERE $2::uuid IS NULL OR (b.fund_id, b.account, b.programme_code) > ($2, $3, $4)
ORDER BY b.fund_id, b.account, b.programme_code LIMIT $1
"""
JOURNAL = """
SELECT t.id, t.kind, t.fund_id, t.occurred_on, t.batch_id, t.reverses, t.reference, t.actor_id, t.recorded_at,
       array_agg(e.account ORDER BY e.entry_no) AS accounts,
       array_agg(e.programme_code ORDER BY e.entry_no) AS programmes,
       array_agg(e.amount_fen ORDER BY e.entry_no) AS amounts
FROM journal_transaction AS t JOIN journal_entry AS e ON e.transaction_id = t.id
WHERE ($2::uuid IS NULL OR t.id > $2) AND ($3::uuid IS NULL OR t.fund_id = $3)
GROUP BY t.id ORDER BY t.id LIMIT $1
"""
TRANSACTION_FIELDS = (
    "id", "kind", "fund_id", "occurred_on", "batch_id", "reverses", "reference", "actor_id", "recorded_at",
)  # fmt: skip


async def list_payments(
    unit: UnitOfWork,
    *,
    status: str | None,
    programme: str | None,
    household: UUID | None,
    batch: UUID | None,
    cursor: str | None,
    limit: int,
) -> Page[answer.Payment]:
    """Return payment items by id, which is their order of drafting."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    area = unit.principal.area
    rows = await unit.driver.fetch(PAYMENTS, area, limit + 1, last, status, programme, household, batch)
    return page_of(rows, limit, _payment_of, lambda row: (row["id"],))


async def show_payment(unit: UnitOfWork, payment_id: UUID) -> answer.Payment:
    """Return one payment item."""
    row = await unit.driver.fetchrow(PAYMENT, payment_id, unit.principal.area)
    if row is None:
        raise PaymentUnknown
    return _payment_of(row)


async def list_batches(
    unit: UnitOfWork, *, status: str | None, programme: str | None, cursor: str | None, limit: int
) -> Page[answer.Batch]:
    """Return batches by id, which is their order of drafting."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(BATCHES, limit + 1, last, status, programme, None)
    return page_of(rows, limit, lambda row: answer.batch_of(batch_from(row)), lambda row: (row["id"],))


async def show_batch(unit: UnitOfWork, batch_id: UUID) -> answer.Batch:
    """Return one batch with how many of its items stand where."""
    row = await unit.driver.fetchrow(BATCH, batch_id)
    if row is None:
        raise BatchUnknown
    outcomes = {each["status"]: each["number"] for each in await unit.driver.fetch(OUTCOMES, batch_id)}
    return answer.batch_of(batch_from(row), payments=outcomes)


async def list_bank_batches(unit: UnitOfWork, *, cursor: str | None, limit: int) -> Page[answer.BankBatch]:
    """Return what waits at the caller's bank."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(BATCHES, limit + 1, last, "released", None, unit.principal.actor_id)
    return page_of(rows, limit, _bank_batch_of, lambda row: (row["id"],))


async def list_funds(unit: UnitOfWork, *, cursor: str | None, limit: int) -> Page[answer.Fund]:
    """Return funds by id, which is their order of opening."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(FUNDS, limit + 1, last)
    return page_of(rows, limit, _fund_of, lambda row: (row["id"],))


async def list_balances(unit: UnitOfWork, *, cursor: str | None, limit: int) -> Page[answer.Balance]:
    """Return what every account holds."""
    last = decode_cursor(cursor, UUID, str, str) or (None, None, None)
    rows = await unit.driver.fetch(BALANCES, limit + 1, *last)
    return page_of(
        rows, limit, _balance_of, lambda row: (row["fund_id"], row["account"], row["programme_code"])
    )


async def list_journal(
    unit: UnitOfWork, *, fund: UUID | None, cursor: str | None, limit: int
) -> Page[answer.JournalTransaction]:
    """Return movements in the order they were made."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(JOURNAL, limit + 1, last, fund)
    return page_of(rows, limit, _transaction_of, lambda row: (row["id"],))


def _payment_of(row: Any) -> answer.Payment:
    fields = dict(row)
    bank_fen = fields.pop("bank_amount_fen")
    return answer.Payment(
        amount=Amount.of(fields.pop("amount_fen")),
        bank_amount=None if bank_fen is None else Amount.of(bank_fen),
        reason_text=explain_reason(fields["reason"]).chinese if fields["reason"] else None,
        **fields,
    )


def _bank_batch_of(row: Any) -> answer.BankBatch:
    return answer.BankBatch(
        id=row["id"],
        message_id=row["id"].hex,
        count=row["count"],
        sum=Amount.of(row["sum_fen"]),
        released_on=row["released_on"],
        document=f"/finance/v1/bank/batches/{row['id']}/document",
    )


def _fund_of(row: Any) -> answer.Fund:
    return answer.Fund(
        id=row["id"],
        source=row["source"],
        name=row["name"],
        opened_on=row["opened_on"],
        received=Amount.of(row["received"]),
        unallocated=Amount.of(row["unallocated"]),
        cash=Amount.of(row["cash"]),
        bank_client=row["bank_client"],
    )


def _balance_of(row: Any) -> answer.Balance:
    return answer.Balance(
        fund_id=row["fund_id"],
        source=row["source"],
        account=row["account"],
        programme_code=row["programme_code"] or None,
        balance=Amount.of(row["balance_fen"]),
    )


def _transaction_of(row: Any) -> answer.JournalTransaction:
    sides = zip(row["accounts"], row["programmes"], row["amounts"], strict=True)
    entries = [
        answer.Entry(account=account, programme_code=programme or None, amount=Amount.of(fen))
        for account, programme, fen in sides
    ]
    return answer.JournalTransaction(entries=entries, **{name: row[name] for name in TRANSACTION_FIELDS})
