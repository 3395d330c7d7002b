"""Houses in the database, with every step they took."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from services.relocation.domain.house import Entry, House
from services.relocation.store.columns import columns_of

Driver = asyncpg.Connection

NAMES = tuple(field.name for field in fields(House))
COLUMNS = ", ".join(NAMES)
_values = attrgetter(*NAMES)
_changing = attrgetter(
    "id",
    "stage",
    "version",
    "allocated_on",
    "started_on",
    "topped_out_on",
    "completed_on",
    "rejected_on",
    "accepted_on",
    "moved_in_on",
    "floor_area_m2",
)

LOCK = f"""
SELECT {COLUMNS} FROM house WHERE id = ANY($1) AND starts_with(area_code, $2) ORDER BY id FOR UPDATE
"""  # noqa: S608
# The constraint on household_id also sees houses that row-level security hides from the caller; in one order, so
# that two requests for the same households wait for each other instead of deadlocking.
ADD = f"""
INSERT INTO house ({COLUMNS})
SELECT {COLUMNS} FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::numeric[], $7::numeric[], $8::text[],
    $9::int[], $10::date[], $11::date[], $12::date[], $13::date[], $14::date[], $15::date[], $16::date[],
    $17::numeric[]
) AS n ({COLUMNS})
ORDER BY household_id
ON CONFLICT (household_id) DO NOTHING RETURNING id
"""  # noqa: S608
SAVE = """
UPDATE house AS h SET
    stage = n.stage, version = n.version, allocated_on = n.allocated_on, started_on = n.started_on,
    topped_out_on = n.topped_out_on, completed_on = n.completed_on, rejected_on = n.rejected_on,
    accepted_on = n.accepted_on, moved_in_on = n.moved_in_on, floor_area_m2 = n.floor_area_m2
FROM unnest(
    $1::uuid[], $2::text[], $3::int[], $4::date[], $5::date[], $6::date[], $7::date[], $8::date[],
    $9::date[], $10::date[], $11::numeric[]
) AS n (id, stage, version, allocated_on, started_on, topped_out_on, completed_on, rejected_on,
        accepted_on, moved_in_on, floor_area_m2)
WHERE h.id = n.id
"""
ADD_ENTRIES = """
INSERT INTO house_event (house_id, version, area_code, event, stage, happened_on, details, actor_id, recorded_at)
SELECT house_id, version, area_code, event, stage, happened_on, details::jsonb, $8, $9
FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[])
    AS n (house_id, version, area_code, event, stage, happened_on, details)
"""


class Trace(NamedTuple):
    """Who changed houses, and when; it becomes part of each house's history."""

    actor_id: str
    at: datetime


def house_of(row: Any) -> House:
    """Return a house from a row with COLUMNS."""
    return House(**{name: row[name] for name in NAMES})


async def lock_houses(driver: "Driver[Any]", ids: Iterable[UUID], *, area: str) -> dict[UUID, House]:
    """Return houses within an area by id, locked until the transaction ends."""
    rows = await driver.fetch(LOCK, list(set(ids)), area)
    return {row["id"]: house_of(row) for row in rows}


async def add_houses(driver: "Driver[Any]", houses: Sequence[House]) -> set[UUID]:
    """Insert new houses and return the ids of those whose household had none before."""
    if not houses:
        return set()
    rows = await driver.fetch(ADD, *columns_of([_values(house) for house in houses]))
    return {row["id"] for row in rows}


async def save_houses(driver: "Driver[Any]", houses: Iterable[House]) -> None:
    """Store the present state of houses that were locked."""
    rows = [_changing(house) for house in houses]
    if rows:
        await driver.execute(SAVE, *columns_of(rows))


async def add_entries(driver: "Driver[Any]", entries: Sequence[Entry], trace: Trace) -> None:
    """Append steps to the history of their houses."""
    rows = [
        (
            entry.house.id,
            entry.house.version,
            entry.house.area_code,
            entry.event,
            entry.stage,
            entry.happened_on,
            msgspec.json.encode(entry.details).decode(),
        )
        for entry in entries
    ]
    if rows:
        await driver.execute(ADD_ENTRIES, *columns_of(rows), trace.actor_id, trace.at)
