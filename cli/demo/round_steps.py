"""One round of the procedure: opened, visited, evaluated, determined, noticed twice, confirmed, announced, signed off.

In the first village of the county every gate is tried before its turn as well, and an objection is handed in.
"""

import asyncio
from collections.abc import Awaitable, Callable

from cli.demo.acts import ROUNDS, Village, determine, sign_off
from cli.demo.bulk import send_all, until
from cli.demo.gates import object_and_answer, try_early
from cli.demo.register_steps import on_register
from cli.demo.visit_steps import visit_all
from cli.demo.world import World
from cli.sample.plan import SampleRound
from cli.sample.step import CalendarStep
from contracts import values

ADDED_FOR = "missed-before"


async def open_round(world: World, step: CalendarStep) -> None:
    """Open a round over the county, bring those in who are to be added, and propose whom to remove."""
    one = world.round[step.refs[0]]
    opened = await world.officer.post(ROUNDS, {"scope": world.county_area, "kind": one.kind})
    world.rounds[one.key] = opened["id"]
    path = f"{ROUNDS}/{opened['id']}"
    items = [{"household_id": world.households[number], "reason": ADDED_FOR} for number in one.added]
    await send_all(world.officer, f"{path}/entries", items)
    items = [
        {"household_id": world.households[number], "proposal": values.REMOVE, "reason": reason}
        for number, reason in one.removed
    ]
    await send_all(world.officer, f"{path}/proposals/bulk", items)


async def evaluate_round(world: World, step: CalendarStep) -> None:
    """Visit everybody, hold three meetings in each village, let the village determine twice, and post its list."""
    one = world.round[step.refs[0]]
    tried = await _tried(world, one)
    await try_early(tried, after=None, on=step.on)
    await visit_all(world, world.registered | set(one.added), on=step.on, round_id=world.rounds[one.key])

    async def in_village(village: Village) -> None:
        is_tried = village.code == tried.code
        for evaluation in values.EVALUATIONS:
            await _evaluate(village, evaluation)
            if is_tried:
                await try_early(village, after=evaluation, on=step.on)
        for determination in (values.VILLAGE_INITIAL, values.REPRESENTATIVES):
            await village.determine(determination, on=step.on)
            if is_tried:
                await try_early(village, after=determination, on=step.on)
        await village.post_notice(values.FIRST_NOTICE, on=step.on)
        if is_tried:
            await try_early(village, after=values.FIRST_NOTICE, on=step.on)

    await _everywhere(world, one, in_village)


async def review_round(world: World, step: CalendarStep) -> None:
    """Close the first notices, let each township review its villages, and post the second notices."""
    one = world.round[step.refs[0]]
    tried = await _tried(world, one)
    await object_and_answer(tried, values.FIRST_NOTICE, on=step.on)
    await _everywhere(world, one, lambda village: village.close_notice(values.FIRST_NOTICE, on=step.on))
    await try_early(tried, after="first-notice-closed", on=step.on)
    for digits, town in (await world.people.towns()).items():
        if any(village.startswith(digits) for village in _numbers(world, one)):
            await determine(world, one, town.clerk.api, (values.TOWNSHIP_REVIEW, digits), on=step.on)
    await try_early(tried, after=values.TOWNSHIP_REVIEW, on=step.on)
    await _everywhere(world, one, lambda village: village.post_notice(values.SECOND_NOTICE, on=step.on))
    await try_early(tried, after=values.SECOND_NOTICE, on=step.on)


async def confirm_round(world: World, step: CalendarStep) -> None:
    """Close the second notices, let the county confirm, announce in each village, and sign the round off."""
    one = world.round[step.refs[0]]
    tried = await _tried(world, one)
    await object_and_answer(tried, values.SECOND_NOTICE, on=step.on)
    await _everywhere(world, one, lambda village: village.close_notice(values.SECOND_NOTICE, on=step.on))
    await try_early(tried, after="second-notice-closed", on=step.on)
    county = (values.COUNTY_CONFIRMATION, world.county_area)
    await determine(world, one, world.officer, county, on=step.on)
    await try_early(tried, after=values.COUNTY_CONFIRMATION, on=step.on)
    await _everywhere(world, one, lambda village: village.announce(on=step.on))
    world.registered |= set(one.added)
    world.registered -= {number for number, _ in one.removed}
    world.closings[one.key] = await sign_off(world, one)

    async def heard() -> bool:
        return await on_register(world) == len(world.registered)

    await until("subsidy to hear who is on the register", heard)


async def _everywhere(world: World, one: SampleRound, work: Callable[[Village], Awaitable[None]]) -> None:
    """Do something in every village of the round: townships side by side, the villages of one in their order."""
    villages = await _villages(world, one)

    async def in_town(digits: str) -> None:
        for village in villages:
            if village.code.startswith(digits):
                await work(village)

    await asyncio.gather(*(in_town(digits) for digits in await world.people.towns()))


async def _villages(world: World, one: SampleRound) -> list[Village]:
    towns = await world.people.towns()
    return [
        Village(world=world, round=one, town=town, code=code, numbers=numbers)
        for code, numbers in _numbers(world, one).items()
        for digits, town in towns.items()
        if code.startswith(digits)
    ]


async def _tried(world: World, one: SampleRound) -> Village:
    """Return the village in which every gate is tried too early."""
    return (await _villages(world, one))[0]


def _numbers(world: World, one: SampleRound) -> dict[str, list[str]]:
    return world.by_village(world.registered | set(one.added))


async def _evaluate(village: Village, evaluation: str) -> None:
    """Hold an evaluation; some households are evaluated by the villagers apart from the others."""
    apart = [number for number in village.numbers if number in village.round.apart]
    if evaluation != values.VILLAGERS_MEETING:
        await village.hold(evaluation, village.numbers)
        return
    if together := [number for number in village.numbers if number not in apart]:
        await village.hold(evaluation, together)
    for number in apart:
        village.world.meetings[number] = await village.hold(evaluation, [number])
