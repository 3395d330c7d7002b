"""Reading an outbox so that nothing is skipped: by pairs of snapshots (the PgQ method), never by `id > last`.

A row is new when it is visible now and was not visible in the lower snapshot. Rows are read in id order; a
transaction that commits late with a low id is met by the next pair instead of being lost.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import asyncpg
import msgspec

START = "1:1:"
_SCHEMA = re.compile(r"[a-z][a-z_]*")

READER_SETTINGS: Mapping[str, str] = {
    # The index on xid is right for every poll, also before statistics exist: a sequential scan never is,
    # and so the plan need not be made anew each time.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}


class OutboxRestored(Exception):  # noqa: N818 - what happened
    """The position is ahead of the server's transactions: the database was restored into another cluster."""


@dataclass(frozen=True, slots=True)
class SnapshotPosition:
    """How far an outbox was read: everything visible in `lower`, and of `upper` (when set) the ids up to `last_id`."""

    lower: str = START
    upper: str | None = None
    last_id: int = 0

    @classmethod
    def parse(cls, text: str | None) -> Self:
        """Return a stored position; None is the beginning."""
        return cls(*msgspec.json.decode(text)) if text else cls()

    def __str__(self) -> str:
        return msgspec.json.encode([self.lower, self.upper, self.last_id]).decode()

    def unseen(self) -> tuple[int, list[int]]:
        """Return which transactions `lower` did not see: all from the first number on, and those of the list."""
        _, beyond, open_then = self.lower.split(":")
        return int(beyond), [int(xid) for xid in open_then.split(",") if xid]


# `xid >= xmax OR xid = ANY(xip)` is the exact opposite of "visible in lower", said so that the index answers it:
# a poll costs what is new, however many rows there are and however long a transaction stays open.
UNSEEN = """
(SELECT {what} FROM {outbox} WHERE xid >= $1::xid8{heard}{limit})
UNION ALL (SELECT {what} FROM {outbox} WHERE xid = ANY($2::xid8[]){heard}{limit})
"""
FRESH = """
WITH fresh AS MATERIALIZED ({unseen})
SELECT pg_current_snapshot()::text AS snapshot, (SELECT count(*) FROM fresh) AS found,
       o.id, o.topic, o.key, o.type, o.payload
FROM (SELECT 1) AS one LEFT JOIN (
    SELECT id, topic, key, type, payload FROM {outbox}
    WHERE (SELECT count(*) FROM fresh) < $4 AND id IN (SELECT id FROM fresh)
) AS o ON true ORDER BY o.id
"""
# `id + 0` keeps the server from walking the whole history along the primary key in search of the minimum.
FLOOR = "SELECT pg_current_snapshot()::text AS snapshot, min(id + 0) AS floor FROM ({unseen}) AS fresh"
# A sub-select makes the server parse a snapshot once and not for every row.
CHUNK = """
SELECT id, topic, key, type, payload FROM {outbox}
WHERE id > $1 AND NOT pg_visible_in_snapshot(xid, (SELECT $2::text::pg_snapshot))
AND pg_visible_in_snapshot(xid, (SELECT $3::text::pg_snapshot)){heard} ORDER BY id LIMIT $4
"""
BACKLOG = """
SELECT count(*) AS depth, coalesce(extract(epoch FROM clock_timestamp() - min(recorded_at)), 0)::text AS age
FROM ({unseen}) AS fresh WHERE id > $4
"""


class OutboxReader:
    """Reads one outbox over whatever connection it is lent, of all topics or of those named."""

    def __init__(self, schema: str | None = None, topics: Sequence[str] | None = None) -> None:
        if schema is not None and not _SCHEMA.fullmatch(schema):
            raise ValueError("A schema's name is lower-case letters.")
        outbox = f"{schema}.outbox" if schema else "outbox"
        self._topics = list(topics) if topics is not None else None
        only = " AND ($3::text[] IS NULL OR topic = ANY($3))"
        limited = UNSEEN.format(what="id", outbox=outbox, heard=only, limit=" LIMIT $4")
        all_ids = UNSEEN.format(what="id", outbox=outbox, heard="", limit="")
        all_ages = UNSEEN.format(what="id, recorded_at", outbox=outbox, heard=only, limit="")
        self._fresh = FRESH.format(outbox=outbox, unseen=limited)
        self._floor = FLOOR.format(unseen=all_ids)
        self._chunk = CHUNK.format(outbox=outbox, heard=only.replace("$3", "$5"))
        self._backlog = BACKLOG.format(unseen=all_ages)

    async def read(
        self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition, limit: int
    ) -> tuple[Sequence[Any], SnapshotPosition]:
        """Return up to `limit` new rows in id order and the position after them."""
        if position.upper is None:
            rows = await connection.fetch(self._fresh, *position.unseen(), self._topics, limit + 1)
            if rows[0]["found"] <= limit:
                found = rows if rows[0]["id"] is not None else []
                return found, _advanced(position, rows[0]["snapshot"])
            position = await self._pin(connection, position)
        chunk = (position.last_id, position.lower, position.upper, limit, self._topics)
        rows = await connection.fetch(self._chunk, *chunk)
        if len(rows) < limit:  # the pair is drained
            assert position.upper is not None  # noqa: S101 - pinned above
            return rows, SnapshotPosition(lower=position.upper)
        return rows, replace(position, last_id=rows[-1]["id"])

    async def backlog(
        self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition
    ) -> tuple[int, float]:
        """Return how many rows lie beyond a position, and the age of the oldest in seconds."""
        row = await connection.fetchrow(self._backlog, *position.unseen(), self._topics, position.last_id)
        assert row is not None  # noqa: S101 - an aggregate has one row
        return row["depth"], float(row["age"])

    async def _pin(
        self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition
    ) -> SnapshotPosition:
        if position.lower == START:  # everything is new: no need to look for where it begins
            upper, floor = await connection.fetchval("SELECT pg_current_snapshot()::text"), 1
        else:
            row = await connection.fetchrow(self._floor, *position.unseen())
            assert row is not None  # noqa: S101 - an aggregate has one row
            upper, floor = row["snapshot"], row["floor"] or 1
        _advanced(position, upper)
        return replace(position, upper=upper, last_id=floor - 1)


def _advanced(position: SnapshotPosition, snapshot: str) -> SnapshotPosition:
    """Return the position after everything of a snapshot; transaction numbers only grow, or it is another cluster."""
    following = SnapshotPosition(lower=snapshot)
    if following.unseen()[0] < position.unseen()[0]:
        raise OutboxRestored
    return following
