"""The Kafka that tests and the demonstration start is a real broker, and keeps messages through a kill."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.engines import kafka, kafka_wire
from deploy.engines.kafka import Kafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    with kafka.running(tmp_path_factory.mktemp("kafka")) as started:
        yield started


async def create_topic(broker: Kafka, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def produce(broker: Kafka, topic: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def consume_one(broker: Kafka, topic: str) -> bytes:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=broker.bootstrap,
        group_id=f"readers-of-{topic}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        message = await consumer.getone()
        assert message.value is not None
        return bytes(message.value)
    finally:
        await consumer.stop()


async def test_an_idempotent_message_comes_out_as_it_went_in(broker: Kafka) -> None:
    await create_topic(broker, "there-and-back")

    await produce(broker, "there-and-back", b"household-verified")

    assert await consume_one(broker, "there-and-back") == b"household-verified"


async def test_a_message_is_still_there_after_a_kill(broker: Kafka) -> None:
    await create_topic(broker, "kept")
    await produce(broker, "kept", b"subsidy-disbursed")

    broker.kill()
    broker.start()

    assert await consume_one(broker, "kept") == b"subsidy-disbursed"


def test_a_killed_broker_comes_back_as_the_same_cluster_on_the_same_address(broker: Kafka) -> None:
    before = (broker.bootstrap, broker.cluster_id)

    broker.kill()
    broker.start()

    assert (broker.bootstrap, broker.cluster_id) == before


def test_the_broker_that_answers_is_the_one_that_was_started(broker: Kafka) -> None:
    host, _, port = broker.bootstrap.partition(":")

    assert kafka_wire.ask_cluster_id(host, int(port)) == broker.cluster_id


def test_another_command_finds_the_running_broker(broker: Kafka) -> None:
    assert Kafka(broker.data_dir).pid == broker.pid


def test_the_jars_are_kept_in_the_folder_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / f"kafka-{kafka.VERSION}").mkdir()
    monkeypatch.setenv("TUOPIN_ENGINES", str(tmp_path))

    assert kafka.fetch_jars() == tmp_path / f"kafka-{kafka.VERSION}"
