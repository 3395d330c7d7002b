"""What goes wrong in the sample county's procedure, entered as an office would enter it once it is known."""

import hashlib
from typing import Any

from cli.demo.gates import answer_of
from cli.demo.people import TOWNSHIP_DIGITS, Town
from cli.demo.tried import TriedGate
from cli.demo.visit_steps import content_of, prosperous
from cli.demo.world import World
from cli.sample import schedule
from cli.sample.step import CalendarStep
from contracts import values

REGISTRY = "/registry/v1"
EXIT = "exit"
COMMITTEES = {"eligible": 9, "present": 8, "votes": 8}


async def record_death(world: World, step: CalendarStep) -> None:
    """Record a death inside a round that is closed already: asked for by the clerk, agreed to by the county."""
    for number in step.refs:
        town = await _town(world, number)
        file = await town.clerk.api.get(f"{REGISTRY}/households/{world.households[number]}")
        asked = await town.clerk.api.post(
            f"{REGISTRY}/change-requests",
            {
                "kind": "death",
                "household_id": world.households[number],
                "person_id": file["members"][-1]["id"],
                "effective_on": str(schedule.DIED_ON),
                "reason": "deceased",
            },
        )
        await world.officer.post(f"{REGISTRY}/change-requests/{asked['id']}/reviews", {"outcome": "approved"})


async def cut_notice(world: World, step: CalendarStep) -> None:
    """Report that a notice was taken down before its time, after it had been used."""
    last = world.plan.rounds[-1].key
    for number in step.refs:
        notice_id = world.notices[last, values.SECOND_NOTICE, world.village(number)]
        world.cut_notices[number] = notice_id
        body = {"taken_down_on": str(schedule.NOTICE_GONE_ON), "reason": "taken-down-early"}
        await world.officer.post(f"{REGISTRY}/notices/{notice_id}/takedowns", body)


async def annul_meeting(world: World, step: CalendarStep) -> None:
    """Annul the meeting at which a household was evaluated alone."""
    for number in step.refs:
        path = f"{REGISTRY}/meetings/{world.meetings[number]}/annulments"
        await world.officer.post(path, {"reason": "no-quorum"})


async def compare_list(world: World, step: CalendarStep) -> None:
    """Compare the register with a payroll that names somebody of a household."""
    numbers = [world.household[number].head.id_number for number in step.refs]
    document = "identity_number,detail\n" + "".join(f"{number},样例单位\n" for number in numbers)
    await world.officer.request(
        "POST",
        f"{REGISTRY}/cross-checks",
        content=document.encode(),
        params={"kind": values.PAYROLL, "office": "样例财政局", "as_of": str(step.on)},
        headers={"content-type": "text/csv"},
    )


async def prepare_exit(world: World, step: CalendarStep) -> None:
    """Visit households that earn more than the line, let their village agree, and post the notice of their exit."""
    for number in step.refs:
        town, household_id = await _town(world, number), world.households[number]
        household = world.household[number]
        mark = f"synthetic exit visit of {step.on}"
        await _try_to_leave(world, number, {"visit_id": world.visits[number], **_agreement(number, step)})
        body = {**content_of(household, prosperous(household), mark), "visited_on": str(step.on)}
        visit = await town.team.api.post(f"{REGISTRY}/households/{household_id}/visits", body)
        world.visits[number] = visit["id"]
        agreed = {"visit_id": visit["id"], **_agreement(number, step)}
        await town.clerk.api.post(f"{REGISTRY}/households/{household_id}/pre-exits", agreed)
        notice = {
            "village_code": world.village(number),
            "posted_on": str(step.on),
            **_hung(f"{mark} {number}"),
        }
        posted = await town.clerk.api.post(f"{REGISTRY}/exit-notices", notice)
        world.notices[EXIT, values.EXIT_NOTICE, number] = posted["id"]
        await _try_to_announce(world, number, step)


async def leave(world: World, step: CalendarStep) -> None:
    """Close the notice of an exit and announce it: with that, households leave the register."""
    for number in step.refs:
        town = await _town(world, number)
        path = f"{REGISTRY}/notices/{world.notices[EXIT, values.EXIT_NOTICE, number]}"
        await town.clerk.api.post(f"{path}/closures", {"on": str(step.on)})
        announcement = {"published_on": str(step.on), **_hung(f"exit of {number}")}
        await town.clerk.api.post(f"{path}/announcements", announcement)
    world.registered -= set(step.refs)


async def correct_visit(world: World, step: CalendarStep) -> None:
    """Correct the income of an exit's visit to what it had been before."""
    for number in step.refs:
        household = world.household[number]
        mark = f"synthetic corrected visit of {step.on}"
        body = {**content_of(household, household.income, mark), "reason": "figures-corrected"}
        town = await _town(world, number)
        await town.team.api.post(f"{REGISTRY}/visits/{world.visits[number]}/corrections", body)


def _agreement(number: str, step: CalendarStep) -> dict[str, Any]:
    """Return what a village and the household itself say to an exit."""
    return {
        "on": str(step.on),
        "evaluation": {"held_on": str(step.on), **COMMITTEES},
        "signature_sha256": _hash(f"synthetic exit visit of {step.on} {number} signature"),
    }


async def _try_to_leave(world: World, number: str, agreed: dict[str, Any]) -> None:
    """Ask for a pre-exit on a visit that found the household below the line, which has to be refused."""
    clerk = (await _town(world, number)).clerk.api
    path = f"{REGISTRY}/households/{world.households[number]}/pre-exits"
    answer = await answer_of(clerk.post(path, agreed))
    world.gates.append(TriedGate(round=EXIT, gate="pre-exit", after=None, **answer))


async def _try_to_announce(world: World, number: str, step: CalendarStep) -> None:
    """Close the notice of an exit on its first day, and announce it unclosed: both have to be refused."""
    clerk = (await _town(world, number)).clerk.api
    path = f"{REGISTRY}/notices/{world.notices[EXIT, values.EXIT_NOTICE, number]}"
    closed = await answer_of(clerk.post(f"{path}/closures", {"on": str(step.on)}))
    body = {"published_on": str(step.on), **_hung(f"early exit of {number}")}
    announced = await answer_of(clerk.post(f"{path}/announcements", body))
    world.gates += [
        TriedGate(round=EXIT, gate="exit-notice-closed", after="exit-notice", **closed),
        TriedGate(round=EXIT, gate="exit-announcement", after="exit-notice", **announced),
    ]


async def _town(world: World, number: str) -> Town:
    return (await world.people.towns())[world.village(number)[:TOWNSHIP_DIGITS]]


def _hung(text: str) -> dict[str, Any]:
    return {"place": "村务公开栏", "photo_sha256": _hash(text)}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
