"""One relay leads; its position follows the acknowledgements; it outlives its database connection and its bus."""

import asyncio
import time
from collections.abc import Sequence

from chassis.bus.port import BusLost, Message
from chassis.health import Progress
from chassis.ids import new_id
from chassis.relay import Relay
from tests.chassis.bus.world import toy_dsn
from tests.chassis.toy import TOY, NoteWritten
from tests.kit import Harness, HarnessFactory

AREA = "532930101201"
END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tuopin relay'"


class Shelf:
    """A bus that keeps what it acknowledged, and refuses when told to."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.is_lost = False

    async def publish(self, messages: Sequence[Message]) -> None:
        """Keep the messages, or be lost."""
        if self.is_lost:
            raise BusLost("away")
        self.messages.extend(messages)

    async def close(self) -> None:
        """Nothing to close."""


async def write(toy: Harness, count: int) -> None:
    async with toy.unit() as unit:
        for _ in range(count):
            unit.record(NoteWritten(note_id=new_id(), length=1), sequence=1, area=AREA)


async def until(shelf: Shelf, count: int) -> None:
    ends = time.monotonic() + 15
    while len(shelf.messages) < count:
        assert time.monotonic() < ends, f"{len(shelf.messages)} of {count}"
        await asyncio.sleep(0.02)


async def until_stored(toy: Harness) -> None:
    """Wait for the first position: a relay stopped between an acknowledgement and its position publishes once more."""
    ends = time.monotonic() + 15
    while not await toy.sql("SELECT 1 FROM toy.relay_position"):
        assert time.monotonic() < ends, "no position"
        await asyncio.sleep(0.02)


def start(toy: Harness, shelf: Shelf) -> tuple[Relay, "asyncio.Task[None]"]:
    relay = Relay("toy", toy_dsn(toy), shelf, Progress("relay"))
    return relay, asyncio.create_task(relay.run())


async def stop(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_facts_are_published_once_in_order(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        shelf = Shelf()
        _, running = start(toy, shelf)
        await write(toy, 5)
        await until(shelf, 5)
        await until_stored(toy)
        await stop(running)
        _, again = start(toy, shelf)
        await write(toy, 5)
        await until(shelf, 10)
        await stop(again)

        assert [message.origin for message in shelf.messages] == [str(number) for number in range(1, 11)]


async def test_of_two_relays_one_leads_and_the_other_takes_over(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        shelf = Shelf()
        first, running = start(toy, shelf)
        await write(toy, 1)
        await until(shelf, 1)
        await until_stored(toy)
        second, waiting = start(toy, shelf)
        await asyncio.sleep(0.5)
        leading = (first.is_leader, second.is_leader)
        await stop(running)
        await write(toy, 1)
        await until(shelf, 2)
        after = (first.is_leader, second.is_leader)
        await stop(waiting)

        assert leading == (True, False)
        assert after == (False, True)
        assert len(shelf.messages) == 2


async def test_a_lost_bus_is_waited_for_and_nothing_is_lost(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        shelf = Shelf()
        _, running = start(toy, shelf)
        shelf.is_lost = True
        await write(toy, 3)
        await asyncio.sleep(0.6)
        stored = await toy.sql("SELECT 1 FROM toy.relay_position")
        shelf.is_lost = False
        await until(shelf, 3)
        await stop(running)

        assert stored == []
        assert len(shelf.messages) == 3


async def test_a_relay_whose_connection_was_ended_leads_again(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        shelf = Shelf()
        relay, running = start(toy, shelf)
        await write(toy, 2)
        await until(shelf, 2)
        await toy.sql(END_OTHERS)
        await write(toy, 2)
        await until(shelf, 4)
        is_leader = relay.is_leader
        await stop(running)

        assert is_leader
        assert len({message.origin for message in shelf.messages}) == 4
