"""One round of the procedure: opened, visited, evaluated, determined, noticed twice, confirmed, announced, signed off."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from cli.api import Api
from cli.demo.bulk import send_all, until
from cli.demo.people import Town
from cli.demo.register_steps import on_register
from cli.demo.visit_steps import visit_all
from cli.demo.world import World
from cli.sample.plan import SampleRound
from cli.sample.step import CalendarStep
from contracts import values

ROUNDS = "/registry/v1/rounds"
ADDED_FOR = "missed-before"
ELIGIBLE = 30
PRESENT = 24
ABSTAINED = 2
ROLL = [f"样村民{number}" for number in range(1, PRESENT + 1)]


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
    await visit_all(world, world.registered | set(one.added), on=step.on, round_id=world.rounds[one.key])

    async def in_village(town: Town, village: str, numbers: list[str]) -> None:
        await _hold_meetings(world, one, town, village, numbers=numbers)
        await _determine(world, one, town.committee.api, (values.VILLAGE_INITIAL, village), on=step.on)
        await _determine(world, one, town.team.api, (values.REPRESENTATIVES, village), on=step.on)
        await _post_notice(world, one, town, (values.FIRST_NOTICE, village), on=step.on)

    await _everywhere(world, one, in_village)


async def review_round(world: World, step: CalendarStep) -> None:
    """Close the first notices, let each township review its villages, and post the second notices."""
    one = world.round[step.refs[0]]

    async def first(town: Town, village: str, _: list[str]) -> None:
        await _close_notice(world, one, town, (values.FIRST_NOTICE, village), on=step.on)

    async def second(town: Town, village: str, _: list[str]) -> None:
        await _post_notice(world, one, town, (values.SECOND_NOTICE, village), on=step.on)

    await _everywhere(world, one, first)
    for digits, town in (await world.people.towns()).items():
        if any(village.startswith(digits) for village in _villages(world, one)):
            await _determine(world, one, town.clerk.api, (values.TOWNSHIP_REVIEW, digits), on=step.on)
    await _everywhere(world, one, second)


async def confirm_round(world: World, step: CalendarStep) -> None:
    """Close the second notices, let the county confirm, announce in each village, and sign the round off."""
    one = world.round[step.refs[0]]

    async def close(town: Town, village: str, _: list[str]) -> None:
        await _close_notice(world, one, town, (values.SECOND_NOTICE, village), on=step.on)

    async def announce(town: Town, village: str, _: list[str]) -> None:
        body = {"village_code": village, "published_on": str(step.on), **_hung(one, village, "announcement")}
        await town.clerk.api.post(f"{ROUNDS}/{world.rounds[one.key]}/announcements", body)

    await _everywhere(world, one, close)
    county = (values.COUNTY_CONFIRMATION, world.county_area)
    await _determine(world, one, world.officer, county, on=step.on)
    await _everywhere(world, one, announce)
    world.registered |= set(one.added)
    world.registered -= {number for number, _ in one.removed}
    closed = await world.people.deputy.api.post(f"{ROUNDS}/{world.rounds[one.key]}/closures", {})
    world.closings[one.key] = closed["counts"]

    async def heard() -> bool:
        return await on_register(world) == len(world.registered)

    await until("subsidy to hear who is on the register", heard)


async def _everywhere(
    world: World, one: SampleRound, work: Callable[[Town, str, list[str]], Awaitable[None]]
) -> None:
    """Do something in every village of the round: townships side by side, the villages of one in their order."""
    towns = await world.people.towns()
    villages = _villages(world, one)

    async def in_town(digits: str) -> None:
        for village, numbers in villages.items():
            if village.startswith(digits):
                await work(towns[digits], village, numbers)

    await asyncio.gather(*(in_town(digits) for digits in towns))


def _villages(world: World, one: SampleRound) -> dict[str, list[str]]:
    return world.by_village(world.registered | set(one.added))


async def _hold_meetings(
    world: World, one: SampleRound, town: Town, village: str, *, numbers: list[str]
) -> None:
    apart = [number for number in numbers if number in one.apart]
    together = [number for number in numbers if number not in one.apart]
    for evaluation in values.EVALUATIONS:
        is_last = evaluation == values.VILLAGERS_MEETING
        groups = [together, *([number] for number in apart)] if is_last else [numbers]
        for group in filter(None, groups):
            held = await town.committee.api.post(
                f"{ROUNDS}/{world.rounds[one.key]}/meetings",
                _meeting(world, one, evaluation, village, group=group),
            )
            if is_last and group != together:
                world.meetings[group[0]] = held["id"]


def _meeting(
    world: World, one: SampleRound, evaluation: str, village: str, *, group: list[str]
) -> dict[str, Any]:
    votes = {"votes_for": PRESENT - ABSTAINED, "votes_against": 0, "abstentions": ABSTAINED}
    mark = f"{one.key} {evaluation} {village} {len(group)}"
    return {
        "evaluation": evaluation,
        "village_code": village,
        "held_on": str(one.dates.evaluated_on),
        "place": "村委会会议室",
        "convenor": "village-secretary",
        "eligible": ELIGIBLE,
        "roll": ROLL,
        "team_member_present": True,
        "photos_sha256": [_hash(f"{mark} photo")],
        "minutes": "逐户评议，逐户表决。样例会议记录。",
        "minutes_sha256": _hash(f"{mark} minutes"),
        "results": [{"household_id": world.households[number], **votes} for number in group],
    }


async def _determine(world: World, one: SampleRound, api: Api, what: tuple[str, str], *, on: date) -> None:
    determination, area = what
    body = {
        "determination": determination,
        "area": area,
        "determined_on": str(on),
        "document": f"样例〔{on.year}〕{determination}",
    }
    await api.post(f"{ROUNDS}/{world.rounds[one.key]}/determinations", body)


async def _post_notice(
    world: World, one: SampleRound, town: Town, what: tuple[str, str], *, on: date
) -> None:
    kind, village = what
    body = {"kind": kind, "village_code": village, "posted_on": str(on), **_hung(one, village, kind)}
    # The township posts what it has reviewed.
    poster = town.clerk if kind == values.SECOND_NOTICE else town.committee
    posted = await poster.api.post(f"{ROUNDS}/{world.rounds[one.key]}/notices", body)
    world.notices[one.key, kind, village] = posted["id"]


async def _close_notice(
    world: World, one: SampleRound, town: Town, what: tuple[str, str], *, on: date
) -> None:
    notice_id = world.notices[(one.key, *what)]
    await town.committee.api.post(f"/registry/v1/notices/{notice_id}/closures", {"on": str(on)})


def _hung(one: SampleRound, village: str, what: str) -> dict[str, str]:
    return {"place": "村务公开栏", "photo_sha256": _hash(f"{one.key} {village} {what}")}


def _hash(text: str) -> str:
    return hashlib.sha256(f"synthetic {text}".encode()).hexdigest()
