"""Programme editions in the database."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.subsidy.domain.programme import Programme

Driver = asyncpg.Connection

COLUMNS = "id, code, kind, unit, rate_fen, cap_fen, floor_fen, effective_from, effective_to, basis_document"
# For whoever looks at the database by day: the row keeps what was published, the next edition ends an open one.
EDITIONS = """(
    SELECT id, code, kind, unit, rate_fen, cap_fen, floor_fen, effective_from, basis_document, coalesce(
        effective_to, lead(effective_from) OVER (PARTITION BY code ORDER BY effective_from) - 1
    ) AS effective_to FROM programme
) AS edition"""
# An edition holds for everybody: what was claimed anywhere counts, and the answer tells a day only.
WHOLE_AREA = "SELECT set_config('tuopin.area', 'area:', true)"
LAST_APPLIED = """
SELECT max(submitted_on) FROM claim
WHERE programme_code = $1 AND status <> 'rejected' AND submitted_on >= $2 AND ($3::date IS NULL OR submitted_on < $3)
"""
# In the order of the codes, so that no two wait for each other.
HOLD = """
SELECT pg_advisory_xact_lock_shared(hashtextextended('programme/' || code, 0))
FROM (SELECT unnest($1::text[]) AS code ORDER BY code) AS asked
"""


def programme_of(row: Any) -> Programme:
    """Return a programme from a row with COLUMNS."""
    return Programme(**dict(row))


async def lock_code(driver: "Driver[Any]", code: str) -> None:
    """Let one transaction at a time publish editions of a code, so that no two overlap."""
    await driver.execute("SELECT pg_advisory_xact_lock(hashtextextended('programme/' || $1, 0))", code)


async def hold_editions(driver: "Driver[Any]", codes: Iterable[str]) -> None:
    """Let nobody publish an edition of the codes until what is decided under the present ones is stored."""
    await driver.execute(HOLD, list(set(codes)))


async def last_applied(driver: "Driver[Any]", code: str, *, since: date, before: date | None) -> date | None:
    """Return the last day of a period on which a claim was filed that still stands; for the rest of the
    transaction the whole area is seen.
    """
    await driver.execute(WHOLE_AREA)
    found: date | None = await driver.fetchval(LAST_APPLIED, code, since, before)
    return found


async def list_editions(driver: "Driver[Any]", codes: Iterable[str]) -> dict[str, list[Programme]]:
    """Return all editions of the codes as they were published."""
    rows = await driver.fetch(
        f"SELECT {COLUMNS} FROM programme WHERE code = ANY($1) ORDER BY code, effective_from",  # noqa: S608
        list(set(codes)),
    )
    editions: dict[str, list[Programme]] = {}
    for row in rows:
        editions.setdefault(row["code"], []).append(programme_of(row))
    return editions


async def load_programmes(driver: "Driver[Any]", ids: Iterable[UUID]) -> dict[UUID, Programme]:
    """Return editions by id."""
    rows = await driver.fetch(
        f"SELECT {COLUMNS} FROM programme WHERE id = ANY($1) ORDER BY id",  # noqa: S608
        list(set(ids)),
    )
    return {row["id"]: programme_of(row) for row in rows}


async def add_programme(driver: "Driver[Any]", programme: Programme, *, by: str, at: datetime) -> None:
    """Insert an edition."""
    await driver.execute(
        f"INSERT INTO programme ({COLUMNS}, published_by, recorded_at) "  # noqa: S608
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        programme.id,
        programme.code,
        programme.kind,
        programme.unit,
        programme.rate_fen,
        programme.cap_fen,
        programme.floor_fen,
        programme.effective_from,
        programme.effective_to,
        programme.basis_document,
        by,
        at,
    )
