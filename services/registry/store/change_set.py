"""Change sets: every workbook that was read and every undoing, kept for good."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

Driver = asyncpg.Connection

COLUMNS = "id, area_code, kind, outcome, reverts, document_sha256, households, persons, report, actor_id, happened_on, recorded_at"
ADD = f"""
INSERT INTO change_set ({COLUMNS}, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""  # noqa: S608
FIND = f"""
SELECT {COLUMNS}, (SELECT u.id FROM change_set AS u WHERE u.reverts = c.id) AS undone_by
FROM change_set AS c WHERE id = $1 AND starts_with(area_code, $2)
"""  # noqa: S608
DOCUMENT = "SELECT document FROM change_set WHERE id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What one import or undoing was, without the document."""

    id: UUID
    area_code: str
    kind: str
    outcome: str
    households: int
    persons: int
    actor_id: str
    happened_on: date
    recorded_at: datetime
    reverts: UUID | None = None
    document_sha256: str | None = None
    report: bytes | None = field(default=None, repr=False)
    undone_by: UUID | None = None


async def add_change_set(driver: "Driver[Any]", change_set: ChangeSet, document: bytes | None = None) -> None:
    """Keep a change set with its document, already encrypted."""
    c = change_set
    await driver.execute(
        ADD,
        *(c.id, c.area_code, c.kind, c.outcome, c.reverts, c.document_sha256, c.households, c.persons),
        *(c.report, c.actor_id, c.happened_on, c.recorded_at, document),
    )


async def find_change_set(driver: "Driver[Any]", change_set_id: UUID, *, area: str) -> ChangeSet | None:
    """Return a change set of an area."""
    row = await driver.fetchrow(FIND, change_set_id, area)
    return None if row is None else ChangeSet(**dict(row))


async def load_document(driver: "Driver[Any]", change_set_id: UUID) -> bytes:
    """Return the encrypted workbook of an import."""
    document: bytes = await driver.fetchval(DOCUMENT, change_set_id)
    return document
