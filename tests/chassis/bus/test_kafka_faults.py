"""Kafka in trouble: members come and go, brokers fail and return; nothing is lost, repeated in effect, or reordered."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chassis.bus.kafka import KafkaLog
from chassis.bus.port import BusReader
from chassis.consumer import Consumer
from chassis.ids import new_id
from deploy.engines import kafka
from tests.chassis.bus import mock_kafka
from tests.chassis.bus.conftest import real_bus
from tests.chassis.bus.mock_kafka import MockKafka
from tests.chassis.bus.world import KafkaBus, World, interleaved
from tests.chassis.toy import TOY
from tests.kit import HarnessFactory


@asynccontextmanager
async def at_work(*workers: object) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """Run consumers and relays for as long as the block lasts."""
    tasks = [asyncio.create_task(worker.run()) for worker in workers]  # type: ignore[attr-defined]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def relay_of(world: World) -> object:
    assert isinstance(world.bus, KafkaBus)
    return world.bus.relay(world.toy)


async def until_assigned(reader: BusReader) -> None:
    assert isinstance(reader, KafkaLog)
    ends = time.monotonic() + 15
    while reader._consumer is None or not reader._consumer.assignment():
        assert time.monotonic() < ends, "the second member was given nothing"
        await asyncio.sleep(0.05)


# The mock cluster refuses the second member of a group: its answer to SyncGroup is InvalidRequest.
@pytest.mark.kafka
async def test_members_that_join_and_leave_in_mid_batch_lose_and_repeat_nothing(
    broker: kafka.Kafka, harness_for: HarnessFactory
) -> None:
    async with harness_for(TOY) as toy:
        await _join_and_leave(World(toy, real_bus(broker)))


async def _join_and_leave(world: World) -> None:
    await world.bus.prepare(world.toy, world.note.topic)
    world.before_effect = lambda _: asyncio.sleep(0.002)
    keys = [new_id() for _ in range(20)]
    first, second = world.new_consumer()[0], world.new_consumer()[0]

    async with at_work(relay_of(world), first):
        for start in range(0, 400, 100):
            await world.write(interleaved(keys, 20)[start : start + 100])
        await world.wait_for(50)
        async with at_work(second):
            await until_assigned(world.readers[1])
            await world.write([(key, 21) for key in keys])
            await asyncio.sleep(1)
        await world.readers[1].close()
        await world.write([(key, 22) for key in keys])
        await world.wait_for(440)

    await world.close()
    assert await world.effects() == {str(key): list(range(1, 23)) for key in keys}
    assert await world.toy.sql("SELECT 1 FROM toy.dead_letter") == []


async def test_refused_and_doubtful_produce_requests_lose_nothing(mock_world: World, mock: MockKafka) -> None:
    world = mock_world
    keys = [new_id() for _ in range(10)]
    consumer: Consumer = world.new_consumer()[0]

    async with at_work(relay_of(world), consumer):
        for sequence in range(1, 31):
            if sequence % 5 == 0:
                mock.fail_next(
                    mock_kafka.PRODUCE,
                    mock_kafka.NOT_LEADER,
                    mock_kafka.REQUEST_TIMED_OUT,
                    mock_kafka.NOT_ENOUGH_REPLICAS,
                )
            await world.write([(key, sequence) for key in keys])
            await asyncio.sleep(0.02)
        await world.wait_for(300)

    assert await world.effects() == {str(key): list(range(1, 31)) for key in keys}


async def test_a_broker_that_goes_and_returns_is_found_again(mock_world: World, mock: MockKafka) -> None:
    world = mock_world
    keys = [new_id() for _ in range(10)]
    consumer = world.new_consumer()[0]

    async with at_work(relay_of(world), consumer):
        await world.write([(key, 1) for key in keys])
        await world.wait_for(10)
        mock.down()
        await world.write([(key, 2) for key in keys])
        await asyncio.sleep(3)
        mock.up()
        await world.wait_for(20)
        await world.write([(key, 3) for key in keys])
        await world.wait_for(30)

    assert await world.effects() == {str(key): [1, 2, 3] for key in keys}


async def test_a_slow_broker_is_only_slow(mock_world: World, mock: MockKafka) -> None:
    world = mock_world
    mock.slow(300)
    key = new_id()

    async with at_work(relay_of(world), world.new_consumer()[0]):
        await world.write([(key, sequence) for sequence in range(1, 101)])
        await world.wait_for(100)

    assert await world.effects() == {str(key): list(range(1, 101))}


@pytest.mark.kafka
async def test_everything_is_there_after_the_broker_was_killed(
    tmp_path: Path, harness_for: HarnessFactory
) -> None:
    with kafka.running(tmp_path) as broker:
        async with harness_for(TOY) as toy:
            world = World(toy, real_bus(broker))
            await world.bus.prepare(toy, world.note.topic)
            keys = [new_id() for _ in range(10)]
            async with at_work(relay_of(world), world.new_consumer()[0]):
                await world.write([(key, 1) for key in keys])
                await world.wait_for(10)
                await asyncio.to_thread(broker.kill)
                await world.write([(key, 2) for key in keys])
                await asyncio.to_thread(broker.start)
                await world.wait_for(20)

            assert await world.effects() == {str(key): [1, 2] for key in keys}
            await world.close()
