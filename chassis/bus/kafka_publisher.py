"""The relay's way onto Kafka: idempotent, in batches of our own making, every one acknowledged by all replicas."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from chassis.bus.kafka import TYPE_HEADER
from chassis.bus.port import BusLost, Message

BATCH_BYTES = 256 * 1024
REQUEST_MS = 5000
PUBLISH_SECONDS = 30
CONTENT_TYPE = ("content-type", b"application/cloudevents+json; charset=UTF-8")


# Every client of ours and of others puts a key into the same partition. It is slow in Python, and keys come again.
@lru_cache(maxsize=65_536)
def _positive_hash(key: str) -> int:
    return int(murmur2(key.encode())) & 0x7FFFFFFF


class KafkaPublisher:
    """An idempotent producer that waits for every acknowledgement; after a failure it starts afresh."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, messages: Sequence[Message]) -> None:
        """Send batches per partition, one in flight each: a lost one can then never be overtaken by its successor."""
        try:
            async with asyncio.timeout(PUBLISH_SECONDS):
                producer = await self._started()
                lanes = await self._lanes(producer, messages)
                await asyncio.gather(*(self._send(producer, *lane, sent) for lane, sent in lanes.items()))
        except (KafkaError, OSError, TimeoutError) as lost:
            await self.close()
            raise BusLost(type(lost).__name__) from lost

    async def close(self) -> None:
        """Stop the producer."""
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), 2)
            except (KafkaError, OSError, TimeoutError):
                return

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                max_batch_size=BATCH_BYTES,
                request_timeout_ms=REQUEST_MS,
                retry_backoff_ms=100,
                metadata_max_age_ms=30_000,
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _lanes(
        self, producer: AIOKafkaProducer, messages: Sequence[Message]
    ) -> dict[tuple[str, int], list[Message]]:
        partitions: dict[str, list[int]] = {}
        for topic in {message.topic for message in messages}:
            await producer.client.add_topic(topic)
            partitions[topic] = sorted(await producer.partitions_for(topic))
        lanes: dict[tuple[str, int], list[Message]] = {}
        for message in messages:
            all_of_it = partitions[message.topic]
            chosen = all_of_it[_positive_hash(message.key) % len(all_of_it)]
            lanes.setdefault((message.topic, chosen), []).append(message)
        return lanes

    async def _send(
        self, producer: AIOKafkaProducer, topic: str, partition: int, messages: Sequence[Message]
    ) -> None:
        batch = producer.create_batch()
        for message in messages:
            headers = [CONTENT_TYPE, (TYPE_HEADER, message.type.encode())]
            if self._append(batch, message, headers) is None:
                await (await producer.send_batch(batch, topic, partition=partition))
                batch = producer.create_batch()
                self._append(batch, message, headers)
        await (await producer.send_batch(batch, topic, partition=partition))

    @staticmethod
    def _append(batch: Any, message: Message, headers: list[tuple[str, bytes]]) -> Any:
        return batch.append(key=message.key.encode(), value=message.payload, timestamp=None, headers=headers)
