"""The embedded bus: the outboxes are the log, and every consumer reads them at its own pace. No copy, no relay."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from chassis.bus.port import Batch, BusLost, Message, Positions, Wakeup
from chassis.outbox_reader import OutboxReader, SnapshotPosition, xmin_of

LOST = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, ConnectionError, OSError, TimeoutError)
COUNT = """
SELECT count(*) FROM {schema}.outbox WHERE xid >= $1::xid8 AND NOT pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
AND id > $3
"""


class OutboxLog:
    """Reads the outboxes of the publishing services through a role that sees nothing else."""

    def __init__(
        self,
        sources: Mapping[str, str],
        topics: Sequence[str],
        *,
        wakeup: Wakeup | None = None,
        poll_seconds: float = 0.25,
    ) -> None:
        self._dsns = dict(sources)
        self._topics = frozenset(topics)
        self._readers = {source: OutboxReader(source) for source in sources}
        self._connections: dict[str, asyncpg.Connection[Any]] = {}
        self._read_up_to: dict[str, SnapshotPosition] = {}
        self._positions: Positions
        self._wakeup = wakeup or Wakeup()
        self._woken = self._wakeup.listener()
        self._poll_seconds = poll_seconds

    async def start(self, positions: Positions) -> None:
        """Begin at the stored positions."""
        self._positions = positions
        stored = await positions(list(self._dsns))
        self._read_up_to = {source: SnapshotPosition.parse(stored.get(source)) for source in self._dsns}

    async def fetch(self, limit: int, timeout: float) -> Sequence[Batch]:
        """Return what is new in any outbox; woken by commits in this process, else by a short poll."""
        ends = asyncio.get_running_loop().time() + timeout
        while True:
            self._woken.clear()
            batches = [batch for source in self._dsns if (batch := await self._read(source, limit))]
            remaining = ends - asyncio.get_running_loop().time()
            if batches or remaining <= 0:
                return batches
            try:
                await asyncio.wait_for(self._woken.wait(), min(self._poll_seconds, remaining))
            except TimeoutError:
                continue

    async def again(self, source: str) -> None:
        """Go back to the stored position of a source."""
        stored = await self._positions([source])
        self._read_up_to[source] = SnapshotPosition.parse(stored.get(source))

    async def lag(self) -> int:
        """Return how many rows are not yet fetched, of all topics."""
        total = 0
        for source in self._dsns:
            connection = await self._connection(source)
            at = self._read_up_to.get(source, SnapshotPosition())
            query = COUNT.format(schema=source)
            total += await connection.fetchval(query, xmin_of(at.lower), at.lower, at.last_id)
        return total

    async def close(self) -> None:
        """Close the connections."""
        self._wakeup.forget(self._woken)
        for connection in {id(one): one for one in self._connections.values()}.values():
            connection.terminate()
        self._connections.clear()

    async def _read(self, source: str, limit: int) -> Batch | None:
        while True:
            try:
                connection = await self._connection(source)
                rows, position = await self._readers[source].read(connection, self._read_up_to[source], limit)
            except LOST as lost:
                self._drop(source)
                raise BusLost(source) from lost
            self._read_up_to[source] = position
            messages = [_message(row) for row in rows if row["topic"] in self._topics]
            if messages:
                return Batch(source, messages, str(position))
            # Rows of topics nobody here hears are passed over in memory: the position is stored with effects only.
            if not rows:
                return None

    async def _connection(self, source: str) -> "asyncpg.Connection[Any]":
        dsn = self._dsns[source]
        connection = self._connections.get(dsn)
        if connection is None or connection.is_closed():
            connection = await asyncpg.connect(
                dsn, timeout=5, server_settings={"application_name": "tuopin bus"}
            )
            self._connections[dsn] = connection
        return connection

    def _drop(self, source: str) -> None:
        connection = self._connections.pop(self._dsns[source], None)
        if connection is not None:
            connection.terminate()


def _message(row: Any) -> Message:
    return Message(str(row["id"]), row["topic"], row["key"], row["type"], row["payload"])
