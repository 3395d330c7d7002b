"""What an announced exit rests on: its visit as it stands on the day, whatever was corrected or annulled since."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from contracts import roles
from tests.kit import LOCKED_OUT, Harness
from tests.services.registry.builders import COUNTY, post
from tests.services.registry.exits import NEXT_WEEK, announce_exit, noticed, visited_well
from tests.services.registry.noticing import close, exit_notice, pre_exit, prosperous, show, statuses_of
from tests.services.registry.rounds import OFFICER, visit


async def waiting(registry: Harness, *numbers: int) -> dict[str, str]:
    """Return households in pre-exit, each with the visit that it rests on."""
    found = {}
    for number in numbers:
        household_id, visit_id = await visited_well(registry, number)
        assert (await pre_exit(registry, household_id, visit_id)).status_code == 200
        found[household_id] = visit_id
    return found


async def correct(registry: Harness, visit_id: str, number: int = 1, **changes: Any) -> None:
    """State a visit anew."""
    body = visit(number, **({"checks": prosperous()} | changes)) | {"reason": "misheard"}
    del body["visited_on"]
    answer = await post(registry, f"/visits/{visit_id}/corrections", json=body)
    assert answer.status_code == 200, answer.text


async def annul(registry: Harness, visit_id: str) -> None:
    """Let a visit count for nothing."""
    body = {"reason": "never-visited"}
    assert (await post(registry, f"/visits/{visit_id}/annulments", json=body, **OFFICER)).status_code == 200


def pointers(answer: Any) -> list[str]:
    """Return which households an announcement fails for, and in what."""
    return [each["pointer"] for each in answer.json()["errors"]]


async def test_a_visit_corrected_below_the_line_stops_the_announcement_until_the_pre_exit_is_taken_back(
    registry: Harness,
) -> None:
    (poor, visit_id), (stays, _) = (await waiting(registry, 1, 2)).items()
    notice_id = await noticed(registry)
    await correct(registry, visit_id, checks=prosperous("5904.00"))
    known = len(await registry.facts())

    refused = await announce_exit(registry, notice_id)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "effects-refused"), refused.text
    assert problem["rule"] == "exit-criteria"
    assert "厅字〔2016〕16号" in problem["basis"]
    (error,) = problem["errors"]
    assert (error["pointer"], error["code"]) == (
        f"/households/{poor}/criteria/per-capita-income",
        "exit-criteria",
    )
    assert error["message"] == "Observed 2952.00; needed more than 2952.00."
    assert await statuses_of(registry) == {poor: "pre-exit", stays: "pre-exit"}
    assert (await show(registry, notice_id))["state"] == "closed"
    assert len(await registry.facts()) == known

    await post(registry, f"/households/{poor}/pre-exits/withdrawals", json={"reason": "misheard"})
    again = await post(registry, "/exit-notices", json=exit_notice(posted_on=NEXT_WEEK))
    registry.clock.move_to(registry.clock.today().replace(day=15))
    await close(registry, again.json()["id"], on="2016-06-15")
    answer = await announce_exit(registry, again.json()["id"], on="2016-06-15")

    assert answer.status_code == 201, answer.text
    assert await statuses_of(registry) == {poor: "registered", stays: "exited"}


async def test_an_annulled_visit_carries_no_announcement(registry: Harness) -> None:
    ((household_id, visit_id),) = (await waiting(registry, 1)).items()
    notice_id = await noticed(registry)
    await annul(registry, visit_id)

    refused = await announce_exit(registry, notice_id)

    assert (refused.status_code, pointers(refused)) == (
        409,
        [f"/households/{household_id}/criteria/visit-valid"],
    )
    assert await statuses_of(registry) == {household_id: "pre-exit"}


@pytest.mark.parametrize(
    ("changes", "criterion"),
    [({"assurances_met": ["food"]}, "clothing"), ({"guarantees_met": ["medical", "housing"]}, "education")],
)
async def test_every_criterion_is_held_against_the_visit_again(
    registry: Harness, changes: dict[str, Any], criterion: str
) -> None:
    ((household_id, visit_id),) = (await waiting(registry, 1)).items()
    notice_id = await noticed(registry)
    await correct(registry, visit_id, **changes)

    refused = await announce_exit(registry, notice_id)

    assert pointers(refused) == [f"/households/{household_id}/criteria/{criterion}"]


async def test_each_household_that_fails_is_named(registry: Harness) -> None:
    by_visit = await waiting(registry, 1, 2, 3)
    notice_id = await noticed(registry)
    poor, annulled, _ = by_visit
    await correct(registry, by_visit[poor], checks=prosperous("2000.00"), assurances_met=[])
    await annul(registry, by_visit[annulled])

    refused = await announce_exit(registry, notice_id)

    assert pointers(refused) == [
        *(f"/households/{poor}/criteria/{name}" for name in ("per-capita-income", "food", "clothing")),
        f"/households/{annulled}/criteria/visit-valid",
    ]


async def test_an_exit_tells_the_figures_of_the_visit_as_it_stands(registry: Harness) -> None:
    (visit_id,) = (await waiting(registry, 1)).values()
    notice_id = await noticed(registry)
    await correct(registry, visit_id, checks=prosperous("10000.00"))

    answer = await announce_exit(registry, notice_id)

    assert answer.status_code == 201, answer.text
    (told,) = [fact for fact in await registry.facts() if fact.type == "registry.household-exited.v1"]
    assert json.loads(bytes(told.data))["assessment"]["per_capita_income_fen"] == 500_000
    (row,) = await registry.sql("SELECT per_capita_income_fen, outcome FROM registry.pre_exit")
    # What the pre-exit rested on stays as it was entered.
    assert tuple(row) == (600_000, "exited")


async def test_time_that_passes_alone_does_not_stop_an_announcement(registry: Harness) -> None:
    household_id, visit_id = await visited_well(registry, visited_on="2015-06-01")
    await pre_exit(registry, household_id, visit_id)
    notice_id = await noticed(registry)

    assert (await announce_exit(registry, notice_id)).status_code == 201


async def test_an_announcement_waits_for_who_is_changing_a_visit(registry: Harness) -> None:
    ((household_id, visit_id),) = (await waiting(registry, 1)).items()
    notice_id = await noticed(registry)

    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        await unit.driver.execute("UPDATE visit SET is_valid = false WHERE id = $1", UUID(visit_id))
        announcing = asyncio.create_task(announce_exit(registry, notice_id))
        await registry.until(LOCKED_OUT)
    refused = await announcing

    assert pointers(refused) == [f"/households/{household_id}/criteria/visit-valid"]
