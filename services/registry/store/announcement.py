"""Announcements in the database, and what takes effect with them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

Driver = asyncpg.Connection

ADD = """
INSERT INTO announcement (id, area_code, notice_id, round_id, kind, published_on, place, photo_sha256, households, list,
    list_sha256, published_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
UNFILED = """
SELECT h.id FROM household AS h
JOIN household_version AS v ON v.household_id = h.id AND v.version = h.content_version AND NOT v.moved_out
WHERE h.id = ANY($1) AND v.recorded_at < $2 ORDER BY h.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What was announced, where, and the list that could be read."""

    id: UUID
    area_code: str
    notice_id: UUID
    round_id: UUID | None
    kind: str
    published_on: date
    place: str
    photo_sha256: str
    households: int
    list: bytes
    list_sha256: str
    published_by: str
    recorded_at: datetime


async def add_announcement(driver: "Driver[Any]", announced: Announcement) -> None:
    """Enter an announcement with its list."""
    a = announced
    await driver.execute(
        ADD,
        *(a.id, a.area_code, a.notice_id, a.round_id, a.kind, a.published_on, a.place, a.photo_sha256),
        *(a.households, a.list, a.list_sha256, a.published_by, a.recorded_at),
    )


async def list_unfiled(driver: "Driver[Any]", household_ids: Collection[UUID], since: datetime) -> list[UUID]:
    """Return the households whose file was not stated anew since a moment."""
    return [row["id"] for row in await driver.fetch(UNFILED, list(household_ids), since)]
