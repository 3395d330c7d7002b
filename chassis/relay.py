"""The relay: one leader per service publishes the outbox in the order of its snapshots."""

import asyncio
import time
from typing import Any

import asyncpg
import structlog

from chassis.bus.port import BusLost, Message, Publisher, Wakeup
from chassis.health import Progress
from chassis.outbox_reader import READER_SETTINGS, OutboxReader, SnapshotPosition
from chassis.telemetry import EVENTS_PUBLISHED, OUTBOX_AGE, OUTBOX_DEPTH

LOST = (asyncpg.InterfaceError, asyncpg.PostgresError, ConnectionError, OSError, TimeoutError)
BATCH = 2000
QUICK_POLL = 0.005
IDLE_POLL = 0.05
IDLE_AFTER = 2.0
MEASURE_SECONDS = 5.0
BACK_OFF_SECONDS = 0.2
NOT_LEADER_SECONDS = 0.5
LEAD = "SELECT pg_try_advisory_lock(hashtextextended('tuopin relay ' || current_schema(), 0))"
STORE = """
INSERT INTO relay_position (name, position) VALUES ('bus', $1)
ON CONFLICT (name) DO UPDATE SET position = excluded.position, moved_at = now()
"""
LOAD = "SELECT position FROM relay_position WHERE name = 'bus'"
log = structlog.get_logger("tuopin.relay")


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
            except (*LOST, BusLost) as lost:
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
            server_settings={"application_name": "tuopin relay", **READER_SETTINGS},
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
        while True:
            rows, position = await self.step(connection, position)
            self._progress.beat()
            now = time.monotonic()
            if now - measured > MEASURE_SECONDS:
                await self._measure(connection, position)
                measured = now
            if rows:
                last_found = now
                continue
            await self._wait(QUICK_POLL if now - last_found < IDLE_AFTER else IDLE_POLL)

    async def step(
        self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition
    ) -> tuple[int, SnapshotPosition]:
        """Publish up to one batch; the position is stored only after every acknowledgement."""
        rows, following = await self._reader.read(connection, position, BATCH)
        if rows:
            await self._publisher.publish([_message(row) for row in rows])
            await connection.execute(STORE, str(following))
            EVENTS_PUBLISHED.labels(self._service).inc(len(rows))
            log.info(
                "batch published",
                service=self._service,
                first=rows[0]["id"],
                last=rows[-1]["id"],
                count=len(rows),
            )
        return len(rows), following

    async def _wait(self, seconds: float) -> None:
        self._woken.clear()
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return

    async def _measure(self, connection: "asyncpg.Connection[Any]", position: SnapshotPosition) -> None:
        depth, age = await self._reader.backlog(connection, position)
        OUTBOX_DEPTH.labels(self._service).set(depth)
        OUTBOX_AGE.labels(self._service).set(age)


def _message(row: Any) -> Message:
    return Message(str(row["id"]), row["topic"], row["key"], row["type"], row["payload"])
