"""Notices in the database: the list that hangs, whose it is, and what rests on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.registry.domain.notice import Notice
from services.registry.domain.procedure import STEPS, step_before
from services.registry.workbook.codes import HEAD

Driver = asyncpg.Connection

COLUMNS = (
    "id, kind, area_code, round_id, rule_pack, rule_pack_version, state, version, posted_on, min_days, closes_on, "
    "households, list_sha256, closed_on, voided_on, void_reason, taken_down_on, announced_on"
)
_N = ", ".join(f"n.{name}" for name in COLUMNS.split(", "))
ADD = """
INSERT INTO notice (id, kind, area_code, round_id, rule_pack, rule_pack_version, state, version, posted_on, min_days,
    closes_on, households, list_sha256, list, place, photo_sha256, latitude, longitude, posted_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
"""
ADD_ITEMS = """
INSERT INTO notice_item (notice_id, area_code, household_id, masked_name, persons, stood_since)
SELECT $1, $2, n.* FROM unnest($3::uuid[], $4::text[], $5::int[], $6::date[]) AS n
"""
FIND = f"SELECT {COLUMNS} FROM notice WHERE id = $1 AND starts_with(area_code, $2)"  # noqa: S608
LOCK = f"{FIND} FOR UPDATE"
SAVE = """
UPDATE notice SET state = $2, version = $3, closed_on = $4,
    closed_by = CASE WHEN $4::date IS NOT NULL THEN coalesce(closed_by, $5) END, voided_on = $6, void_reason = $7, taken_down_on = $8, announced_on = $9
WHERE id = $1
"""
LISTED = "SELECT household_id FROM notice_item WHERE notice_id = $1 ORDER BY household_id"
HANGING = """
SELECT i.household_id FROM notice_item AS i JOIN notice AS n ON n.id = i.notice_id
WHERE n.kind = $1 AND n.area_code = $2 AND n.round_id IS NOT DISTINCT FROM $3
  AND (n.state = 'open' OR n.state = 'closed' AND n.round_id IS NULL AND n.announced_on IS NULL)
"""
# What a list says in public of each household, in the order of the file numbers.
LINES = """
SELECT h.id, h.persons, h.area_code, m.sealed FROM household AS h
JOIN member_version AS m ON m.household_id = h.id AND m.version = h.content_version AND m.relation = $2
WHERE h.id = ANY($1) ORDER BY h.file_number, h.id
"""
SAID = """
SELECT n.id, n.kind, n.area_code, n.round_id, i.household_id, i.masked_name, i.persons FROM notice_item AS i
JOIN notice AS n ON n.id = i.notice_id
WHERE i.household_id = ANY($1) AND n.state <> 'voided' AND n.announced_on IS NULL
"""
LEAVING = """
SELECT h.id, h.status_since FROM household AS h WHERE h.area_code = $1 AND h.status = 'pre-exit'
  AND EXISTS (SELECT FROM pre_exit AS p WHERE p.household_id = h.id AND p.outcome = 'open')
ORDER BY h.id FOR UPDATE
"""
# Notices that still mean something for a household: the last one of each kind that lists it, while it hangs, or
# hung its time with the household standing on it and nobody of its list further.
STANDING_ON = f"""
WITH asked AS (
    SELECT * FROM unnest($2::uuid[], $3::text[]) AS a (household_id, step)
), latest AS (
    SELECT DISTINCT ON (i.household_id, n.kind) n.id, a.step FROM asked AS a
    JOIN notice_item AS i ON i.household_id = a.household_id
    JOIN notice AS n ON n.id = i.notice_id AND n.round_id = $1 AND n.state <> 'voided'
    ORDER BY i.household_id, n.kind, n.id DESC
)
SELECT {_N} FROM notice AS n
WHERE EXISTS (SELECT FROM latest AS l WHERE l.id = n.id AND (n.state = 'open' OR l.step = n.kind))
  AND (n.state = 'open' OR NOT EXISTS (
    SELECT FROM notice_item AS o JOIN round_entry AS e ON e.round_id = n.round_id AND e.household_id = o.household_id
    WHERE o.notice_id = n.id AND array_position($4::text[], e.step) > array_position($4::text[], n.kind)))
ORDER BY n.id FOR UPDATE OF n
"""  # noqa: S608
EXITS_STANDING_ON = f"""
SELECT {_N} FROM notice AS n
WHERE n.kind = 'exit-notice' AND n.state <> 'voided' AND n.announced_on IS NULL
  AND EXISTS (SELECT FROM notice_item AS i WHERE i.notice_id = n.id AND i.household_id = ANY($1))
ORDER BY n.id FOR UPDATE OF n
"""  # noqa: S608
HANGING_INSTEAD = f"""
SELECT {COLUMNS} FROM notice
WHERE kind = $1 AND area_code = $2 AND round_id IS NOT DISTINCT FROM $3 AND id > $4 AND state = 'open'
ORDER BY id FOR UPDATE
"""  # noqa: S608
IS_USED = """
SELECT EXISTS (
    SELECT FROM notice_item AS o JOIN round_entry AS e ON e.round_id = $2 AND e.household_id = o.household_id
    WHERE o.notice_id = $1 AND array_position($4::text[], e.step) > array_position($4::text[], $3::text)
)
"""
TAKE_BACK = """
UPDATE round_entry AS e SET step = $4, step_on = i.stood_since FROM notice_item AS i
WHERE i.notice_id = $1 AND e.round_id = $2 AND e.household_id = i.household_id AND e.outcome = 'open' AND e.step = $3
RETURNING e.household_id
"""
LAST_CLOSED = f"""
SELECT {COLUMNS} FROM notice
WHERE round_id = $1 AND area_code = $2 AND kind = $3 AND state = 'closed' ORDER BY id DESC LIMIT 1 FOR UPDATE
"""  # noqa: S608
LAST_CLOSED_FOR = f"""
SELECT {COLUMNS} FROM notice
WHERE round_id = $1 AND kind = $3 AND state = 'closed'
  AND EXISTS (SELECT FROM notice_item AS i WHERE i.notice_id = notice.id AND i.household_id = ANY($2))
ORDER BY id DESC LIMIT 1 FOR UPDATE
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Where a list hangs, who says so, and the list itself."""

    place: str
    photo_sha256: str
    latitude: float | None
    longitude: float | None
    list: bytes
    actor_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a list says of a household, and since when it stood where it must."""

    household_id: UUID
    masked_name: str
    persons: int
    stood_since: date


async def add_notice(driver: "Driver[Any]", notice: Notice, posting: Posting, lines: Sequence[Line]) -> None:
    """Enter a notice with its list."""
    n, p = notice, posting
    await driver.execute(
        ADD,
        *(n.id, n.kind, n.area_code, n.round_id, n.rule_pack, n.rule_pack_version, n.state, n.version),
        *(n.posted_on, n.min_days, n.closes_on, n.households, n.list_sha256, p.list, p.place, p.photo_sha256),
        *(p.latitude, p.longitude, p.actor_id, p.at),
    )
    await driver.execute(
        ADD_ITEMS,
        n.id,
        n.area_code,
        [line.household_id for line in lines],
        [line.masked_name for line in lines],
        [line.persons for line in lines],
        [line.stood_since for line in lines],
    )


async def find_notice(driver: "Driver[Any]", notice_id: UUID, *, area: str) -> Notice | None:
    """Return a notice of an area."""
    row = await driver.fetchrow(FIND, notice_id, area)
    return None if row is None else notice_of(row)


async def lock_notice(driver: "Driver[Any]", notice_id: UUID, *, area: str) -> Notice | None:
    """Return a notice of an area, locked until the transaction ends."""
    row = await driver.fetchrow(LOCK, notice_id, area)
    return None if row is None else notice_of(row)


async def save_notice(driver: "Driver[Any]", notice: Notice, *, closed_by: str | None = None) -> None:
    """Store what happened to a notice; its list never changes."""
    n = notice
    await driver.execute(
        SAVE,
        *(n.id, n.state, n.version, n.closed_on, closed_by, n.voided_on, n.void_reason),
        *(n.taken_down_on, n.announced_on),
    )


async def list_listed(driver: "Driver[Any]", notice_id: UUID) -> list[UUID]:
    """Return the households that a notice lists."""
    return [row["household_id"] for row in await driver.fetch(LISTED, notice_id)]


async def list_hanging(driver: "Driver[Any]", kind: str, area_code: str, round_id: UUID | None) -> set[UUID]:
    """Return the households of a village that a notice of the kind lists already."""
    return {row["household_id"] for row in await driver.fetch(HANGING, kind, area_code, round_id)}


async def lock_leaving(driver: "Driver[Any]", village_code: str) -> list[tuple[UUID, date]]:
    """Return the households of a village in pre-exit, and since when, locked."""
    return [(row["id"], row["status_since"]) for row in await driver.fetch(LEAVING, village_code)]


async def list_lines(driver: "Driver[Any]", household_ids: Collection[UUID]) -> list[Any]:
    """Return what lists say of households, names still sealed."""
    return list(await driver.fetch(LINES, list(household_ids), HEAD))


async def list_said(driver: "Driver[Any]", household_ids: Collection[UUID]) -> list[Any]:
    """Return what notices that may still mean something say of households."""
    return list(await driver.fetch(SAID, list(household_ids)))


async def lock_standing_on(
    driver: "Driver[Any]", round_id: UUID, steps: Sequence[tuple[UUID, str]]
) -> list[Notice]:
    """Return the notices of a round that households at these steps hang on or stand on, locked."""
    ids, at = [one for one, _ in steps], [step for _, step in steps]
    return [notice_of(row) for row in await driver.fetch(STANDING_ON, round_id, ids, at, list(STEPS))]


async def lock_exits_standing_on(driver: "Driver[Any]", household_ids: Collection[UUID]) -> list[Notice]:
    """Return the exit notices of households that did not take effect yet, locked."""
    return [notice_of(row) for row in await driver.fetch(EXITS_STANDING_ON, list(household_ids))]


async def lock_hanging_instead(driver: "Driver[Any]", notice: Notice) -> list[Notice]:
    """Return the notices that were posted after one of the same kind and place and hang still, locked."""
    n = notice
    return [
        notice_of(row) for row in await driver.fetch(HANGING_INSTEAD, n.kind, n.area_code, n.round_id, n.id)
    ]


async def is_used(driver: "Driver[Any]", notice: Notice) -> bool:
    """Tell whether the procedure went on from a notice."""
    if notice.round_id is None:
        return notice.announced_on is not None
    return bool(await driver.fetchval(IS_USED, notice.id, notice.round_id, notice.kind, list(STEPS)))


async def take_back_entries(driver: "Driver[Any]", notice: Notice) -> list[UUID]:
    """Let the entries that stand on a notice of a round stand before it again; return their households."""
    if notice.round_id is None:
        return []
    back = await driver.fetch(TAKE_BACK, notice.id, notice.round_id, notice.kind, step_before(notice.kind))
    return [row["household_id"] for row in back]


async def lock_last_closed(driver: "Driver[Any]", round_id: UUID, area_code: str, kind: str) -> Notice | None:
    """Return the last notice of a kind that hung its time in a village, locked."""
    row = await driver.fetchrow(LAST_CLOSED, round_id, area_code, kind)
    return None if row is None else notice_of(row)


async def lock_last_closed_for(
    driver: "Driver[Any]", round_id: UUID, household_ids: Collection[UUID], kind: str
) -> Notice | None:
    """Return the last notice of a kind that hung its time with one of some households, wherever they lived, locked."""
    row = await driver.fetchrow(LAST_CLOSED_FOR, round_id, list(household_ids), kind)
    return None if row is None else notice_of(row)


def notice_of(row: Any) -> Notice:
    """Return a notice from its row."""
    return Notice(**{name: row[name] for name in Notice.__dataclass_fields__})
