"""Instalments of the housing subsidy in the database, and what the bank reported on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import asyncpg

from services.relocation.domain.due import Due
from services.relocation.store.columns import columns_of

Driver = asyncpg.Connection

SETTLED, REJECTED, WITHDRAWN = "settled", "rejected", "withdrawn"
NAMES = tuple(field.name for field in fields(Due))
COLUMNS = ", ".join(NAMES)
_values = attrgetter(*NAMES)

ASKED = "SELECT house_id, stage FROM subsidy_due WHERE house_id = ANY($1) ORDER BY house_id, stage"
ADD = f"""
INSERT INTO subsidy_due ({COLUMNS})
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
    $9::date[], $10::date[]
)
"""  # noqa: S608
AREA_OF = "SELECT area_code FROM subsidy_due WHERE id = $1"
ADD_PAYMENT = """
INSERT INTO subsidy_payment (payment_id, attempt, outcome, due_id, area_code, amount_fen, reason, happened_on,
                             recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (payment_id, attempt, outcome) DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the bank reported on the payment of an instalment."""

    payment_id: UUID
    attempt: int
    outcome: str
    due_id: UUID
    amount_fen: int
    reason: str | None
    happened_on: date


async def find_asked(driver: "Driver[Any]", houses: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return for each house the stages whose instalment was asked for."""
    asked: dict[UUID, set[str]] = {}
    for row in await driver.fetch(ASKED, list(houses)):
        asked.setdefault(row["house_id"], set()).add(row["stage"])
    return asked


async def add_dues(driver: "Driver[Any]", dues: Sequence[Due]) -> None:
    """Insert instalments."""
    if dues:
        await driver.execute(ADD, *columns_of([_values(due) for due in dues]))


async def find_area(driver: "Driver[Any]", due_id: UUID) -> str | None:
    """Return the area of an instalment."""
    area: str | None = await driver.fetchval(AREA_OF, due_id)
    return area


async def add_report(driver: "Driver[Any]", report: Report, *, area: str, at: datetime) -> None:
    """Keep a report of the bank; one that is already there stays."""
    await driver.execute(
        ADD_PAYMENT,
        report.payment_id,
        report.attempt,
        report.outcome,
        report.due_id,
        area,
        report.amount_fen,
        report.reason,
        report.happened_on,
        at,
    )
