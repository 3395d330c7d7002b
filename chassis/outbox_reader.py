"""Reading an outbox so that nothing is skipped: by pairs of snapshots (the PgQ method), never by `id > last`.

A row is new when it is visible now and was not visible in the lower snapshot. Rows are read in id order; a
transaction that commits late with a low id is met by the next pair instead of being lost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import asyncpg
import msgspec

START = "1:1:"
_SCHEMA = re.compile(r"[a-z][a-z_]*")


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


# A tiny poll must not touch the table's history: the xid index yields only what is at or above the lower xmin.
FRESH = """
WITH fresh AS MATERIALIZED (
    SELECT id FROM {outbox}
    WHERE xid >= $1::xid8 AND NOT pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
    LIMIT $3
)
SELECT pg_current_snapshot()::text AS snapshot, (SELECT count(*) FROM fresh) AS found,
       o.id, o.event_id, o.topic, o.key, o.type, o.payload
FROM (SELECT 1) AS one LEFT JOIN (
    SELECT * FROM {outbox} WHERE id IN (SELECT id FROM fresh) ORDER BY id
) AS o ON true ORDER BY o.id
"""
FLOOR = """
SELECT pg_current_snapshot()::text AS snapshot, min(id) AS floor FROM {outbox}
WHERE xid >= $1::xid8 AND NOT pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
"""
CHUNK = """
SELECT id, event_id, topic, key, type, payload FROM {outbox}
WHERE id > $1 AND NOT pg_visible_in_snapshot(xid, $2::text::pg_snapshot) AND pg_visible_in_snapshot(xid, $3::text::pg_snapshot)
ORDER BY id LIMIT $4
"""


def xmin_of(snapshot: str) -> int:
    """Return the xmin of a snapshot's text form."""
    return int(snapshot.partition(":")[0])


class OutboxReader:
    """Reads one outbox over whatever connection it is lent."""

    def __init__(self, schema: str | None = None) -> None:
        if schema is not None and not _SCHEMA.fullmatch(schema):
            raise ValueError("A schema's name is lower-case letters.")
        table = f"{schema}.outbox" if schema else "outbox"
        self._fresh, self._floor, self._chunk = (sql.format(outbox=table) for sql in (FRESH, FLOOR, CHUNK))

    async def read(
        self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition, limit: int
    ) -> tuple[Sequence[Any], SnapshotPosition]:
        """Return up to `limit` new rows in id order and the position after them."""
        if position.upper is None:
            rows = await connection.fetch(self._fresh, xmin_of(position.lower), position.lower, limit + 1)
            if rows[0]["found"] <= limit:
                found = rows if rows[0]["id"] is not None else []
                return found, SnapshotPosition(lower=rows[0]["snapshot"])
            position = await self._pin(connection, position)
        rows = await connection.fetch(self._chunk, position.last_id, position.lower, position.upper, limit)
        if len(rows) < limit:  # the pair is drained
            assert position.upper is not None  # noqa: S101 - pinned above
            return rows, SnapshotPosition(lower=position.upper)
        return rows, replace(position, last_id=rows[-1]["id"])

    async def _pin(
        self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition
    ) -> SnapshotPosition:
        row = await connection.fetchrow(self._floor, xmin_of(position.lower), position.lower)
        assert row is not None  # noqa: S101 - an aggregate has one row
        return replace(position, upper=row["snapshot"], last_id=(row["floor"] or 1) - 1)
