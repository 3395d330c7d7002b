"""Merges of people who stood on the register twice, kept for good."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from chassis.ids import new_id

Driver = asyncpg.Connection

ADD = """
INSERT INTO person_merge (id, area_code, request_id, kept_id, dropped_id, actor_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
REVERT = """
INSERT INTO person_merge (id, area_code, request_id, kept_id, dropped_id, reverts, actor_id, recorded_at)
SELECT $2, area_code, request_id, kept_id, dropped_id, id, $3, $4 FROM person_merge
WHERE request_id = $1 AND reverts IS NULL
"""
KEPT = """
SELECT m.kept_id FROM person_merge AS m
WHERE m.dropped_id = $1 AND m.reverts IS NULL AND starts_with(m.area_code, $2)
  AND NOT EXISTS (SELECT 1 FROM person_merge AS r WHERE r.reverts = m.id)
ORDER BY m.id DESC LIMIT 1
"""
HOUSEHOLD = "SELECT household_id FROM person WHERE id = $1 AND starts_with(area_code, $2)"
IDENTITY = "SELECT identity_hash FROM person WHERE id = $1 AND starts_with(area_code, $2)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Somebody under two ids, one of which is kept."""

    request_id: UUID
    village_code: str
    kept_id: UUID
    dropped_id: UUID
    actor_id: str
    at: datetime


async def add_merge(driver: "Driver[Any]", merge: Merge) -> None:
    """Keep for whom somebody is taken."""
    m = merge
    await driver.execute(
        ADD, new_id(), m.village_code, m.request_id, m.kept_id, m.dropped_id, m.actor_id, m.at
    )


async def revert_merge(driver: "Driver[Any]", request_id: UUID, *, actor_id: str, at: datetime) -> None:
    """Keep that a merge was taken back."""
    await driver.execute(REVERT, request_id, new_id(), actor_id, at)


async def find_kept(driver: "Driver[Any]", person_id: UUID, *, area: str) -> UUID | None:
    """Return the id under which somebody is kept, None for a person who was not dropped."""
    kept: UUID | None = await driver.fetchval(KEPT, person_id, area)
    return kept


async def find_identity(driver: "Driver[Any]", person_id: UUID, *, area: str) -> bytes | None:
    """Return the keyed hash of a person on file in an area."""
    found: bytes | None = await driver.fetchval(IDENTITY, person_id, area)
    return found


async def find_household(driver: "Driver[Any]", person_id: UUID, *, area: str) -> UUID | None:
    """Return the household of a person on file in an area."""
    found: UUID | None = await driver.fetchval(HOUSEHOLD, person_id, area)
    return found
