"""The relay: one leader per service publishes the outbox in the order of its snapshots."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import asyncpg
import structlog

from chassis.bus.port import BusLost, Message, Publisher, Wakeup
from chassis.database import LOST
from chassis.health import Progress
from chassis.outbox_reader import READER_SETTINGS, OutboxReader, SnapshotPosition
from chassis.telemetry import EVENTS_PUBLISHED, OUTBOX_AGE, OUTBOX_DEPTH

ANY_TROUBLE = (*LOST, asyncpg.PostgresError)
BATCH = 5000
# So many batches are under way at once; the publisher keeps the order, and positions are stored in order.
AT_ONCE = 4
QUICK_POLL = 0.005
IDLE_POLL = 0.05
IDLE_AFTER = 2.0
MEASURE_SECONDS = 5.0
# A position lost in a crash only lets a few facts be published once more.
NO_WAIT_FOR_DISK = {"synchronous_commit": "off"}
BACK_OFF_SECONDS = 0.2
NOT_LEADER_SECONDS = 0.5
LEAD = "SELECT pg_try_advisory_lock(hashtextextended('tuopin relay ' || current_schema(), 0))"
STORE = """
INSERT INTO relay_position (name, position) VALUES ('bus', $1)
ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = now()
"""
LOAD = "SELECT position FROM relay_position WHERE name = 'bus'"
log = structlog.get_logger("tuopin.relay")


class _UnderWay(NamedTuple):
    """A batch on its way to the bus, and the position after it."""

    publishing: "asyncio.Task[None]"
    rows: Sequence[Any]
    following: SnapshotPosition


class Relay:
    """Publishes one service's outbox; any number may run, the advisory lock lets one lead."""

    def __init__(
        self,
        service: str,
        dsn: str,
        publisher: Publisher,
        progress: Progress,
        *,
        wakeup: Wakeup | None = None,
    ) -> None:
        self._service = service
        self._dsn = dsn
        self._publisher = publisher
        self._progress = progress
        self._reader = OutboxReader()
        self._woken = (wakeup or Wakeup()).listener()
        self.is_leader = False

    async def run(self) -> None:
        """Lead when the lock is free, publish until something is lost, begin again."""
        while True:
            try:
                await self._lead()
            except (*ANY_TROUBLE, BusLost) as lost:
                log.warning("relay waits", service=self._service, error=type(lost).__name__)
            self._progress.beat()
            await asyncio.sleep(BACK_OFF_SECONDS)

    async def close(self) -> None:
        """Stop publishing."""
        await self._publisher.close()

    async def _lead(self) -> None:
        connection = await asyncpg.connect(
            self._dsn,
            timeout=5,
            command_timeout=30,
            server_settings={"application_name": "tuopin relay", **READER_SETTINGS, **NO_WAIT_FOR_DISK},
        )
        try:
            # The lock lives and dies with this very connection, on which the outbox is read as well.
            while not await connection.fetchval(LEAD):
                self._progress.beat()
                await asyncio.sleep(NOT_LEADER_SECONDS)
            self.is_leader = True
            await self._publish_for_ever(connection)
        finally:
            self.is_leader = False
            connection.terminate()
            await self._publisher.close()

    async def _publish_for_ever(self, connection: "asyncpg.Connection[Any]") -> None:
        position = SnapshotPosition.parse(await connection.fetchval(LOAD))
        last_found = measured = time.monotonic()
        under_way: deque[_UnderWay] = deque()
        try:
            while True:
                self._progress.beat()
                now = time.monotonic()
                if now - measured > MEASURE_SECONDS:
                    await self._measure(connection, position)
                    measured = now
                rows, position = await self._reader.read(connection, position, BATCH)
                if rows:
                    last_found = now
                    under_way.append(self._begin(rows, position))
                if under_way and (not rows or len(under_way) == AT_ONCE):
                    await self._finish(connection, under_way)
                elif not rows:
                    await self._wait(QUICK_POLL if now - last_found < IDLE_AFTER else IDLE_POLL)
        finally:
            await _end(under_way)

    def _begin(self, rows: Sequence[Any], following: SnapshotPosition) -> "_UnderWay":
        publishing = asyncio.create_task(self._publisher.publish([_message(row) for row in rows]))
        return _UnderWay(publishing, rows, following)

    async def _finish(self, connection: "asyncpg.Connection[Any]", under_way: "deque[_UnderWay]") -> None:
        """Wait for the oldest batch that is under way and store the position after it; the next is read meanwhile."""
        oldest = under_way[0]
        await oldest.publishing
        under_way.popleft()
        await self._store(connection, oldest.rows, oldest.following)

    async def step(
        self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition
    ) -> tuple[int, SnapshotPosition]:
        """Publish up to one batch; the position is stored only after every acknowledgement."""
        rows, following = await self._reader.read(connection, position, BATCH)
        if rows:
            await self._publisher.publish([_message(row) for row in rows])
            await self._store(connection, rows, following)
        return len(rows), following

    async def _store(
        self, connection: "asyncpg.Connection[Any]", rows: Sequence[Any], following: SnapshotPosition
    ) -> None:
        await connection.execute(STORE, str(following))
        EVENTS_PUBLISHED.labels(self._service).inc(len(rows))
        log.info(
            "batch published",
            service=self._service,
            first=rows[0]["id"],
            last=rows[-1]["id"],
            count=len(rows),
        )

    async def _wait(self, seconds: float) -> None:
        self._woken.clear()
        # Not wait_for: that of Python 3.11 takes a cancellation for a wake-up when both come at once.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    async def _measure(self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition) -> None:
        depth, age = await self._reader.backlog(connection, position)
        OUTBOX_DEPTH.labels(self._service).set(depth)
        OUTBOX_AGE.labels(self._service).set(age)


async def _end(under_way: "deque[_UnderWay]") -> None:
    """Leave nothing behind that could still send when the next attempt begins."""
    for one in under_way:
        one.publishing.cancel()
    await asyncio.gather(*(one.publishing for one in under_way), return_exceptions=True)


def _message(row: Any) -> Message:
    number, topic, key, kind, payload = row[-5:]
    return Message(str(number), topic, key, kind, payload)
