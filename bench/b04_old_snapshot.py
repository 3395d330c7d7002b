"""B4: does the relay slow down while somebody holds an old snapshot? The rival deletes what it published."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg

from bench import harness
from bench.log import encoded, fill, runtime_of, verified
from bench.relaying import Counted
from bench.size import scaled
from chassis import schema
from chassis.database import plain_dsn
from chassis.health import Progress
from chassis.outbox import OutboxRow
from chassis.outbox_reader import READER_SETTINGS, SnapshotPosition
from chassis.relay import BATCH, Relay
from chassis.secrets import prepare_secrets
from chassis.serving import settle
from cli.catalogue import load

EVENTS = scaled(8_000, 400)
ARRIVING = 200
PASSES = 6
TAKE = """
WITH taken AS (SELECT id FROM rival_outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED),
     gone AS (
        DELETE FROM rival_outbox AS o USING taken WHERE o.id = taken.id
        RETURNING o.id, o.event_id, o.topic, o.key, o.type, o.payload
     )
SELECT id, event_id, topic, key, type, payload FROM gone ORDER BY id
"""
RIVAL = """
SET search_path = subsidy;
DROP TABLE IF EXISTS rival_outbox;
CREATE TABLE rival_outbox (LIKE outbox INCLUDING ALL);
"""


def main() -> None:
    """Run B4."""
    with TemporaryDirectory(prefix="tuopin-bench-") as folder, harness.server() as url:
        harness.run(lambda: _b4(url, Path(folder)))


async def _b4(url: str, folder: Path) -> None:
    async with harness.migrated(url, load("subsidy")) as admin_url:
        service_url = schema.url_as(admin_url, "tuopin_subsidy")
        runtime = runtime_of("subsidy", service_url, prepare_secrets(folder).cipher())
        filled = encoded(verified(EVENTS), runtime)
        arriving = [filled[start : start + ARRIVING] for start in range(0, EVENTS, ARRIVING)]
        settle()
        admin = await asyncpg.connect(plain_dsn(admin_url))
        writer = await harness.connect(admin_url, "subsidy")
        reader = await asyncpg.connect(plain_dsn(service_url), server_settings=dict(READER_SETTINGS))
        relay = Relay("subsidy", plain_dsn(service_url), Counted(), Progress("bench"))
        found = _comparison()

        async def ours() -> float:
            await admin.execute("TRUNCATE subsidy.outbox, subsidy.relay_position")
            rates = await _passes(
                admin_url, arriving, writer, table="outbox", relay=_Steps(relay, reader).publish
            )
            found.notes.append(_note("tuopin", rates))
            return _endurance(rates)

        async def rival() -> float:
            await admin.execute(RIVAL)
            rates = await _passes(
                admin_url, arriving, admin, table="rival_outbox", relay=lambda: _take(admin)
            )
            found.notes.append(_note("rival", rates))
            return _endurance(rates)

        await harness.compare(found, ours, {"SKIP LOCKED + DELETE relay": rival})
        await reader.close()
        await writer.close()
        await admin.close()
        await runtime.database.close()
    harness.report(found)


def _comparison() -> harness.Comparison:
    return harness.Comparison(
        name="B4",
        what=f"relay under a held old snapshot, last two of {PASSES} passes over the first two, {EVENTS:,} events each, {ARRIVING} at a time",
        unit="last/first",
        target=">= 0.8",
        is_ratio=True,
    )


def _endurance(rates: list[float]) -> float:
    """Return the time of the first two passes over that of the last two: one pass alone is mostly chance."""
    early, late = (sum(1 / rate for rate in part) for part in (rates[:2], rates[-2:]))
    return early / late


def _note(who: str, rates: list[float]) -> str:
    return f"{who} events/s a pass: " + ", ".join(f"{rate:,.0f}" for rate in rates)


class _old_snapshot:  # noqa: N801 - reads as the statement it is
    """A long report: a transaction with a snapshot and an id of its own, left open."""

    def __init__(self, admin_url: str) -> None:
        self._url = plain_dsn(admin_url)
        self._connection: asyncpg.Connection[Any]

    async def __aenter__(self) -> None:
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        await self._connection.fetchval("SELECT pg_current_xact_id()::text")

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


class _Steps:
    """The product's relay, step by step from the beginning of an empty outbox; nothing is sent anywhere."""

    def __init__(self, relay: Relay, reader: "asyncpg.Connection[Any]") -> None:
        self._relay = relay
        self._reader = reader
        self._position = SnapshotPosition()

    async def publish(self) -> int:
        """Read what is new, publish it and store the position."""
        count, self._position = await self._relay.step(self._reader, self._position)
        return count


async def _take(connection: "asyncpg.Connection[Any]") -> int:
    """Take what is new by deleting it."""
    async with connection.transaction():
        return len(await connection.fetch(TAKE, BATCH))


async def _passes(
    admin_url: str,
    arriving: list[list[OutboxRow]],
    writer: "asyncpg.Connection[Any]",
    *,
    table: str,
    relay: Callable[[], Awaitable[int]],
) -> list[float]:
    """Return the events a second of each pass, the time of the relay alone; one pass goes before the snapshot is taken."""
    await _pass(arriving, writer, table=table, relay=relay)
    async with _old_snapshot(admin_url):
        return [await _pass(arriving, writer, table=table, relay=relay) for _ in range(PASSES)]


async def _pass(
    arriving: list[list[OutboxRow]],
    writer: "asyncpg.Connection[Any]",
    *,
    table: str,
    relay: Callable[[], Awaitable[int]],
) -> float:
    taken = 0.0
    for rows in arriving:
        await fill(writer, rows, table)
        started = time.perf_counter()
        assert await relay() == len(rows)
        taken += time.perf_counter() - started
    return sum(map(len, arriving)) / taken
