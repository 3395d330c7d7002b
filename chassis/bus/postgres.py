"""The embedded bus: the outboxes are the log, and every consumer reads them at its own pace. No copy, no relay."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import asyncpg

from chassis.bus.port import Batch, BusLost, Message, Positions, Wakeup
from chassis.database import LOST
from chassis.outbox_reader import READER_SETTINGS, OutboxReader, SnapshotPosition

ANY_TROUBLE = (*LOST, asyncpg.PostgresError)
# A position that only passed over what nobody here hears is stored once it is this many transactions behind.
PASSED_OVER = 50_000


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
        self._readers = {source: OutboxReader(source, topics) for source in sources}
        self._connections: dict[str, asyncpg.Connection[Any]] = {}
        self._read_up_to: dict[str, SnapshotPosition] = {}
        self._stored_at: dict[str, int] = {}
        self._positions: Positions
        self._wakeup = wakeup or Wakeup()
        self._woken = self._wakeup.listener()
        self._poll_seconds = poll_seconds

    async def start(self, positions: Positions) -> None:
        """Begin at the stored positions; a connection may be dead without knowing it, so begin with new ones."""
        self._disconnect()
        self._positions = positions
        stored = await positions(list(self._dsns))
        for source in self._dsns:
            self._go_to(source, stored.get(source))

    async def fetch(self, limit: int, timeout: float) -> Sequence[Batch]:
        """Return what is new in any outbox; woken by commits in this process, else by a short poll."""
        ends = asyncio.get_running_loop().time() + timeout
        while True:
            self._woken.clear()
            batches = await self._read_all(limit)
            remaining = ends - asyncio.get_running_loop().time()
            if batches or remaining <= 0:
                return batches
            with suppress(TimeoutError):
                async with asyncio.timeout(min(self._poll_seconds, remaining)):
                    await self._woken.wait()

    async def again(self, source: str) -> None:
        """Go back to the stored position of a source."""
        stored = await self._positions([source])
        self._go_to(source, stored.get(source))

    async def lag(self) -> int:
        """Return how many events of our topics are not yet fetched; on connections of its own, the loop reads on."""
        total = 0
        for dsn in set(self._dsns.values()):
            connection = await _connect(dsn)
            try:
                for source in (source for source, its in self._dsns.items() if its == dsn):
                    at = self._read_up_to.get(source, SnapshotPosition())
                    depth, _ = await self._readers[source].backlog(connection, at)
                    total += depth
            finally:
                connection.terminate()
        return total

    async def close(self) -> None:
        """Close the connections."""
        self._wakeup.forget(self._woken)
        self._disconnect()

    async def _read_all(self, limit: int) -> list[Batch]:
        """Read the sources that may have something: where no transaction ran since, one question answers for all."""
        batches = []
        now: dict[str, str] = {}
        for source, dsn in self._dsns.items():
            at = self._read_up_to[source]
            if at.upper is None:
                now[dsn] = now.get(dsn) or await self._snapshot(source)
                if now[dsn] == at.lower:
                    continue
            batch = await self._read(source, limit)
            if batch is not None:
                batches.append(batch)
        return batches

    async def _snapshot(self, source: str) -> str:
        try:
            connection = await self._connection(source)
            return str(await connection.fetchval("SELECT pg_current_snapshot()::text"))
        except LOST as lost:
            self._drop(source)
            raise BusLost(source) from lost

    async def _read(self, source: str, limit: int) -> Batch | None:
        try:
            connection = await self._connection(source)
            rows, position = await self._readers[source].read(connection, self._read_up_to[source], limit)
        except ANY_TROUBLE as lost:
            self._drop(source)
            raise BusLost(source) from lost
        self._read_up_to[source] = position
        beyond = position.unseen()[0]
        if not rows and beyond - self._stored_at[source] < PASSED_OVER:
            return None
        self._stored_at[source] = beyond
        return Batch(source, [_message(row) for row in rows], str(position))

    def _go_to(self, source: str, stored: str | None) -> None:
        position = SnapshotPosition.parse(stored)
        self._read_up_to[source] = position
        self._stored_at[source] = position.unseen()[0]

    async def _connection(self, source: str) -> "asyncpg.Connection[Any]":
        dsn = self._dsns[source]
        connection = self._connections.get(dsn)
        if connection is None or connection.is_closed():
            connection = self._connections[dsn] = await _connect(dsn)
        return connection

    def _drop(self, source: str) -> None:
        connection = self._connections.pop(self._dsns[source], None)
        if connection is not None:
            connection.terminate()

    def _disconnect(self) -> None:
        for connection in self._connections.values():
            connection.terminate()
        self._connections.clear()


async def _connect(dsn: str) -> "asyncpg.Connection[Any]":
    settings = {"application_name": "tuopin bus", **READER_SETTINGS}
    return await asyncpg.connect(dsn, timeout=5, command_timeout=30, server_settings=settings)


def _message(row: Any) -> Message:
    return Message(str(row["id"]), row["topic"], row["key"], row["type"], row["payload"])
