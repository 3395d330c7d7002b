"""B3: the relay drains a backlog to Kafka, against a bare aiokafka loop with the same payloads."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner

from bench import harness
from bench.log import encoded, fill, runtime_of, verified
from bench.relaying import Counted, drain
from bench.size import scaled
from chassis import schema
from chassis.bus.kafka import ensure_topics
from chassis.bus.kafka_publisher import KafkaPublisher
from chassis.database import plain_dsn
from chassis.outbox import OutboxRow
from chassis.secrets import prepare_secrets
from chassis.serving import settle
from cli.catalogue import load
from contracts.topics import HOUSEHOLD, PARTITIONS
from deploy.engines import kafka

EVENTS = scaled(100_000)


def main() -> None:
    """Run B3."""
    with (
        TemporaryDirectory(prefix="tuopin-bench-") as folder,
        kafka.running(Path(folder) / "kafka") as broker,
        harness.server() as url,
    ):
        harness.run(lambda: _b3(url, broker.bootstrap, Path(folder)))


async def _b3(url: str, bootstrap: str, folder: Path) -> None:
    await ensure_topics(bootstrap, {HOUSEHOLD: PARTITIONS, "bench.bare": PARTITIONS})
    async with harness.migrated(url, load("subsidy")) as admin_url:
        runtime = runtime_of(
            "subsidy", schema.url_as(admin_url, "tuopin_subsidy"), prepare_secrets(folder).cipher()
        )
        filled = encoded(verified(EVENTS), runtime)
        settle()
        connection = await harness.connect(admin_url, "subsidy")
        publisher = KafkaPublisher(bootstrap)
        counted = Counted(publisher)

        async def ours() -> float:
            await fill(connection, filled)
            return await drain("subsidy", plain_dsn(runtime.database.url), counted, EVENTS)

        async def bare() -> float:
            return await _bare(bootstrap, filled, is_parted=False)

        async def parted() -> float:
            return await _bare(bootstrap, filled, is_parted=True)

        found = harness.Comparison(
            name="B3", what="relay drain to Kafka, idempotent, acknowledged", unit="events/s", target=">= 0.7"
        )
        rivals = {
            "bare aiokafka send_batch loop, its own partitioner": bare,
            "the same, partitions known beforehand": parted,
        }
        await harness.compare(found, ours, rivals)
        await publisher.close()
        await connection.close()
        await runtime.database.close()
    harness.report(found)


async def _bare(bootstrap: str, filled: list[OutboxRow], *, is_parted: bool) -> float:
    """Send the same payloads as fast as the client can, with acknowledgements awaited at the end."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=256 * 1024
    )
    await producer.start()
    partition_of = DefaultPartitioner()
    partitions = sorted(await producer.partitions_for("bench.bare"))
    known = {row.key: partition_of(row.key.encode(), partitions, partitions) for row in filled if is_parted}
    started = time.perf_counter()
    batches = {partition: producer.create_batch() for partition in partitions}
    waiting = []
    for row in filled:
        key = row.key.encode()
        partition = known[row.key] if is_parted else partition_of(key, partitions, partitions)
        if batches[partition].append(key=key, value=row.payload, timestamp=None) is None:
            waiting.append(await producer.send_batch(batches[partition], "bench.bare", partition=partition))
            batches[partition] = producer.create_batch()
            batches[partition].append(key=key, value=row.payload, timestamp=None)
    for partition, batch in batches.items():
        waiting.append(await producer.send_batch(batch, "bench.bare", partition=partition))
    for sent in waiting:
        await sent
    taken = time.perf_counter() - started
    await producer.stop()
    return len(filled) / taken
