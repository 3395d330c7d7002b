"""What every bus must do, asked of all of them in the same words."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from chassis import dead_letters
from chassis.auth import Principal
from chassis.effects import one_by_one
from chassis.errors import NotFound
from chassis.events import Received
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from tests.chassis.bus.world import World, interleaved


def units(world: World) -> Callable[[], UnitOfWork]:
    def unit() -> UnitOfWork:
        return UnitOfWork(world.toy.runtime, Principal(actor_id="op", roles=frozenset(), area=""))

    return unit


def choke_on(sequence: int) -> Callable[[Received[Any]], None]:
    def before(event: Received[Any]) -> None:
        if event.envelope.sequence == sequence:
            raise RuntimeError("a handler's defect with a name in it")

    return before


async def test_each_key_is_heard_in_order(world: World) -> None:
    keys = [new_id() for _ in range(7)]
    consumer = await world.consumer()

    for start in range(0, 210, 30):
        await world.write(interleaved(keys, 30)[start : start + 30])
        await world.bus.deliver(world.toy)
    await world.step_until(consumer, 210)

    heard = await world.effects()
    assert heard == {str(key): list(range(1, 31)) for key in keys}


async def test_what_is_delivered_twice_has_one_effect(world: World) -> None:
    consumer = await world.consumer()
    await world.write(interleaved([new_id(), new_id()], 20))
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 40)

    await world.bus.deliver(world.toy, again=True)
    await consumer.step(0.5)
    await world.close()
    second = await world.consumer()
    await second.step(0.5)
    await second.step(0.2)

    assert await world.count() == 40


async def test_a_poisoned_message_holds_its_key_and_no_other(world: World) -> None:
    world.before_effect = choke_on(2)
    poisoned, others = new_id(), [new_id() for _ in range(5)]
    consumer = await world.consumer()

    await world.write([(poisoned, 1), *((key, 1) for key in others), (poisoned, 2), (poisoned, 3)])
    await world.write([(key, 3) for key in others])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 11)
    await world.write([(poisoned, 4), (others[0], 4)])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 12)

    heard = await world.effects()
    letters = await world.toy.sql("SELECT * FROM toy.dead_letter ORDER BY order_no")
    assert heard[str(poisoned)] == [1]
    assert heard[str(others[0])] == [1, 3, 4]
    assert [letter["state"] for letter in letters] == ["parked", "waiting", "waiting"]
    assert letters[0]["attempts"] == 3
    assert letters[0]["cause"].startswith("RuntimeError")
    assert "name" not in letters[0]["cause"]


async def test_a_replay_after_the_repair_goes_in_order(world: World) -> None:
    world.before_effect = choke_on(2)
    key = new_id()
    consumer = await world.consumer()
    await world.write([(key, sequence) for sequence in range(1, 6)])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 1)
    async with units(world)() as unit:
        (first, *_) = await dead_letters.list_dead_letters(unit.driver, state="parked")

    still = await dead_letters.replay(
        first["id"], by="op", unit_factory=units(world), apply=one_by_one(world.service, units(world))
    )
    world.before_effect = lambda _: None
    went = await dead_letters.replay(
        first["id"], by="op", unit_factory=units(world), apply=one_by_one(world.service, units(world))
    )
    await world.write([(key, 6)])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 6)

    assert (still, went) == (0, 4)
    assert await world.effects() == {str(key): [1, 2, 3, 4, 5, 6]}
    with pytest.raises(NotFound):
        await dead_letters.discard(first["id"], by="op", unit_factory=units(world))


async def test_a_discarded_letter_lets_the_next_be_replayed(world: World) -> None:
    world.before_effect = choke_on(2)
    key = new_id()
    consumer = await world.consumer()
    await world.write([(key, 1), (key, 2), (key, 3)])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 1)
    async with units(world)() as unit:
        (first, *_) = await dead_letters.list_dead_letters(unit.driver)

    await dead_letters.discard(first["id"], by="op", unit_factory=units(world))
    async with units(world)() as unit:
        (following,) = await dead_letters.list_dead_letters(unit.driver, state="parked")
    await dead_letters.replay(
        following["id"], by="op", unit_factory=units(world), apply=one_by_one(world.service, units(world))
    )
    await world.bus.deliver(world.toy, again=True)
    await world.close()
    again = await world.consumer()
    await again.step(0.5)
    await again.step(0.2)

    assert await world.effects() == {str(key): [1, 3]}
    assert await world.toy.sql("SELECT 1 FROM toy.dead_letter WHERE state IN ('parked', 'waiting')") == []


async def test_a_passing_trouble_is_retried_without_a_letter(world: World) -> None:
    failures = iter([True, True, True, False, False, False, False, False, False, False])

    def before(event: Received[Any]) -> None:
        if event.envelope.sequence == 2 and next(failures):
            raise RuntimeError

    world.before_effect = before
    key = new_id()
    consumer = await world.consumer()
    await world.write([(key, 1), (key, 2), (key, 3)])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 3)

    assert await world.effects() == {str(key): [1, 2, 3]}
    assert await world.toy.sql("SELECT 1 FROM toy.dead_letter") == []


async def test_a_new_reader_goes_on_where_the_last_stored(world: World) -> None:
    key = new_id()
    consumer = await world.consumer()
    await world.write([(key, 1), (key, 2)])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 2)
    await world.close()
    world.handled = 0

    await world.write([(key, 3)])
    await world.bus.deliver(world.toy)
    await world.toy.sql("DELETE FROM toy.inbox")
    await world.step_until(await world.consumer(), 3)

    assert world.handled == 1
    assert await world.effects() == {str(key): [1, 2, 3]}


async def test_a_crash_between_effect_and_position_repeats_work_but_no_effect(world: World) -> None:
    reached = asyncio.Event()

    def before(event: Received[Any]) -> Any:
        if event.envelope.sequence == 9:
            reached.set()
            return asyncio.sleep(60)
        return None

    world.before_effect = before
    consumer = await world.consumer()
    key = new_id()
    await world.write([(key, sequence) for sequence in range(1, 11)])
    await world.bus.deliver(world.toy)

    async def work() -> None:
        while True:
            await consumer.step(0.5)

    task = asyncio.create_task(work())
    await asyncio.wait_for(reached.wait(), 20)
    task.cancel()
    await asyncio.wait([task])
    await world.close()
    unfinished = await world.count()
    world.before_effect = lambda _: None
    await world.step_until(await world.consumer(), 10)

    assert unfinished == 0
    assert world.handled == 8 + 10
    assert await world.effects() == {str(key): list(range(1, 11))}


async def test_what_is_no_event_at_all_is_parked(world: World) -> None:
    consumer = await world.consumer()
    key = new_id()
    await world.write([(key, 1)])
    await world.toy.sql("UPDATE toy.outbox SET payload = 'not json'")
    await world.write([(new_id(), 1)])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 1)

    (letter,) = await world.toy.sql("SELECT state, attempts, event_id FROM toy.dead_letter")
    assert (letter["state"], letter["attempts"], letter["event_id"]) == ("parked", 1, None)


async def test_an_unknown_type_is_passed_over(world: World) -> None:
    consumer = await world.consumer()
    await world.write([(new_id(), 1)])
    await world.toy.sql(
        "UPDATE toy.outbox SET type = 'toy.other.v1',"
        " payload = convert_to(replace(convert_from(payload, 'utf8'), 'toy.note-written.v1', 'toy.other.v1'), 'utf8')"
    )
    await world.write([(new_id(), 1)])
    await world.bus.deliver(world.toy)
    await world.step_until(consumer, 1)

    assert await world.count() == 1
    assert await world.toy.sql("SELECT 1 FROM toy.dead_letter") == []
