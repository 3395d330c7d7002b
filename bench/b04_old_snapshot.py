"""B4: does the relay slow down while somebody holds an old snapshot? The rival deletes what it published."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg

from bench import harness
from bench.log import encoded, fill, runtime_of, verified
from bench.relaying import Counted, drain
from bench.size import scaled
from chassis import schema
from chassis.database import plain_dsn
from chassis.outbox import OutboxRow
from chassis.relay import BATCH
from chassis.secrets import prepare_secrets
from chassis.serving import settle
from cli.catalogue import load

EVENTS = scaled(15_000)
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
        settle()
        admin = await asyncpg.connect(plain_dsn(admin_url))
        writer = await harness.connect(admin_url, "subsidy")
        counted = Counted()
        found = _comparison()

        async def ours() -> float:
            await admin.execute("TRUNCATE subsidy.outbox, subsidy.relay_position")
            rates = []
            async with _old_snapshot(admin_url):
                for _ in range(PASSES):
                    await fill(writer, filled)
                    rates.append(await drain("subsidy", plain_dsn(service_url), counted, EVENTS))
            found.notes.append(_note("tuopin", rates))
            return _endurance(rates)

        async def rival() -> float:
            await admin.execute(RIVAL)
            rates = []
            async with _old_snapshot(admin_url):
                for _ in range(PASSES):
                    await fill(admin, filled, "rival_outbox")
                    rates.append(await _take_all(admin, filled))
            found.notes.append(_note("rival", rates))
            return _endurance(rates)

        await harness.compare(found, ours, {"SKIP LOCKED + DELETE relay": rival})
        await writer.close()
        await admin.close()
        await runtime.database.close()
    harness.report(found)


def _comparison() -> harness.Comparison:
    return harness.Comparison(
        name="B4",
        what=f"relay under a held old snapshot, last two of {PASSES} passes over the first two, {EVENTS:,} events each",
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


async def _take_all(connection: "asyncpg.Connection[Any]", filled: list[OutboxRow]) -> float:
    started, taken = time.perf_counter(), 0
    while taken < len(filled):
        async with connection.transaction():
            taken += len(await connection.fetch(TAKE, BATCH))
    return len(filled) / (time.perf_counter() - started)
