"""Rounds, meetings and determinations for the registry's tests, each by the people who hold it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx

from contracts import roles
from contracts.values import (
    COUNTY_CONFIRMATION,
    DETERMINATIONS,
    EVALUATIONS,
    INTERNAL_MEETING,
    REPRESENTATIVES,
    TOWNSHIP_REVIEW,
    VILLAGE_INITIAL,
)
from services.registry.domain.procedure import CHECKED, STEPS
from tests.kit import Harness
from tests.services.registry.builders import CANARY_NAME, COUNTY, TOWNSHIP, VILLAGE, filed, get, post
from tests.services.registry.noticing import closed
from tests.services.registry.rounds import propose, visited

ADDING = {"include_candidates": True, "candidate_reason": "missed-before"}
OFFICER: dict[str, Any] = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"}
CLERK: dict[str, Any] = {"roles": [roles.CLERK], "area": TOWNSHIP, "actor": "clerk-1"}
COMMITTEE: dict[str, Any] = {"roles": [roles.VILLAGE_COMMITTEE], "area": VILLAGE, "actor": "committee-1"}
TEAM: dict[str, Any] = {"roles": [roles.WORK_TEAM], "area": VILLAGE, "actor": "team-1"}
AUDITOR: dict[str, Any] = {"roles": [roles.AUDITOR], "area": "", "actor": "auditor-1"}
BODIES = {
    VILLAGE_INITIAL: COMMITTEE,
    REPRESENTATIVES: TEAM,
    TOWNSHIP_REVIEW: CLERK,
    COUNTY_CONFIRMATION: OFFICER,
}
AREAS = {
    VILLAGE_INITIAL: VILLAGE,
    REPRESENTATIVES: VILLAGE,
    TOWNSHIP_REVIEW: TOWNSHIP,
    COUNTY_CONFIRMATION: COUNTY,
}
DAY = "2016-06-01"
ROLL = [CANARY_NAME, *(f"{CANARY_NAME[:-1]}{last}" for last in "戊己庚辛")]
CANARY_MINUTES = "金丝雀乙一家情况特殊。\n全体同意。"
CANARY_PLACE = "金丝雀丙家院坝"


async def opened(harness: Harness, **changes: Any) -> str:
    """Open a look-back over the county and return its id."""
    body = {"scope": COUNTY, "kind": "look-back"} | changes
    answer = await post(harness, "/rounds", json=body, **OFFICER)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def stand(harness: Harness, round_id: str, step: str, *households: str, on: str = DAY) -> None:
    """Put entries of a round, or all of them, at a step that others bring them to."""
    await harness.sql(
        "UPDATE registry.round_entry SET step = $2, step_on = $4::text::date "
        "WHERE round_id = $1::text::uuid AND ($3::text[] = '{}' OR household_id = ANY($3::text[]::uuid[]))",
        round_id,
        step,
        list(households),
        on,
    )


async def entry(harness: Harness, round_id: str, household_id: str) -> dict[str, Any]:
    """Return one entry of a round."""
    listed = await get(harness, f"/rounds/{round_id}/entries?limit=500", **OFFICER)
    return next(each for each in listed.json()["items"] if each["household_id"] == household_id)


def result(household_id: str, *votes: int, **changes: Any) -> dict[str, Any]:
    """Return how five people voted on a household: all of them for it unless told otherwise."""
    for_it, against, abstained = votes or (5, 0, 0)
    numbers = {"votes_for": for_it, "votes_against": against, "abstentions": abstained}
    return {"household_id": household_id} | numbers | changes


def meeting(results: Sequence[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Return a meeting to which five of six came."""
    return {
        "evaluation": INTERNAL_MEETING,
        "village_code": VILLAGE,
        "held_on": DAY,
        "place": CANARY_PLACE,
        "convenor": "committee-1",
        "eligible": 6,
        "roll": ROLL,
        "team_member_present": True,
        "photos_sha256": ["a" * 64],
        "minutes": CANARY_MINUTES,
        "minutes_sha256": "b" * 64,
        "results": list(results),
    } | changes


async def hold(harness: Harness, round_id: str, body: dict[str, Any], **who: Any) -> httpx.Response:
    """Record a meeting as the village's committee unless told otherwise."""
    return await post(harness, f"/rounds/{round_id}/meetings", json=body, **(COMMITTEE | who))


async def held(harness: Harness, round_id: str, *households: str, **changes: Any) -> dict[str, Any]:
    """Hold a meeting that agrees to all, and return what was answered."""
    answer = await hold(harness, round_id, meeting([result(one) for one in households], **changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def evaluated(harness: Harness, round_id: str, *households: str, **changes: Any) -> None:
    """Hold all three meetings over households whose checks are complete."""
    for evaluation in EVALUATIONS:
        await held(harness, round_id, *households, evaluation=evaluation, **changes)


async def determine(harness: Harness, round_id: str, kind: str, **changes: Any) -> httpx.Response:
    """Make a determination as the body that makes it, over its area, unless told otherwise."""
    who = {name: changes.pop("as_area" if name == "area" else name, BODIES[kind][name]) for name in OFFICER}
    body = {
        "determination": kind,
        "area": AREAS[kind],
        "determined_on": harness.clock.today().isoformat(),
        "document": "洱扶字〔2016〕1号",
    }
    return await post(harness, f"/rounds/{round_id}/determinations", json=body | changes, **who)


async def determined(harness: Harness, round_id: str, kind: str, **changes: Any) -> dict[str, Any]:
    """Make a determination and return what was answered."""
    answer = await determine(harness, round_id, kind, **changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def reach(harness: Harness, round_id: str, step: str, *households: str, on: str | None = None) -> None:
    """Lead households of a village from the opening of a round to a step, by those who lead them there."""
    for each in STEPS[1 : STEPS.index(step) + 1]:
        day = on or harness.clock.today().isoformat()
        if each == CHECKED:
            for household_id in households:
                number = UUID(household_id).int
                await visited(harness, household_id, number, round_id=round_id, visited_on=day)
        elif each in EVALUATIONS:
            await held(harness, round_id, *households, evaluation=each, held_on=day)
        elif each in DETERMINATIONS:
            await determined(harness, round_id, each, determined_on=day)
        else:
            await closed(harness, round_id, each, posted_on=day)


async def proposed(harness: Harness, round_id: str, household_id: str, **what: str) -> None:
    """Let the village propose something else for a household."""
    item = {"household_id": household_id} | what
    answer = await propose(harness, round_id, item, **COMMITTEE)
    assert answer.json()["done"] == 1, answer.text


async def standing(
    harness: Harness, step: str, *numbers: int, candidate: bool = False
) -> tuple[str, list[str]]:
    """Return a round, and households of one village that stand at a step of it."""
    ids = [await filed(harness, number, candidate=candidate) for number in numbers or (1,)]
    round_id = await opened(harness, **ADDING if candidate else {})
    await reach(harness, round_id, step, *ids)
    return round_id, ids


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return where and why a request was refused."""
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
