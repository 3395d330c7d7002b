"""The trail: appending to the chain, and reading it in order."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from services.supervision.domain.chain import Head, Link

Driver = asyncpg.Connection

# Whoever holds this row is the one writer: the chain cannot fork.
LOCK = "SELECT position, hash, deadlines_through FROM progress FOR UPDATE"
READ = "SELECT position, hash, deadlines_through FROM progress"
KNOWN = "SELECT event_id FROM trail WHERE event_id = ANY($1)"
APPEND = """
INSERT INTO trail (position, event_id, type, subject, area_code, payload, prev_hash, hash, recorded_at)
SELECT n.*, $9 FROM unnest(
    $1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[]
) AS n
"""
MOVE_HEAD = "UPDATE progress SET position = $1, hash = $2"
CHUNK = """
SELECT position, recorded_at, payload FROM trail WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3
"""
LINKS = "SELECT position, prev_hash, hash, payload FROM trail WHERE position > $1 ORDER BY position LIMIT $2"
STEPS = """
SELECT position, kind, through, rule_code, rule_version, business_date, recorded_at FROM step ORDER BY number
"""
ADD_CLOCK_STEP = """
INSERT INTO step (position, kind, through, business_date, recorded_at) VALUES ($1, 'clock', $2, $2, $3)
"""
MOVE_CLOCK = "UPDATE progress SET deadlines_through = $1"
ADD_RULE_STEP = """
INSERT INTO step (position, kind, rule_code, rule_version, business_date, recorded_at)
VALUES ($1, 'rule', $2, $3, $4, $5)
"""


class Progress(NamedTuple):
    """Where the chain ends, and up to which day the clock has been looked at."""

    head: Head
    through: date | None


class Entry(NamedTuple):
    """One entry to append."""

    link: Link
    event_id: UUID
    type: str
    subject: str
    area_code: str


class Step(NamedTuple):
    """Something besides an event that moved findings, and after which position."""

    position: int
    kind: str
    through: date | None
    rule_code: str | None
    rule_version: int | None
    business_date: date
    recorded_at: datetime


async def lock_progress(driver: "Driver[Any]") -> Progress:
    """Become the one writer until the transaction ends."""
    return _progress(await driver.fetchrow(LOCK))


async def read_progress(driver: "Driver[Any]") -> Progress:
    """Return the progress as it is, without waiting for the writer."""
    return _progress(await driver.fetchrow(READ))


def _progress(row: Any) -> Progress:
    return Progress(Head(row["position"], row["hash"]), row["deadlines_through"])


async def known_events(driver: "Driver[Any]", ids: Sequence[UUID]) -> set[UUID]:
    """Return which events the trail already holds."""
    return {row["event_id"] for row in await driver.fetch(KNOWN, ids)}


async def append(driver: "Driver[Any]", entries: Sequence[Entry], recorded_at: datetime) -> None:
    """Append entries and move the head to the last of them."""
    if not entries:
        return
    await driver.execute(
        APPEND,
        [entry.link.position for entry in entries],
        [entry.event_id for entry in entries],
        [entry.type for entry in entries],
        [entry.subject for entry in entries],
        [entry.area_code for entry in entries],
        [entry.link.payload for entry in entries],
        [entry.link.prev_hash for entry in entries],
        [entry.link.hash for entry in entries],
        recorded_at,
    )
    last = entries[-1].link
    await driver.execute(MOVE_HEAD, last.position, last.hash)


async def chunks(
    driver: "Driver[Any]", *, after: int, until: int, size: int
) -> AsyncIterator[list[tuple[int, datetime, bytes]]]:
    """Yield the trail's entries between two positions, some at a time."""
    while after < until:
        rows = await driver.fetch(CHUNK, after, until, size)
        if not rows:
            return
        yield [tuple(row) for row in rows]
        after = rows[-1]["position"]


async def links_after(driver: "Driver[Any]", position: int, limit: int) -> list[Link]:
    """Return entries as the chain sees them."""
    return [Link(*row) for row in await driver.fetch(LINKS, position, limit)]


async def list_steps(driver: "Driver[Any]") -> list[Step]:
    """Return every step in order."""
    return [Step(*row) for row in await driver.fetch(STEPS)]


async def move_clock(driver: "Driver[Any]", position: int, through: date, recorded_at: datetime) -> None:
    """Note that the clock reached a day after a position of the trail."""
    await driver.execute(ADD_CLOCK_STEP, position, through, recorded_at)
    await driver.execute(MOVE_CLOCK, through)


async def add_rule_steps(driver: "Driver[Any]", rows: Iterable[tuple[int, str, int, date, datetime]]) -> None:
    """Note that rules were adopted after a position of the trail."""
    await driver.executemany(ADD_RULE_STEP, list(rows))
