"""Who saw personal data and why, and who asked whether somebody is on the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from chassis.ids import new_id
from contracts.values import ON_THE_REGISTER
from services.registry.workbook.codes import HEAD

Driver = asyncpg.Connection

ADD = """
INSERT INTO disclosure (id, area_code, kind, subject_id, actor_id, reason, items, recorded_at)
SELECT id, area_code, $4, subject_id, $5, $6, $7, $8
FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS n (id, area_code, subject_id)
"""
# One statement for known and unknown people alike: the question is kept with its answer.
ASK = """
WITH found AS (
    SELECT v.category FROM member_version AS m
    CROSS JOIN LATERAL (
        SELECT version, category FROM household_version
        WHERE household_id = m.household_id AND valid_from <= $2 AND NOT moved_out
        ORDER BY version DESC LIMIT 1
    ) AS v
    CROSS JOIN LATERAL (
        SELECT status FROM household_standing WHERE household_id = m.household_id AND since <= $2
        ORDER BY version DESC LIMIT 1
    ) AS s
    WHERE m.identity_hash = $1 AND m.version = v.version AND s.status = ANY($3::text[])
    LIMIT 1
), answer AS (
    SELECT (SELECT category FROM found) AS category
), kept AS (
    INSERT INTO eligibility_query (id, identity_hash, asked_on, answer, purpose, actor_id, recorded_at)
    SELECT $4, $1, $2, coalesce(category, 'no'), $5, $6, $7 FROM answer
)
SELECT category FROM answer
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
        shown.items,
        shown.at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether a person was on the register on a day, asked for a purpose."""

    identity_hash: bytes
    on: date
    purpose: str
    actor_id: str
    at: datetime


async def ask(driver: "Driver[Any]", question: Question) -> str | None:
    """Return the category of the person's household on the day, None when not on the register; keep the question."""
    q = question
    category: str | None = await driver.fetchval(
        ASK, q.identity_hash, q.on, sorted(ON_THE_REGISTER), new_id(), q.purpose, q.actor_id, q.at
    )
    return category


async def find_person(driver: "Driver[Any]", person_id: UUID, *, area: str) -> Any:
    """Return the latest row of a person on file in an area."""
    return await driver.fetchrow(PERSON, person_id, area)


async def list_payees(driver: "Driver[Any]", households: Sequence[UUID], *, area: str) -> list[Any]:
    """Return the rows that say where the money of households in an area goes."""
    return list(await driver.fetch(PAYEES, households, area, HEAD))
