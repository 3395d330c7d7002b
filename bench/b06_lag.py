"""B6: from commit to finding at 200 events a second in embedded mode, against waiting for the poll interval."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from bench import harness
from bench.hearing import SUPERVISION, consumer_of
from bench.log import AREA, completed, new_family, runtime_of
from bench.relaying import stop
from bench.size import scaled
from chassis import schema
from chassis.auth import Principal
from chassis.bus.port import Wakeup
from chassis.bus.postgres import OutboxLog
from chassis.database import plain_dsn
from chassis.events import Received
from chassis.runtime import Runtime
from chassis.secrets import prepare_secrets
from chassis.service import Service
from chassis.serving import settle
from chassis.unit_of_work import UnitOfWork
from cli.catalogue import load
from contracts.topics import ALL_TOPICS

PUBLISHER = "relocation"
RATE = 200
EVENTS = scaled(800, 40)
MILLISECONDS = 1000


def main() -> None:
    """Run B6."""
    with TemporaryDirectory(prefix="tuopin-bench-") as folder, harness.server() as url:
        harness.run(lambda: _b6(url, Path(folder)))


@dataclass(slots=True)
class _Stopwatch:
    """When each event was committed, and when the finding it opened was."""

    committed: dict[UUID, float] = field(default_factory=dict)
    found: dict[UUID, float] = field(default_factory=dict)
    _heard: list[UUID] = field(default_factory=list)

    def around(self, service: Service) -> Service:
        """Return supervision, noting which events the transaction in hand has heard."""
        hear_batch = service.batch_consumer
        assert hear_batch is not None

        async def hear(batch: Sequence[Received[Any]], unit: UnitOfWork) -> None:
            await hear_batch(batch, unit)
            self._heard = [received.envelope.id for received in batch]

        return replace(service, batch_consumer=hear)

    def after_commit(self) -> None:
        """Note the moment; called only after a transaction that recorded facts, here findings."""
        now = time.perf_counter()
        for event_id in self._heard:
            self.found[event_id] = now

    def lags(self) -> list[float]:
        """Return the milliseconds from commit to commit."""
        return [(self.found[one] - self.committed[one]) * MILLISECONDS for one in self.committed]


@dataclass(slots=True)
class _World:
    publishing: Runtime
    hearing: Runtime
    bus_dsn: str

    async def lag(self, *, is_woken: bool) -> tuple[float, float]:
        """Commit at the rate and return the p50 and p99 of the lag."""
        watch = _Stopwatch()
        async with self._supervision(watch, is_woken=is_woken):
            started = time.perf_counter()
            for number in range(EVENTS):
                await asyncio.sleep(max(0.0, started + number / RATE - time.perf_counter()))
                watch.committed[await self._commit()] = time.perf_counter()
            while len(watch.found.keys() & watch.committed.keys()) < EVENTS:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.02)
        cuts = quantiles(watch.lags(), n=100)
        return cuts[49], cuts[98]

    async def _commit(self) -> UUID:
        """Complete a house that is too large: supervision must open a finding."""
        unit = UnitOfWork(self.publishing, Principal(actor_id="bench", roles=frozenset(), area=""))
        async with unit:
            return unit.record(completed(new_family(), floor_area_m2="150"), sequence=1, area=AREA)

    @asynccontextmanager
    async def _supervision(self, watch: _Stopwatch, *, is_woken: bool) -> AsyncIterator[None]:
        wakeup = Wakeup()

        def found() -> None:
            watch.after_commit()
            if is_woken:
                wakeup.notify()

        self.hearing.on_commit = found
        self.publishing.on_commit = wakeup.notify if is_woken else lambda: None
        reader = OutboxLog(
            dict.fromkeys((PUBLISHER, SUPERVISION), self.bus_dsn), list(ALL_TOPICS), wakeup=wakeup
        )
        consumer = consumer_of(self.hearing, reader, watch.around(load(SUPERVISION)))
        running = asyncio.create_task(consumer.run())
        await asyncio.sleep(0.5)
        yield
        await stop(running)
        await reader.close()


async def _b6(url: str, folder: Path) -> None:
    async with harness.migrated(url, load(PUBLISHER), load(SUPERVISION)) as admin_url:
        cipher = prepare_secrets(folder).cipher()
        publishing, hearing = runtimes = [
            runtime_of(name, schema.url_as(admin_url, schema.role_of(name)), cipher)
            for name in (PUBLISHER, SUPERVISION)
        ]
        world = _World(publishing, hearing, plain_dsn(schema.url_as(admin_url, schema.BUS_ROLE)))
        settle()
        found = harness.Comparison(
            name="B6",
            what=f"lag from commit to finding at {RATE} events/s, p50",
            unit="ms",
            target="p50 <= 10, p99 <= 25",
            is_less_better=True,
        )
        slowest: list[float] = []

        async def ours() -> float:
            middle, worst = await world.lag(is_woken=True)
            slowest.append(worst)
            return middle

        async def polled() -> float:
            middle, _ = await world.lag(is_woken=False)
            return middle

        await harness.compare(found, ours, {"the same without waking, poll every 250 ms": polled})
        found.notes.append(f"p99 of ours: {harness.figures_of(slowest[1:] or slowest).strip()} ms")
        for runtime in runtimes:
            await runtime.database.close()
    harness.report(found)
