"""The journal: movements appended, balances read; the database itself keeps the balances and refuses what is wrong."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from services.finance.domain.errors import TransactionUnknown
from services.finance.domain.ledger import Account, Entry, Kind, Movement, Place, post

INSERT_TRANSACTION = """
INSERT INTO journal_transaction
    (id, kind, fund_id, occurred_on, batch_id, reverses, reference, actor_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
INSERT_ENTRIES = """
INSERT INTO journal_entry (transaction_id, entry_no, fund_id, account, programme_code, amount_fen)
SELECT $1, e.entry_no, $2, e.account, e.programme_code, e.amount_fen
FROM unnest($3::integer[], $4::text[], $5::text[], $6::bigint[])
    AS e (entry_no, account, programme_code, amount_fen)
"""
BALANCES = "SELECT account, programme_code, balance_fen FROM account_balance WHERE fund_id = $1"
ALLOCATED = """
SELECT b.fund_id, b.balance_fen FROM account_balance AS b
WHERE b.account = 'allocated' AND b.programme_code = $1 AND ($2::uuid IS NULL OR b.fund_id = $2)
ORDER BY b.fund_id
"""
LOCK_FUNDS_OF = """
SELECT id FROM fund
WHERE id IN (SELECT fund_id FROM account_balance WHERE account = 'allocated' AND programme_code = $1)
ORDER BY id FOR UPDATE
"""
TRANSACTION = "SELECT kind, fund_id FROM journal_transaction WHERE id = $1"
ENTRIES = """
SELECT account, programme_code, amount_fen FROM journal_entry WHERE transaction_id = $1 ORDER BY entry_no
"""


async def append(
    unit: UnitOfWork,
    movement: Movement,
    *,
    on: date | None = None,
    batch_id: UUID | None = None,
    reverses: UUID | None = None,
    reference: str | None = None,
) -> UUID:
    """Add a movement, of today unless its own day is told, that the balances allow; the caller holds the fund's lock."""
    post(await balances_of(unit, movement.fund_id), movement)
    transaction_id = new_id()
    await unit.driver.execute(
        INSERT_TRANSACTION,
        transaction_id,
        movement.kind,
        movement.fund_id,
        on or unit.today,
        batch_id,
        reverses,
        reference,
        unit.principal.actor_id,
        unit.now,
    )
    entries = movement.entries
    await unit.driver.execute(
        INSERT_ENTRIES,
        transaction_id,
        movement.fund_id,
        list(range(1, len(entries) + 1)),
        [entry.place.account for entry in entries],
        [entry.place.programme_code for entry in entries],
        [entry.amount_fen for entry in entries],
    )
    return transaction_id


async def balances_of(unit: UnitOfWork, fund_id: UUID) -> dict[Place, int]:
    """Return the balances of a fund."""
    rows = await unit.driver.fetch(BALANCES, fund_id)
    return {_place(fund_id, row): row["balance_fen"] for row in rows}


async def lock_allocations(unit: UnitOfWork, programme: str, fund_id: UUID | None) -> dict[UUID, int]:
    """Return what each fund has set aside for a programme, oldest fund first, and hold the funds."""
    await unit.driver.fetch(LOCK_FUNDS_OF, programme)
    rows = await unit.driver.fetch(ALLOCATED, programme, fund_id)
    return {row["fund_id"]: row["balance_fen"] for row in rows}


async def find_fund_of(unit: UnitOfWork, transaction_id: UUID) -> UUID:
    """Return the fund a transaction belongs to."""
    row = await unit.driver.fetchrow(TRANSACTION, transaction_id)
    if row is None:
        raise TransactionUnknown
    return UUID(bytes=row["fund_id"].bytes)


async def load_movement(unit: UnitOfWork, transaction_id: UUID) -> Movement:
    """Return a transaction as the movement it was."""
    head = await unit.driver.fetchrow(TRANSACTION, transaction_id)
    if head is None:
        raise TransactionUnknown
    rows = await unit.driver.fetch(ENTRIES, transaction_id)
    entries = tuple(Entry(place=_place(head["fund_id"], row), amount_fen=row["amount_fen"]) for row in rows)
    return Movement(kind=Kind(head["kind"]), fund_id=head["fund_id"], entries=entries)


def _place(fund_id: UUID, row: Any) -> Place:
    return Place(fund_id=fund_id, account=Account(row["account"]), programme_code=row["programme_code"])
