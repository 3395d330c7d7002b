"""Batches, their frozen lines, and the bank's reports on them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from services.finance.domain.batch import Batch, BatchStatus
from services.finance.domain.errors import BatchUnknown

COLUMNS = (
    'id, area_code, programme_code, fund_id, "count", sum_fen, maker_id, drafted_on, status, version, checker_id,'
    " approved_on, payer_id, released_on, rejected_by, rejected_on, bank_client"
)
INSERT = """
INSERT INTO batch (id, area_code, programme_code, fund_id, "count", sum_fen, maker_id, drafted_on, debtor,
                   bank_client, status, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'drafted', 0)
"""
LINE_COLUMNS = ("batch_id", "line_no", "payment_id", "instruction_id", "amount_fen", "purpose", "payee")
LOCK = f"SELECT {COLUMNS} FROM batch WHERE id = $1 FOR UPDATE"  # noqa: S608
SAVE = """
UPDATE batch SET status = $2, version = $3, checker_id = $4, approved_on = $5, payer_id = $6, released_on = $7,
                 rejected_by = $8, rejected_on = $9,
                 released_at = CASE WHEN $6::text IS NULL THEN NULL ELSE coalesce(released_at, $10) END
WHERE id = $1
"""
LINES = """
SELECT payment_id, instruction_id, amount_fen, purpose, payee FROM batch_line WHERE batch_id = $1 ORDER BY line_no
"""
FROZEN = "SELECT debtor, released_at FROM batch WHERE id = $1"
REPORT_IDS = "SELECT message_id FROM bank_report WHERE batch_id = $1 ORDER BY id LIMIT 10000"
INSERT_REPORT = """
INSERT INTO bank_report
    (id, batch_id, message_id, sha256, settled, rejected, pending, reported_by, reported_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
INSERT_ACCESS = "INSERT INTO document_access (id, batch_id, actor_id, accessed_at) VALUES ($1, $2, $3, $4)"


class Payee(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a line pays, as the register had it on the day of drafting."""

    name: str
    account: str
    bank_code: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen line; its payee is sealed."""

    payment_id: UUID
    instruction_id: UUID
    amount_fen: int
    purpose: str
    payee: bytes


async def add_batch(unit: UnitOfWork, batch: Batch, debtor: bytes, lines: Sequence[Line]) -> None:
    """Keep a new batch with its lines; both are frozen from then on."""
    await unit.driver.execute(
        INSERT,
        batch.id,
        batch.area_code,
        batch.programme_code,
        batch.fund_id,
        batch.count,
        batch.sum_fen,
        batch.maker_id,
        batch.drafted_on,
        debtor,
        batch.bank_client,
    )
    records = [
        (batch.id, number, line.payment_id, line.instruction_id, line.amount_fen, line.purpose, line.payee)
        for number, line in enumerate(lines, start=1)
    ]
    await unit.driver.copy_records_to_table("batch_line", records=records, columns=LINE_COLUMNS)


async def lock_batch(unit: UnitOfWork, batch_id: UUID) -> Batch:
    """Return a batch and hold it."""
    row = await unit.driver.fetchrow(LOCK, batch_id)
    if row is None:
        raise BatchUnknown
    return batch_of(row)


async def save_batch(unit: UnitOfWork, batch: Batch) -> None:
    """Write where a batch stands."""
    await unit.driver.execute(
        SAVE,
        batch.id,
        batch.status,
        batch.version,
        batch.checker_id,
        batch.approved_on,
        batch.payer_id,
        batch.released_on,
        batch.rejected_by,
        batch.rejected_on,
        unit.now,
    )


async def load_lines(unit: UnitOfWork, batch_id: UUID) -> list[Line]:
    """Return the frozen lines of a batch."""
    return [Line(**dict(row)) for row in await unit.driver.fetch(LINES, batch_id)]


async def load_frozen(unit: UnitOfWork, batch_id: UUID) -> Any:
    """Return the sealed debtor of a batch and the moment of its release."""
    return await unit.driver.fetchrow(FROZEN, batch_id)


async def list_report_ids(unit: UnitOfWork, batch_id: UUID) -> frozenset[str]:
    """Return the message ids of the reports taken over."""
    return frozenset(row["message_id"] for row in await unit.driver.fetch(REPORT_IDS, batch_id))


async def add_report(
    unit: UnitOfWork, batch_id: UUID, *, message_id: str, sha256: bytes, counts: dict[str, int]
) -> UUID:
    """Keep that a report was taken over; its text, which holds names, is not kept."""
    report_id = new_id()
    await unit.driver.execute(
        INSERT_REPORT,
        report_id,
        batch_id,
        message_id,
        sha256,
        counts["settled"],
        counts["rejected"],
        counts["pending"],
        unit.principal.actor_id,
        unit.today,
        unit.now,
    )
    return report_id


async def add_access(unit: UnitOfWork, batch_id: UUID) -> None:
    """Record that somebody took the document with the payees' accounts."""
    await unit.driver.execute(INSERT_ACCESS, new_id(), batch_id, unit.principal.actor_id, unit.now)


def batch_of(row: Any) -> Batch:
    """Return a row as the batch it keeps."""
    fields = dict(row)
    return Batch(status=BatchStatus(fields.pop("status")), **fields)
