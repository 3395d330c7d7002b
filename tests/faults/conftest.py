"""Engines of the fault tests, and a way to say figures aloud."""

import asyncio
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from chassis.bus.kafka import ensure_topics
from deploy.engines import kafka, postgres
from deploy.engines.kafka import Kafka
from deploy.engines.postgres import Postgres
from tests.faults.stage import Stage

TOPICS = {
    "toy.note": 6,
    "gateway.clock": 1,
    "subsidy.benefit": 6,
    "relocation.house": 1,
    "registry.household": 1,
    "finance.payment": 6,
    "finance.batch": 1,
    "finance.fund": 1,
    "subsidy.programme": 1,
}

Say = Callable[..., None]


@pytest.fixture
def seed() -> int:
    """The seed of this run: it is printed with the figures and with every failure."""
    return random.SystemRandom().randrange(1_000_000)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]) -> Say:
    """Print figures past pytest's capture and keep them in its report."""

    def say(**figures: object) -> None:
        for name, value in figures.items():
            record_property(name, str(value))
        line = ", ".join(f"{name} {value}" for name, value in figures.items())
        with capsys.disabled():
            sys.stderr.write(f"\n  {line}\n")

    return say


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> Stage:
    """The toy service on the session's PostgreSQL, embedded."""
    prepared = Stage(database_url, tmp_path)
    await prepared.prepare()
    return prepared


@pytest.fixture
def server(passable: Path) -> Iterator[Postgres]:
    """A PostgreSQL server of this test's own, to be stopped and killed."""
    with postgres.running(passable / "engine-postgres") as started:
        yield started


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A real Kafka, to be stopped and killed."""
    with kafka.running(tmp_path_factory.mktemp("engine-kafka")) as started:
        yield started


async def clear_topics(bootstrap: str) -> None:
    """Begin with topics that hold nothing of the test before."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        if left := set(TOPICS) & set(await admin.list_topics()):
            await admin.delete_topics(list(left))
        while set(TOPICS) & set(await admin.list_topics()):  # noqa: ASYNC110 - the broker takes its time
            await asyncio.sleep(0.05)
    finally:
        await admin.close()
    await ensure_topics(bootstrap, TOPICS)


@pytest.fixture
async def far_stage(server: Postgres, broker: Kafka, tmp_path: Path) -> Stage:
    """The toy service on a PostgreSQL server and a Kafka, as in distributed mode."""
    await clear_topics(broker.bootstrap)
    prepared = Stage(server.url, tmp_path, broker.bootstrap)
    await prepared.prepare()
    return prepared
