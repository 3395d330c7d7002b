"""What a consumer keeps beside its effects: which events it has seen, and how far it has read each source."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

UNSEEN = """
INSERT INTO inbox (event_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id
"""
MOVE = "UPDATE position SET position = $2, moved_at = now() WHERE source = $1 AND position = $3"
HOLD = "SELECT 1 FROM position WHERE source = $1 AND position = $2 FOR UPDATE"
START = "INSERT INTO position (source, position) VALUES ($1, $2) ON CONFLICT DO NOTHING"
BEGINNING = ""


class PositionTaken(Exception):  # noqa: N818 - what happened
    """Another consumer of the group has moved this source's position: what we hold is not ours any more."""


async def unseen(driver: "asyncpg.Connection[Any]", event_ids: Sequence[UUID]) -> set[UUID]:
    """Note events as handled in this transaction; return those that were not noted before."""
    return {row["event_id"] for row in await driver.fetch(UNSEEN, event_ids)}


async def positions_of(driver: "asyncpg.Connection[Any]", sources: Sequence[str]) -> Mapping[str, str]:
    """Return the stored positions of sources, the beginning where there is none."""
    rows = await driver.fetch("SELECT source, position FROM position WHERE source = ANY($1)", list(sources))
    return {row["source"]: row["position"] for row in rows if row["position"]}


async def move(driver: "asyncpg.Connection[Any]", source: str, *, before: str, after: str) -> None:
    """Advance a source's position, but only from where this consumer read it; PositionTaken otherwise."""
    if before == BEGINNING:
        await driver.execute(START, source, BEGINNING)
    if await driver.execute(MOVE, source, after, before) != "UPDATE 1":
        raise PositionTaken(source)


async def hold(driver: "asyncpg.Connection[Any]", source: str, *, at: str) -> None:
    """Lock a source's position where this consumer read it, so that no other handles it now; PositionTaken otherwise."""
    if at == BEGINNING:
        await driver.execute(START, source, BEGINNING)
    if await driver.fetchval(HOLD, source, at) is None:
        raise PositionTaken(source)
