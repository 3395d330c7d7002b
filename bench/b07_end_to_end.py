"""B7: from committed facts over Kafka to supervision's state in one process, against its slowest step alone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bench import harness
from bench.hearing import STUCK_SECONDS, SUPERVISION, consumer_of, handle
from bench.log import EVENTS_A_HOUSEHOLD, encoded, fill, runtime_of, year
from bench.relaying import Counted, drain, stop
from bench.size import scaled
from chassis import schema
from chassis.bus.kafka import KafkaLog, ensure_topics
from chassis.bus.kafka_publisher import KafkaPublisher
from chassis.database import plain_dsn
from chassis.health import Progress
from chassis.relay import Relay
from chassis.runtime import Runtime
from chassis.secrets import prepare_secrets
from chassis.serving import settle
from cli.catalogue import load
from contracts.topics import ALL_TOPICS
from deploy.engines import kafka

PUBLISHER = "subsidy"
HOUSEHOLDS = scaled(1_200)
EVENTS = HOUSEHOLDS * EVENTS_A_HOUSEHOLD


def main() -> None:
    """Run B7."""
    with (
        TemporaryDirectory(prefix="tuopin-bench-") as folder,
        kafka.running(Path(folder) / "kafka") as broker,
        harness.server() as url,
    ):
        harness.run(lambda: _b7(url, broker.bootstrap, Path(folder)))


@dataclass(slots=True, kw_only=True)
class _World:
    """One process with a publishing and a hearing service, and the rates of the steps in the last round."""

    publishing: Runtime
    hearing: Runtime
    bootstrap: str
    writer: "asyncpg.Connection[asyncpg.Record]"
    counted: Counted
    relay_rate: float = 0
    consumer_rate: float = 0

    async def whole(self) -> float:
        """Let relay and consumer run side by side until every fact is applied."""
        async with self._joined():
            await self._commit_facts()
            dsn = plain_dsn(self.publishing.database.url)
            relay = Relay(PUBLISHER, dsn, self.counted, Progress("bench"))
            started = time.perf_counter()
            relaying = asyncio.create_task(relay.run())
            await handle(EVENTS)
            taken = time.perf_counter() - started
            await stop(relaying)
        return EVENTS / taken

    async def slowest_step(self) -> float:
        """Run the relay alone, then the consumer on what it left in Kafka; return the slower rate."""
        await self._commit_facts()
        dsn = plain_dsn(self.publishing.database.url)
        self.relay_rate = await drain(PUBLISHER, dsn, self.counted, EVENTS)
        reader = self._reader()
        consuming = asyncio.create_task(consumer_of(self.hearing, reader).run())
        first = await handle(1)  # joining the group takes seconds and is no step
        started = time.perf_counter()
        await handle(EVENTS - first)
        self.consumer_rate = (EVENTS - first) / (time.perf_counter() - started)
        await stop(consuming)
        await reader.close()
        return min(self.relay_rate, self.consumer_rate)

    async def _commit_facts(self) -> None:
        await fill(self.writer, encoded(year(HOUSEHOLDS), self.publishing))
        settle()

    def _reader(self) -> KafkaLog:
        return KafkaLog(self.bootstrap, "bench", list(ALL_TOPICS))

    @asynccontextmanager
    async def _joined(self) -> AsyncIterator[None]:
        """Let the consumer be a member of its group, which takes seconds, before anything is measured."""
        reader = self._reader()
        consuming = asyncio.create_task(consumer_of(self.hearing, reader).run())
        async with asyncio.timeout(STUCK_SECONDS):
            while not reader._consumer or not reader._consumer.assignment():  # noqa: ASYNC110, SLF001 - the port has no word for it
                await asyncio.sleep(0.05)
        yield
        await stop(consuming)
        await reader.close()


async def _b7(url: str, bootstrap: str, folder: Path) -> None:
    await ensure_topics(bootstrap, ALL_TOPICS)
    async with harness.migrated(url, load(PUBLISHER), load(SUPERVISION)) as admin_url:
        cipher = prepare_secrets(folder).cipher()
        runtimes = {
            name: runtime_of(name, schema.url_as(admin_url, schema.role_of(name)), cipher)
            for name in (PUBLISHER, SUPERVISION)
        }
        publisher = KafkaPublisher(bootstrap)
        world = _World(
            publishing=runtimes[PUBLISHER],
            hearing=runtimes[SUPERVISION],
            bootstrap=bootstrap,
            writer=await harness.connect(admin_url, PUBLISHER),
            counted=Counted(publisher),
        )
        steps: dict[str, list[float]] = {"relay": [], "consumer": []}

        async def slowest() -> float:
            rate = await world.slowest_step()
            steps["relay"].append(world.relay_rate)
            steps["consumer"].append(world.consumer_rate)
            return rate

        found = harness.Comparison(
            name="B7",
            what="outbox to Kafka to supervision's trail, dossiers and rules, one process",
            unit="events/s",
            target=">= 0.45",
        )
        await harness.compare(found, world.whole, {"its slowest step alone": slowest})
        found.notes += [
            f"{step} alone: {harness.figures_of(rates[1:]).strip()}" for step, rates in steps.items()
        ]
        await world.writer.close()
        await publisher.close()
        for runtime in runtimes.values():
            await runtime.database.close()
    harness.report(found)
