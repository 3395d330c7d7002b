"""Who saw personal data and why, and the rows that were shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from chassis.ids import new_id
from services.registry.workbook.codes import HEAD

Driver = asyncpg.Connection

ADD = """
INSERT INTO disclosure (id, area_code, kind, subject_id, actor_id, reason, asked_for, items, recorded_at)
SELECT id, area_code, $4, subject_id, $5, $6, $7, $8, $9
FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS n (id, area_code, subject_id)
"""
PERSON = """
SELECT p.id, p.area_code, m.sealed FROM person AS p
JOIN household AS h ON h.id = p.household_id
JOIN member_version AS m ON m.household_id = h.id AND m.version = h.content_version AND m.person_id = p.id
WHERE p.id = $1 AND starts_with(p.area_code, $2)
"""
PAYEES = """
SELECT h.id, h.area_code, v.sealed, m.sealed AS head FROM household AS h
JOIN household_version AS v ON v.household_id = h.id AND v.version = h.content_version AND NOT v.moved_out
JOIN member_version AS m ON m.household_id = h.id AND m.version = h.content_version AND m.relation = $3
WHERE h.id = ANY($1) AND starts_with(h.area_code, $2) ORDER BY h.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Personal data shown, about to be recorded; `subjects` are pairs of area and id."""

    kind: str
    actor_id: str
    reason: str
    at: datetime
    subjects: Sequence[tuple[str, UUID | None]]
    asked_for: str | None = None
    items: int = 1


async def add_disclosure(driver: "Driver[Any]", shown: Disclosure) -> None:
    """Record who sees whose data and why, before it is read."""
    await driver.execute(
        ADD,
        [new_id() for _ in shown.subjects],
        [area for area, _ in shown.subjects],
        [subject for _, subject in shown.subjects],
        shown.kind,
        shown.actor_id,
        shown.reason,
        shown.asked_for,
        shown.items,
        shown.at,
    )


async def find_person(driver: "Driver[Any]", person_id: UUID, *, area: str) -> Any:
    """Return the latest row of a person on file in an area."""
    return await driver.fetchrow(PERSON, person_id, area)


async def list_payees(driver: "Driver[Any]", households: Sequence[UUID], *, area: str) -> list[Any]:
    """Return the rows that say where the money of households in an area goes."""
    return list(await driver.fetch(PAYEES, households, area, HEAD))
