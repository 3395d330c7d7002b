"""The buses under test: the PostgreSQL log, Kafka as librdkafka's mock cluster, and a real Apache Kafka."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.bus.kafka import ensure_topics
from deploy.engines import kafka
from tests.chassis.bus import mock_kafka
from tests.chassis.bus.mock_kafka import MockKafka
from tests.chassis.bus.world import Bus, KafkaBus, PostgresBus, World
from tests.chassis.toy import TOY
from tests.kit import HarnessFactory


@pytest.fixture
def mock() -> Iterator[MockKafka]:
    """A mock cluster of this test's own."""
    with mock_kafka.running() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def broker() -> Iterator[kafka.Kafka]:
    """A real broker for the session."""
    with tempfile.TemporaryDirectory(prefix="tuopin-kafka-") as folder, kafka.running(Path(folder)) as broker:
        yield broker


def mock_bus(cluster: MockKafka) -> KafkaBus:
    """Return Kafka on the mock cluster."""
    return KafkaBus(cluster.bootstrap, cluster.create_topic)


def real_bus(broker: kafka.Kafka) -> KafkaBus:
    """Return Kafka on a real broker."""

    async def create(topic: str, partitions: int) -> None:
        await ensure_topics(broker.bootstrap, {topic: partitions})

    return KafkaBus(broker.bootstrap, create)


@pytest.fixture(params=["postgres", "mock", pytest.param("kafka", marks=pytest.mark.kafka)])
def bus(request: Any) -> Bus:
    """Each bus in turn."""
    if request.param == "postgres":
        return PostgresBus()
    if request.param == "mock":
        return mock_bus(request.getfixturevalue("mock"))
    return real_bus(request.getfixturevalue("broker"))


@pytest.fixture
async def world(bus: Bus, harness_for: HarnessFactory) -> AsyncIterator[World]:
    """A publishing and hearing toy on each bus in turn."""
    async for one in opened(bus, harness_for):
        yield one


@pytest.fixture
async def mock_world(mock: MockKafka, harness_for: HarnessFactory) -> AsyncIterator[World]:
    """A publishing and hearing toy on the mock cluster."""
    async for one in opened(mock_bus(mock), harness_for):
        yield one


async def opened(bus: Bus, harness_for: HarnessFactory) -> AsyncIterator[World]:
    """Open a world on a bus."""
    async with harness_for(TOY) as toy:
        world = World(toy, bus)
        await bus.prepare(toy, world.note.topic)
        yield world
        await world.close()
