"""Obligations and payment items; whole batches move in one statement each."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.finance.domain.errors import ObligationDiffers, PaymentUnknown
from services.finance.domain.outcome import Change
from services.finance.domain.payment import Payment, Status

COLUMNS = (
    "id, area_code, obligation_id, attempt, replaces, source_kind, source_id, household_id, programme_code,"
    " period, amount_fen, drafted_on, status, batch_id, version"
)
INSERT_OBLIGATION = """
INSERT INTO obligation
    (id, area_code, programme_code, household_id, period, source_kind, source_id, amount_fen, drafted_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id
"""
SAME_OBLIGATION = """
SELECT programme_code = $3 AND household_id = $4 AND period = $5 AND amount_fen = $6
FROM obligation WHERE source_kind = $1 AND source_id = $2
"""
INSERT = f"""
INSERT INTO payment ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""  # noqa: S608
LOCK_ONE = f"SELECT {COLUMNS} FROM payment WHERE id = $1 FOR UPDATE"  # noqa: S608
LOCK_MANY = f"SELECT {COLUMNS} FROM payment WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"  # noqa: S608
LOCK_DRAFTED = f"""
SELECT {COLUMNS} FROM payment WHERE programme_code = $1 AND status = 'drafted' ORDER BY id LIMIT $2 FOR UPDATE
"""  # noqa: S608
LOCK_OF_BATCH = f"SELECT {COLUMNS} FROM payment WHERE batch_id = $1 ORDER BY id FOR UPDATE"  # noqa: S608
HOUSEHOLDS = """
SELECT DISTINCT household_id FROM payment
WHERE status = 'drafted' AND programme_code = $1 AND ($2::uuid[] IS NULL OR id = ANY($2)) ORDER BY 1 LIMIT $3
"""
TAKE_INTO_BATCH = "UPDATE payment SET status = 'batched', batch_id = $1 WHERE id = ANY($2::uuid[])"
FREE_OF_BATCH = "UPDATE payment SET status = 'drafted', batch_id = NULL WHERE batch_id = $1"
SEND = """
UPDATE payment SET status = 'sent', sent_on = $2, version = version + 1
WHERE batch_id = $1 AND status = 'batched'
"""
KEEP_SENT = """
INSERT INTO bank_line (payment_id, instruction_id, batch_id, amount_fen, released_on)
SELECT payment_id, instruction_id, batch_id, amount_fen, $2 FROM batch_line WHERE batch_id = $1 ORDER BY line_no
"""
CHANGE = """
UPDATE payment AS p SET
    status = c.status,
    version = p.version + CASE WHEN c.status = 'pending' THEN 0 ELSE 1 END,
    paid_on = CASE WHEN c.status = 'settled' THEN c.happened_on END,
    bank_amount_fen = CASE WHEN c.status = 'settled' THEN p.amount_fen END,
    rejected_on = CASE WHEN c.status = 'rejected' THEN c.happened_on END,
    reason = c.reason
FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[]) AS c (id, status, happened_on, reason)
WHERE p.id = c.id
"""

WITHDRAW = """
UPDATE payment SET status = 'withdrawn', version = $2, withdrawn_on = $3, withdrawal_reason = $4 WHERE id = $1
"""


async def add_obligation(unit: UnitOfWork, payment: Payment) -> bool:
    """Take on an obligation and its first attempt; False when the very same one was taken on before."""
    added = await unit.driver.fetchval(
        INSERT_OBLIGATION,
        payment.obligation_id,
        payment.area_code,
        payment.programme_code,
        payment.household_id,
        payment.period,
        payment.source_kind,
        payment.source_id,
        payment.amount_fen,
        payment.drafted_on,
    )
    if added is None:
        await _refuse_other_obligation(unit, payment)
        return False
    await add_payment(unit, payment)
    return True


async def _refuse_other_obligation(unit: UnitOfWork, payment: Payment) -> None:
    is_same = await unit.driver.fetchval(
        SAME_OBLIGATION,
        payment.source_kind,
        payment.source_id,
        payment.programme_code,
        payment.household_id,
        payment.period,
        payment.amount_fen,
    )
    if not is_same:
        raise ObligationDiffers


async def add_payment(unit: UnitOfWork, payment: Payment) -> None:
    """Keep a new attempt."""
    await unit.driver.execute(
        INSERT,
        payment.id,
        payment.area_code,
        payment.obligation_id,
        payment.attempt,
        payment.replaces,
        payment.source_kind,
        payment.source_id,
        payment.household_id,
        payment.programme_code,
        payment.period,
        payment.amount_fen,
        payment.drafted_on,
        payment.status,
        payment.batch_id,
        payment.version,
    )


async def lock_payment(unit: UnitOfWork, payment_id: UUID) -> Payment:
    """Return a payment item and hold it."""
    row = await unit.driver.fetchrow(LOCK_ONE, payment_id)
    if row is None:
        raise PaymentUnknown(pointer="/id")
    return payment_of(row)


async def lock_chosen(unit: UnitOfWork, ids: Sequence[UUID]) -> list[Payment]:
    """Return the chosen items in the order they were named, and hold them, always in the order of ids."""
    rows = await unit.driver.fetch(LOCK_MANY, list(ids))
    found = {row["id"]: payment_of(row) for row in rows}
    for position, payment_id in enumerate(ids):
        if payment_id not in found:
            raise PaymentUnknown(pointer=f"/payment_ids/{position}")
    return [found[payment_id] for payment_id in ids]


async def lock_drafted(unit: UnitOfWork, programme: str, limit: int) -> list[Payment]:
    """Return every free item of a programme and hold them."""
    return [payment_of(row) for row in await unit.driver.fetch(LOCK_DRAFTED, programme, limit)]


async def lock_of_batch(unit: UnitOfWork, batch_id: UUID) -> list[Payment]:
    """Return the items of a batch and hold them."""
    return [payment_of(row) for row in await unit.driver.fetch(LOCK_OF_BATCH, batch_id)]


async def list_households(
    unit: UnitOfWork, programme: str, ids: Sequence[UUID] | None, limit: int
) -> list[UUID]:
    """Return whose payees a batch will need."""
    rows = await unit.driver.fetch(HOUSEHOLDS, programme, None if ids is None else list(ids), limit)
    return [row["household_id"] for row in rows]


async def take_into_batch(unit: UnitOfWork, batch_id: UUID, ids: Sequence[UUID]) -> None:
    """Bind items to a batch."""
    _expect(await unit.driver.execute(TAKE_INTO_BATCH, batch_id, list(ids)), len(ids))


async def free_of_batch(unit: UnitOfWork, batch_id: UUID, count: int) -> None:
    """Free the items of a batch that was rejected."""
    _expect(await unit.driver.execute(FREE_OF_BATCH, batch_id), count)


async def send(unit: UnitOfWork, batch_id: UUID, on: date, count: int) -> None:
    """Mark the items of a batch as sent, and keep for ever that they were."""
    _expect(await unit.driver.execute(SEND, batch_id, on), count)
    _expect(await unit.driver.execute(KEEP_SENT, batch_id, on), count)


async def apply_changes(unit: UnitOfWork, changes: Sequence[Change]) -> None:
    """Write what a bank's report moved."""
    answer = await unit.driver.execute(
        CHANGE,
        [change.payment.id for change in changes],
        [change.status for change in changes],
        [change.on for change in changes],
        [change.reason for change in changes],
    )
    _expect(answer, len(changes))


async def keep_withdrawal(unit: UnitOfWork, payment: Payment, reason: str) -> None:
    """Write that an item was taken back, when and why."""
    await unit.driver.execute(WITHDRAW, payment.id, payment.version, unit.today, reason)


def payment_of(row: Any) -> Payment:
    """Return a row as the payment it keeps."""
    fields = dict(row)
    return Payment(status=Status(fields.pop("status")), **fields)


def _expect(answer: str, count: int) -> None:
    # Rows outside the caller's area are invisible: half a batch must never move.
    if int(answer.rsplit(" ", 1)[1]) != count:
        raise asyncpg.DataError("Another number of rows than the batch has was written.")
