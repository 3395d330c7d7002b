"""The distributed bus: Apache Kafka through aiokafka. Kafka's transactions and offsets are not relied on."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from chassis.bus.port import Batch, BusLost, Message, Positions

REQUEST_MS = 10_000
TYPE_HEADER = "ce_type"
# After so long without a message the broker is asked whether there is none, or whether our client is stuck.
DOUBT_SECONDS = 2.0


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, consumer: AIOKafkaConsumer, positions: Positions) -> None:
        self._consumer = consumer
        self._positions = positions

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Do nothing: what is being handled of a lost partition is refused when its position is stored."""

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Go to the positions of the consumer's own database, whatever Kafka remembers."""
        partitions = {_source(partition): partition for partition in assigned}
        stored = await self._positions(list(partitions))
        for source, partition in partitions.items():
            self._consumer.seek(partition, int(stored.get(source, 0)))


class KafkaLog:
    """A member of a consumer group that reads from positions of its own."""

    def __init__(self, bootstrap: str, group: str, topics: Sequence[str]) -> None:
        self._bootstrap = bootstrap
        self._group = group
        self._topics = list(topics)
        self._consumer: AIOKafkaConsumer | None = None
        self._positions: Positions
        self._asked = 0.0
        self._is_doubtful = False

    async def start(self, positions: Positions) -> None:
        """Join the group; started again after trouble, it joins with a fresh client."""
        await self.close()
        self._positions = positions
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=6000,
            heartbeat_interval_ms=1000,
            max_poll_interval_ms=300_000,
            request_timeout_ms=REQUEST_MS,
            retry_backoff_ms=100,
            metadata_max_age_ms=10_000,
            # A partition that was just read is left out of the request that now waits: its next event waits with it.
            # A shorter wait asks an idle broker more often: at 20 ms five consumers and a broker took half a core.
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        consumer.subscribe(self._topics, listener=_Listener(consumer, positions))
        try:
            await consumer.start()
        except (KafkaError, OSError, TimeoutError) as lost:
            await _stop(consumer)
            raise BusLost(type(lost).__name__) from lost
        except BaseException:
            await _stop(consumer)
            raise
        self._consumer = consumer
        self._asked, self._is_doubtful = time.monotonic(), False

    async def fetch(self, limit: int, timeout: float) -> Sequence[Batch]:
        """Return a batch per assigned partition that has something new."""
        try:
            found = await self._running().getmany(timeout_ms=int(timeout * 1000), max_records=limit)
        except (KafkaError, OSError) as lost:
            raise BusLost(type(lost).__name__) from lost
        if found:
            self._asked, self._is_doubtful = time.monotonic(), False
        elif time.monotonic() - self._asked > DOUBT_SECONDS:
            await self._ask()
        return [
            Batch(_source(partition), [_message(record) for record in records], str(records[-1].offset + 1))
            for partition, records in found.items()
            if records
        ]

    async def _ask(self) -> None:
        """Give the client up when the broker answers but messages do not come: it does not recover by itself."""
        consumer = self._running()
        assigned = consumer.assignment()
        try:
            async with asyncio.timeout(DOUBT_SECONDS):
                ends = await consumer.end_offsets(list(assigned)) if assigned else {}
                behind = [one for one in assigned if await consumer.position(one) < ends[one]]
        except (KafkaError, OSError, TimeoutError):
            self._is_doubtful = True
            return
        finally:
            self._asked = time.monotonic()
        if behind and self._is_doubtful:
            raise BusLost("stuck")
        self._is_doubtful = bool(behind)

    async def again(self, source: str) -> None:
        """Seek a partition back to its stored position, if it is still ours."""
        consumer = self._running()
        stored = await self._positions([source])
        for partition in consumer.assignment():
            if _source(partition) == source:
                consumer.seek(partition, int(stored.get(source, 0)))

    async def lag(self) -> int:
        """Return the distance from our place to the end of the assigned partitions."""
        consumer = self._running()
        total = 0
        for partition in consumer.assignment():
            end = consumer.highwater(partition)
            if end is not None:
                total += max(0, end - await consumer.position(partition))
        return total

    async def close(self) -> None:
        """Leave the group."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await _stop(consumer)

    def _running(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise BusLost("not started")
        return self._consumer


async def ensure_topics(bootstrap: str, topics: dict[str, int], *, replication: int = 1) -> list[str]:
    """Create the missing topics and return their names."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        missing = [name for name in topics if name not in existing]
        new = [NewTopic(name, topics[name], replication) for name in missing]
        if new:
            await admin.create_topics(new)
    except TopicAlreadyExistsError:
        return []
    finally:
        await admin.close()
    return missing


async def reach(bootstrap: str) -> str | None:
    """Return None when a broker takes a connection, else the reason; for readiness."""
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    try:
        async with asyncio.timeout(1):
            _, writer = await asyncio.open_connection(host, int(port))
    except (OSError, TimeoutError) as error:
        return type(error).__name__
    writer.close()
    return None


async def _stop(consumer: AIOKafkaConsumer) -> None:
    try:
        async with asyncio.timeout(3):
            await consumer.stop()
    except (KafkaError, OSError, TimeoutError):
        return


def _source(partition: TopicPartition) -> str:
    return f"{partition.topic}/{partition.partition}"


def _message(record: Any) -> Message:
    kind = next((value.decode() for name, value in record.headers if name == TYPE_HEADER), "")
    key = record.key.decode() if record.key else ""
    return Message(f"{record.partition}/{record.offset}", record.topic, key, kind, record.value or b"")
