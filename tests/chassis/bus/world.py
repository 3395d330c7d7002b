"""A small world around a bus: a publishing service, its consumers, and whatever stands between them."""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol
from uuid import UUID

import asyncpg

from chassis import schema
from chassis.auth import Principal
from chassis.bus.kafka import KafkaLog
from chassis.bus.kafka_publisher import KafkaPublisher
from chassis.bus.port import BusLost, BusReader, Wakeup
from chassis.bus.postgres import OutboxLog
from chassis.consumer import Consumer
from chassis.database import plain_dsn
from chassis.events import Received
from chassis.health import Progress
from chassis.ids import new_id
from chassis.outbox_reader import SnapshotPosition
from chassis.relay import Relay
from chassis.service import Service
from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy import TOY, NoteWritten
from tests.kit import Harness

AREA = "532930101201"
_number = itertools.count(1)


class Bus(Protocol):
    """What the behaviour suite needs of a bus under test."""

    async def prepare(self, toy: Harness, topic: str) -> None:
        """Make the bus ready for one test."""
        ...

    def reader(self, topic: str) -> BusReader:
        """Return one more member of the toy's consumers."""
        ...

    async def deliver(self, toy: Harness, *, again: bool = False) -> None:
        """Bring what is committed onto the bus; `again` from the beginning."""
        ...


class PostgresBus:
    """The outboxes themselves."""

    async def prepare(self, toy: Harness, topic: str) -> None:  # noqa: ARG002
        """Let the bus role see the outbox."""
        await schema.prepare_bus_role(toy.admin_url, ["toy"])
        self._dsn = plain_dsn(schema.url_as(toy.admin_url, schema.BUS_ROLE))

    def reader(self, topic: str) -> BusReader:
        """Return a reader of the toy's outbox."""
        return OutboxLog({"toy": self._dsn}, [topic], wakeup=Wakeup(), poll_seconds=0.01)

    async def deliver(self, toy: Harness, *, again: bool = False) -> None:
        """Nothing is copied; `again` lets the consumer forget how far it was."""
        if again:
            await toy.sql("UPDATE toy.position SET position = ''")


class KafkaBus:
    """A relay and a broker, mock or real."""

    def __init__(self, bootstrap: str, create_topic: Callable[[str, int], Any]) -> None:
        self.bootstrap = bootstrap
        self._create_topic = create_topic

    async def prepare(self, toy: Harness, topic: str) -> None:  # noqa: ARG002
        """Create the topic."""
        made = self._create_topic(topic, 3)
        if made is not None:
            await made

    def reader(self, topic: str) -> BusReader:
        """Return a member of the group."""
        return KafkaLog(self.bootstrap, f"group-{topic}", [topic])

    def relay(self, toy: Harness) -> Relay:
        """Return a relay of the toy's outbox."""
        return Relay("toy", toy_dsn(toy), KafkaPublisher(self.bootstrap), Progress("relay"))

    async def deliver(self, toy: Harness, *, again: bool = False) -> None:
        """Publish what is new, or everything once more."""
        relay = self.relay(toy)
        connection = await asyncpg.connect(toy_dsn(toy))
        stored = await connection.fetchval("SELECT position FROM relay_position")
        position = SnapshotPosition.parse(None if again else stored)
        count = 1
        while count:
            count, position = await relay.step(connection, position)
        await relay.close()
        await connection.close()


def toy_dsn(toy: Harness) -> str:
    """Return the toy service's own address of its database."""
    return plain_dsn(schema.url_as(toy.admin_url, schema.role_of("toy")))


@dataclass
class World:
    """A toy that publishes notes and hears them: each note heard becomes a row, in the order of hearing."""

    toy: Harness
    bus: Bus
    note: type[NoteWritten] = field(init=False)
    service: Service = field(init=False)
    before_effect: Callable[[Received[Any]], Any] = field(default=lambda _: None)
    handled: int = 0
    readers: list[BusReader] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Give this world a topic of its own: a broker may outlive the test."""

        class Note(NoteWritten, frozen=True, kw_only=True):
            topic: ClassVar[str] = f"toy.note-{next(_number)}-{new_id().hex[-6:]}"

        self.note = Note
        self.service = replace(TOY, consumers={Note: self.hear}, publishes=(Note,))

    async def hear(self, event: Received[Any], unit: UnitOfWork) -> None:
        """Turn a note into a row."""
        trouble = self.before_effect(event)
        if trouble is not None:
            await trouble
        self.handled += 1
        row = (new_id(), AREA, str(event.data.note_id), event.envelope.sequence)
        await unit.driver.execute(
            "INSERT INTO note (id, area_code, text, version) VALUES ($1, $2, $3, $4)", *row
        )

    async def write(self, notes: Sequence[tuple[UUID, int]]) -> None:
        """Publish notes (key, sequence) in one transaction."""
        async with self.toy.unit() as unit:
            for key, sequence in notes:
                unit.record(self.note(note_id=key, length=1), sequence=sequence, area=AREA)

    async def consumer(self) -> Consumer:
        """Return a consumer that has started reading."""
        consumer, reader = self.new_consumer()
        ends = time.monotonic() + 20
        while True:
            try:
                await reader.start(consumer._positions)
            except BusLost:
                assert time.monotonic() < ends, "the group could not be joined"
                await asyncio.sleep(0.2)
            else:
                return consumer

    def new_consumer(self) -> tuple[Consumer, BusReader]:
        """Return a consumer and its reader, not yet started."""

        def unit() -> UnitOfWork:
            return UnitOfWork(
                self.toy.runtime, Principal(actor_id="consumer", roles=frozenset({"service"}), area="")
            )

        reader = self.bus.reader(self.note.topic)
        self.readers.append(reader)
        return Consumer(self.service, reader, unit, Progress("consumer")), reader

    async def effects(self) -> dict[str, list[int]]:
        """Return the sequences heard of each key, in the order of hearing."""
        heard: dict[str, list[int]] = {}
        for row in await self.toy.sql("SELECT text, version FROM toy.note ORDER BY id"):
            heard.setdefault(row["text"], []).append(row["version"])
        return heard

    async def count(self) -> int:
        """Return how many effects there are."""
        return sum(len(versions) for versions in (await self.effects()).values())

    async def step_until(self, consumer: Consumer, expected: int, seconds: float = 20) -> None:
        """Let a consumer work until there are so many effects, and one quiet round more."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            moved = await consumer.step(0.3)
            if not moved and await self.count() >= expected:
                return
        raise AssertionError(f"{await self.count()} of {expected} effects after {seconds} s")

    async def wait_for(self, expected: int, seconds: float = 30) -> None:
        """Wait until there are so many effects."""
        ends = time.monotonic() + seconds
        while await self.count() < expected:
            assert time.monotonic() < ends, f"{await self.count()} of {expected} effects after {seconds} s"
            await asyncio.sleep(0.1)

    async def close(self) -> None:
        """Stop every reader."""
        for reader in self.readers:
            await reader.close()


def interleaved(keys: Sequence[UUID], each: int) -> list[tuple[UUID, int]]:
    """Return `each` notes of every key, the keys alternating."""
    return [(key, sequence) for sequence in range(1, each + 1) for key in keys]
