"""A batch, its effects and the position are one transaction; what cannot be handled waits without stopping others."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import asyncpg
import msgspec
import pytest

from chassis import schema
from chassis.auth import Principal
from chassis.bus.port import Wakeup
from chassis.bus.postgres import OutboxLog
from chassis.calendar import read_business_date
from chassis.consumer import BACK_OFF_SECONDS, Consumer
from chassis.database import plain_dsn
from chassis.errors import Unavailable
from chassis.events import Received
from chassis.health import Progress
from chassis.ids import new_id
from chassis.service import EventHandler, Service
from chassis.set_aside import ATTEMPTS
from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy import TOY, NoteWritten
from tests.kit import LOCKED_OUT, Harness, HarnessFactory

AREA = "532930101201"


async def write(toy: Harness, count: int = 1) -> None:
    async with toy.unit() as unit:
        for _ in range(count):
            unit.record(NoteWritten(note_id=new_id(), length=1), sequence=1, area=AREA)


def hearing(handler: EventHandler) -> Service:
    return replace(TOY, consumers={NoteWritten: handler})


async def consumer_of(toy: Harness, service: Service) -> tuple[Consumer, OutboxLog]:
    await schema.prepare_bus_role(toy.admin_url, ["toy"])
    dsn = plain_dsn(schema.url_as(toy.admin_url, schema.BUS_ROLE))
    log = OutboxLog({"toy": dsn}, service.topics(), wakeup=Wakeup(), poll_seconds=0.01)

    def unit() -> UnitOfWork:
        return UnitOfWork(toy.runtime, Principal(actor_id="consumer", roles=frozenset(), area=""))

    consumer = Consumer(service, log, unit, Progress("consumer"))
    await log.start(consumer._positions)
    return consumer, log


def watch_pauses(
    monkeypatch: pytest.MonkeyPatch, instead: Callable[[], Awaitable[Any]] | None = None
) -> list[float]:
    """Note the pauses that the consumer makes for what fails; what is shorter is others' polling."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        if seconds < BACK_OFF_SECONDS:
            await sleep(seconds)
            return
        pauses.append(seconds)
        await (instead() if instead else sleep(seconds))

    monkeypatch.setattr(asyncio, "sleep", noted)
    return pauses


async def test_each_event_is_handled_once(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        seen: list[Any] = []

        async def remember(event: Received[Any], _: UnitOfWork) -> None:
            seen.append(event.data.note_id)

        consumer, log = await consumer_of(toy, hearing(remember))
        await write(toy, 3)
        await consumer.step(0.1)
        await write(toy, 2)
        await consumer.step(0.1)
        await consumer.step(0.01)

        again, second = await consumer_of(toy, hearing(remember))
        await again.step(0.01)
        assert len(seen) == 5
        assert len(set(seen)) == 5
        await log.close()
        await second.close()


async def test_a_poisoned_message_is_parked_and_the_rest_goes_on(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:

        async def choke(event: Received[Any], unit: UnitOfWork) -> None:
            if event.envelope.sequence == 2:
                raise RuntimeError("a handler's defect")
            note = (new_id(), AREA, "seen", event.envelope.sequence)
            await unit.driver.execute(
                "INSERT INTO note (id, area_code, text, version) VALUES ($1, $2, $3, $4)", *note
            )

        consumer, log = await consumer_of(toy, hearing(choke))
        same = new_id()
        async with toy.unit() as unit:
            unit.record(NoteWritten(note_id=new_id(), length=1), sequence=1, area=AREA)
            unit.record(NoteWritten(note_id=same, length=1), sequence=2, area=AREA)
            unit.record(NoteWritten(note_id=same, length=1), sequence=3, area=AREA)
            unit.record(NoteWritten(note_id=new_id(), length=1), sequence=4, area=AREA)
        await consumer.step(0.1)

        states = await toy.sql("SELECT state, attempts, cause FROM toy.dead_letter ORDER BY order_no")
        seen = await toy.sql("SELECT version FROM toy.note ORDER BY version")
        assert [row["version"] for row in seen] == [1, 4]
        assert [row["state"] for row in states] == ["parked", "waiting"]
        assert "RuntimeError" in states[0]["cause"]
        assert "defect" not in states[0]["cause"]
        await log.close()


async def test_one_whose_source_was_taken_over_has_no_effect(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        seen: list[Any] = []

        async def remember(event: Received[Any], _: UnitOfWork) -> None:
            seen.append(event.data.note_id)

        first, log = await consumer_of(toy, hearing(remember))
        zombie, second = await consumer_of(toy, hearing(remember))
        await write(toy, 3)
        (held,) = await second.fetch(100, 1)
        await first.step(0.1)
        await toy.sql("DELETE FROM toy.inbox")
        await zombie._handle([held])
        await zombie.step(0.05)

        assert len(seen) == 3
        await log.close()
        await second.close()


async def test_a_moved_business_date_is_taken_over_from_the_fact(harness_for: HarnessFactory) -> None:
    class BusinessDateSet(NoteWritten, frozen=True, kw_only=True):
        event_type: ClassVar[str] = "gateway.business-date-set.v1"
        business_date: date
        follows_calendar: bool = False

    async with harness_for(TOY) as toy:
        consumer, log = await consumer_of(toy, replace(TOY, batch_topics=("toy.note",)))
        async with toy.unit() as unit:
            moved = BusinessDateSet(note_id=new_id(), length=0, business_date=date(2017, 3, 1))
            unit.record(moved, sequence=1, area="")
        await consumer.step(0.1)

        (row,) = await toy.sql("SELECT value FROM toy.business_date")
        assert row["value"] == date(2017, 3, 1)

        async with toy.unit() as unit:
            back = msgspec.structs.replace(moved, business_date=date(2017, 3, 2), follows_calendar=True)
            unit.record(back, sequence=2, area="")
        await consumer.step(0.1)

        assert await toy.sql("SELECT value FROM toy.business_date") == []
        assert await read_business_date(toy.runtime.database) is None
        await log.close()


async def test_a_lost_database_is_waited_for(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        seen: set[Any] = set()
        all_there = asyncio.Event()

        async def remember(event: Received[Any], _: UnitOfWork) -> None:
            seen.add(event.data.note_id)
            if len(seen) == 6:
                all_there.set()

        consumer, log = await consumer_of(toy, hearing(remember))
        running = asyncio.create_task(consumer.run())
        for _ in range(3):
            await write(toy, 2)
            await toy.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await asyncio.sleep(0.5)
        await asyncio.wait_for(all_there.wait(), 30)
        running.cancel()
        await asyncio.wait([running])

        assert len(seen) == 6
        assert await toy.sql("SELECT 1 FROM toy.dead_letter") == []
        await log.close()


RENUMBER = "UPDATE toy.note SET version = version + 1 WHERE text = $1"


async def test_a_batch_that_the_server_gave_up_for_another_is_handled_again(
    harness_for: HarnessFactory,
) -> None:
    async with harness_for(TOY) as toy:
        office = await asyncpg.connect(plain_dsn(toy.admin_url))
        # Of those that wait for each other the server ends the one that looks; the office will not look.
        await office.execute("SET deadlock_timeout = '1h'")
        crossing: list[asyncio.Task[str]] = []

        async def renumber(_: Received[Any], unit: UnitOfWork) -> None:
            await unit.driver.execute(RENUMBER, "a")
            if not crossing:
                crossing.append(asyncio.create_task(office.execute(RENUMBER, "a")))
                await toy.until(LOCKED_OUT)
            await unit.driver.execute(RENUMBER, "b")

        for text in "ab":
            await toy.call("POST", "/toy/v1/notes", json={"text": text})
        consumer, log = await consumer_of(toy, hearing(renumber))
        async with office.transaction():
            await office.execute(RENUMBER, "b")
            with pytest.raises(Unavailable):
                await consumer.step(0.1)
            await crossing[0]
        await consumer.step(0.1)
        await office.close()

        versions = await toy.sql("SELECT version FROM toy.note")
        assert [row["version"] for row in versions] == [4, 4]
        assert await toy.sql("SELECT 1 FROM toy.dead_letter") == []
        await log.close()


async def test_many_poisoned_keys_delay_the_others_no_longer_than_one(
    harness_for: HarnessFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = watch_pauses(monkeypatch)
    async with harness_for(TOY) as toy:

        async def choke(event: Received[Any], _: UnitOfWork) -> None:
            if event.envelope.sequence == 2:
                raise RuntimeError

        consumer, log = await consumer_of(toy, hearing(choke))
        async with toy.unit() as unit:
            for number in range(100):
                unit.record(NoteWritten(note_id=new_id(), length=1), sequence=1 + number % 2, area=AREA)
        await consumer.step(0.1)

        (parked,) = await toy.sql("SELECT count(*) FROM toy.dead_letter WHERE state = 'parked'")
        assert parked[0] == 50
        assert pauses == [BACK_OFF_SECONDS * attempt for attempt in range(1, ATTEMPTS)]
        await log.close()


async def test_poison_in_many_sources_delays_no_longer_than_in_one(
    harness_for: HarnessFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_pausing = asyncio.Barrier(8)
    pauses = watch_pauses(monkeypatch, all_pausing.wait)
    async with harness_for(TOY) as toy:

        async def choke(_: Received[Any], __: UnitOfWork) -> None:
            raise RuntimeError("a handler's defect")

        consumer, log = await consumer_of(toy, hearing(choke))
        await write(toy, 8)
        (batch,) = await log.fetch(8, 0.1)
        batches = [replace(batch, source=f"toy{n}", messages=[one]) for n, one in enumerate(batch.messages)]

        # A pause ends when all eight are in theirs: one source after the other would never come to an end.
        async with asyncio.timeout(30):
            await consumer._handle(batches)

        assert len(pauses) == 8 * (ATTEMPTS - 1)
        assert (await toy.sql("SELECT count(*) FROM toy.dead_letter WHERE state = 'parked'"))[0][0] == 8
        await log.close()


async def test_a_cancellation_that_comes_while_the_lag_is_told_ends_the_consumer(
    harness_for: HarnessFactory,
) -> None:
    async with harness_for(TOY) as toy:
        consumer, log = await consumer_of(toy, TOY)
        running = asyncio.create_task(consumer.run())

        class Telling(OutboxLog):
            async def lag(self) -> int:
                running.cancel()
                return 0

        log.__class__ = Telling
        await asyncio.wait([running], timeout=30)

        assert running.cancelled()
        await log.close()
