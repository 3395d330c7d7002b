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
Lane = tuple[str, int]
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
        self._order = asyncio.Lock()
        self._last: dict[Lane, asyncio.Task[None]] = {}

    async def publish(self, messages: Sequence[Message]) -> None:
        """Send batches per partition, one in flight each: a lost one can then never be overtaken by its successor.

        The next call may begin before this one ends; it waits partition by partition.
        """
        try:
            async with asyncio.timeout(PUBLISH_SECONDS):
                async with self._order:
                    producer = await self._started()
                    lanes = await self._lanes(producer, messages)
                    sending = [self._queue(producer, lane, sent) for lane, sent in lanes.items()]
                await asyncio.gather(*sending)
        except (KafkaError, OSError, TimeoutError) as lost:
            await self.close()
            raise BusLost(type(lost).__name__) from lost

    async def close(self) -> None:
        """Stop the producer."""
        producer, self._producer = self._producer, None
        self._last.clear()
        if producer is not None:
            try:
                async with asyncio.timeout(2):
                    await producer.stop()
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
    ) -> dict[Lane, list[Message]]:
        partitions: dict[str, list[int]] = {}
        for topic in {message.topic for message in messages}:
            await producer.client.add_topic(topic)
            partitions[topic] = sorted(await producer.partitions_for(topic))
        lanes: dict[Lane, list[Message]] = {}
        for message in messages:
            all_of_it = partitions[message.topic]
            chosen = all_of_it[_positive_hash(message.key) % len(all_of_it)]
            lanes.setdefault((message.topic, chosen), []).append(message)
        return lanes

    def _queue(
        self, producer: AIOKafkaProducer, lane: Lane, messages: Sequence[Message]
    ) -> "asyncio.Task[None]":
        sending = asyncio.create_task(self._send(producer, lane, messages, after=self._last.get(lane)))
        self._last[lane] = sending
        return sending

    async def _send(
        self,
        producer: AIOKafkaProducer,
        lane: Lane,
        messages: Sequence[Message],
        *,
        after: "asyncio.Task[None] | None",
    ) -> None:
        batches = _batches(producer, messages)
        if after is not None and not after.done():
            await asyncio.wait([after])
        if after is not None and (after.cancelled() or after.exception() is not None):
            raise BusLost("the batch before was not acknowledged")
        topic, partition = lane
        for batch in batches:
            await (await producer.send_batch(batch, topic, partition=partition))


def _batches(producer: AIOKafkaProducer, messages: Sequence[Message]) -> list[Any]:
    """Return messages as batches that are full but for the last."""
    batches = [producer.create_batch()]
    append = batches[0].append
    for message in messages:
        key, headers = message.key.encode(), _headers_of(message.type)
        if append(key=key, value=message.payload, timestamp=None, headers=headers) is None:
            batches.append(producer.create_batch())
            append = batches[-1].append
            append(key=key, value=message.payload, timestamp=None, headers=headers)
    return batches


@lru_cache(maxsize=1024)
def _headers_of(kind: str) -> list[tuple[str, bytes]]:
    return [CONTENT_TYPE, (TYPE_HEADER, kind.encode())]
