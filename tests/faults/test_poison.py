"""E5: what cannot be handled is parked with cause, attempts and origin; other keys go on; replayed after the fix it counts once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

import pytest

from chassis import dead_letters
from chassis.bus.kafka import KafkaLog
from chassis.bus.kafka_publisher import KafkaPublisher
from chassis.bus.port import BusReader
from chassis.bus.postgres import OutboxLog
from chassis.consumer import Consumer
from chassis.database import plain_dsn
from chassis.effects import one_by_one
from chassis.errors import NotFound
from chassis.events import Received
from chassis.health import Progress
from chassis.ids import new_id
from chassis.process import Worker
from chassis.relay import Relay
from chassis.service import EventHandler, Service
from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy import NoteWritten
from tests.faults.clockwork import seconds_until
from tests.faults.conftest import Say
from tests.faults.counted import COUNTED, count
from tests.faults.stage import Stage

AREA = "532930101201"
OTHERS = 300
DELAY_SECONDS = 2.0
DEFECT, REFERENCE, SHAPE = new_id(), new_id(), new_id()
LETTERS = "SELECT id, key, state, cause, attempts, origin, source FROM toy.dead_letter ORDER BY order_no"
DELAYS = """
SELECT max(extract(epoch FROM e.applied_at - o.recorded_at))::float8
FROM toy.outbox AS o JOIN toy.effect AS e USING (event_id)
WHERE o.key <> ALL($1::text[]) AND o.id > (SELECT min(id) FROM toy.outbox)
"""
SETTLED = "SELECT (SELECT count(*) FROM toy.effect), (SELECT count(*) FROM toy.dead_letter)"
SEQUENCES = "SELECT sequence FROM toy.effect WHERE key = $1 ORDER BY no"


class TolerantNote(NoteWritten, frozen=True, kw_only=True):
    """The note as the mended consumer reads it: a length may be words."""

    event_type: ClassVar[str] = NoteWritten.event_type

    length: int | str  # type: ignore[assignment]


async def choke(event: Received[Any], unit: UnitOfWork) -> None:
    """Count, except where the handler has a defect or a reference is not there."""
    if event.envelope.sequence == 2 and event.data.note_id == DEFECT:
        raise RuntimeError("a defect")
    if event.envelope.sequence == 2 and event.data.note_id == REFERENCE:
        raise NotFound
    await count(event, unit)


def hearing(kind: type[Any], handler: EventHandler) -> Service:
    return replace(COUNTED, consumers={kind: handler})


@asynccontextmanager
async def consuming(stage: Stage, worker: Worker, reader: BusReader, service: Service) -> AsyncIterator[None]:
    """Run consumer, and relay where there is a broker, until the block ends."""
    consumer = Consumer(service, reader, worker.unit, Progress("consumer"))
    loops = [consumer.run()]
    publisher = KafkaPublisher(stage.bootstrap)
    if stage.bootstrap:
        loops.append(Relay("toy", plain_dsn(stage.url), publisher, Progress("relay")).run())
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await reader.close()
        await publisher.close()


async def write(worker: Worker, key: UUID, sequence: int, length: Any = 1) -> None:
    async with worker.unit("writer") as unit:
        unit.record(NoteWritten(note_id=key, length=length), sequence=sequence, area=AREA)


async def write_all(worker: Worker) -> None:
    """Write three keys of which the second event is poison, and many others before, between and behind."""
    for sequence in (1, 2, 3):
        for key in (DEFECT, REFERENCE):
            await write(worker, key, sequence)
        await write(worker, SHAPE, sequence, "three" if sequence == 2 else 1)
        for _ in range(OTHERS // 3):
            await write(worker, new_id(), 1)


async def all_applied_or_parked(stage: Stage, applied: int, parked: int) -> float:
    async with stage.admin() as connection:

        async def are_there() -> bool:
            return bool(await connection.fetchrow(SETTLED) == (applied, parked))

        return await seconds_until(are_there, 30)


async def sequences_of(stage: Stage) -> dict[UUID, list[int]]:
    async with stage.admin() as connection:
        keys = (DEFECT, REFERENCE, SHAPE)
        return {key: [row["sequence"] for row in await connection.fetch(SEQUENCES, str(key))] for key in keys}


async def parked_as_expected(stage: Stage) -> list[Any]:
    """Return the parked letters after looking at what each tells."""
    async with stage.admin() as connection:
        letters = await connection.fetch(LETTERS)
    parked = {letter["key"]: letter for letter in letters if letter["state"] == "parked"}
    waiting = {letter["key"] for letter in letters if letter["state"] == "waiting"}
    assert parked.keys() == waiting == {str(DEFECT), str(REFERENCE), str(SHAPE)}
    for key, cause in (
        (DEFECT, "RuntimeError"),
        (REFERENCE, "NotFound not-found"),
        (SHAPE, "ValidationError"),
    ):
        assert parked[str(key)]["cause"].startswith(cause)
        assert parked[str(key)]["attempts"] >= 1
        assert parked[str(key)]["origin"]
        assert parked[str(key)]["source"].startswith("toy")
    return list(parked.values())


async def replay(letter: Any, worker: Worker, service: Service) -> int:
    """Return how many went, 0 when the letter is settled."""
    try:
        return await dead_letters.replay(
            letter["id"], by="operator", unit_factory=worker.unit, apply=one_by_one(service, worker.unit)
        )
    except NotFound:
        return 0


async def play(stage: Stage, first: BusReader, mended: BusReader, say: Say) -> None:
    worker = stage.worker(8)
    try:
        async with consuming(stage, worker, first, hearing(NoteWritten, choke)):
            await write(worker, new_id(), 1)
            await all_applied_or_parked(
                stage, 1, 0
            )  # joining a group for the first time is not the delay in question
            await write_all(worker)
            await all_applied_or_parked(stage, OTHERS + 4, 6)
            async with stage.admin() as connection:
                delay = await connection.fetchval(DELAYS, [str(DEFECT), str(REFERENCE), str(SHAPE)])
        letters = await parked_as_expected(stage)

        tolerant = hearing(TolerantNote, count)
        async with consuming(stage, worker, mended, tolerant):
            replayed = [await replay(letter, worker, tolerant) for letter in letters]
            again = [await replay(letter, worker, tolerant) for letter in letters]

        say(slowest_other_key_seconds=round(delay, 3), letters=len(letters) * 2)
        assert (replayed, again) == ([2, 2, 2], [0, 0, 0])
        assert await sequences_of(stage) == {DEFECT: [1, 2, 3], REFERENCE: [1, 2, 3], SHAPE: [1, 2, 3]}
        assert (await stage.verdict()).lost == (await stage.verdict()).twice == 0
        assert delay < DELAY_SECONDS
    finally:
        await worker.runtime.database.close()


async def test_poison_in_an_outbox_delays_nobody_else_and_counts_once_after_the_fix(
    stage: Stage, say: Say
) -> None:
    def reader() -> OutboxLog:
        return OutboxLog({"toy": stage.bus_url}, COUNTED.topics(), poll_seconds=0.02)

    await play(stage, reader(), reader(), say)


@pytest.mark.kafka
@pytest.mark.timeout(120)
async def test_poison_on_a_topic_delays_nobody_else_and_counts_once_after_the_fix(
    far_stage: Stage, say: Say
) -> None:
    def reader() -> KafkaLog:
        return KafkaLog(far_stage.bootstrap, "tuopin-toy-poison", COUNTED.topics())

    await play(far_stage, reader(), reader(), say)
