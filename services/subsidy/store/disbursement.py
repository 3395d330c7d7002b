"""What reached the households and what the bank sent back, in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from services.subsidy.domain.claim import Payment
from services.subsidy.domain.household import is_on_the_register

Driver = asyncpg.Connection

ADD = """
INSERT INTO disbursement (payment_id, claim_id, household_id, area_code, programme_code, kind, period,
                          amount_fen, paid_on, status_on_payment_date, registered_on_payment_date, is_published, recorded_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
                     $8::bigint[], $9::date[], $10::text[], $11::bool[], $12::bool[], $13::timestamptz[])
"""
KNOWN = "SELECT payment_id FROM disbursement WHERE payment_id = ANY($1)"
WAITING = """
SELECT payment_id, claim_id, household_id, programme_code, period, amount_fen, paid_on
FROM disbursement WHERE household_id = ANY($1) AND NOT is_published ORDER BY payment_id FOR NO KEY UPDATE
"""
PUBLISHED = """
UPDATE disbursement AS d SET status_on_payment_date = n.status, registered_on_payment_date = n.registered,
    is_published = true
FROM unnest($1::uuid[], $2::text[], $3::bool[]) AS n (payment_id, status, registered)
WHERE d.payment_id = n.payment_id
"""
ADD_PROBLEMS = """
INSERT INTO payment_problem (payment_id, attempt, claim_id, area_code, reason, rejected_on, recorded_at)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::date[], $7::timestamptz[])
ON CONFLICT (payment_id, attempt) DO NOTHING
"""


class Disbursement(NamedTuple):
    """A payment with the household's village and its status, unknown while nothing was heard."""

    payment: Payment
    area_code: str
    kind: str
    status: str
    is_published: bool


class Problem(NamedTuple):
    """A payment that the bank refused."""

    payment_id: UUID
    attempt: int
    claim_id: UUID
    area_code: str
    reason: str
    rejected_on: date


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


async def known_payments(driver: "Driver[Any]", ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the payments that were noted before."""
    return {row["payment_id"] for row in await driver.fetch(KNOWN, list(ids))}


async def add_disbursements(driver: "Driver[Any]", found: Sequence[Disbursement], at: datetime) -> None:
    """Note payments that reached households."""
    rows = [
        (
            d.payment.payment_id,
            d.payment.claim_id,
            d.payment.household_id,
            d.area_code,
            d.payment.programme_code,
            d.kind,
            d.payment.period,
            d.payment.amount_fen,
            d.payment.paid_on,
            d.status,
            is_on_the_register(d.status),
            d.is_published,
            at,
        )
        for d in found
    ]
    if rows:
        await driver.execute(ADD, *_columns(rows))


async def waiting_payments(driver: "Driver[Any]", households: Iterable[UUID]) -> list[Payment]:
    """Return payments noted before anything was heard of their household."""
    return [Payment(**dict(row)) for row in await driver.fetch(WAITING, list(households))]


async def mark_published(driver: "Driver[Any]", statuses: Mapping[UUID, str]) -> None:
    """Store the status that was published for payments that had waited for it."""
    rows = [(payment_id, status, is_on_the_register(status)) for payment_id, status in statuses.items()]
    if rows:
        await driver.execute(PUBLISHED, *_columns(rows))


async def add_problems(driver: "Driver[Any]", problems: Sequence[Problem], at: datetime) -> None:
    """Note what the bank refused, once for each attempt."""
    if problems:
        await driver.execute(ADD_PROBLEMS, *_columns([(*problem, at) for problem in problems]))
