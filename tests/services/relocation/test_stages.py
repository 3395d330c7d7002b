"""Stages in their order, and corrections of their dates."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from tests.kit import Harness
from tests.services.relocation.builders import (
    STAGES,
    accept,
    advance,
    allocated,
    clerk,
    completed,
    problem,
    types_of,
)


async def test_stages_follow_each_other_up_to_moving_in(relocation: Harness) -> None:
    house = await completed(relocation)

    accepted = await accept(relocation, house)
    moved = await clerk(relocation, f"/houses/{house['id']}/moves", {})

    assert (accepted.json()["stage"], accepted.json()["failed"]) == ("accepted", [])
    assert (moved.json()["stage"], moved.json()["moved_in_on"]) == ("moved-in", "2016-12-01")
    facts = (await relocation.facts())[1:]
    assert [(fact.type.split(".")[1], fact.sequence) for fact in facts] == [
        ("household-allocated", 1),
        ("house-started", 2),
        ("house-topped-out", 3),
        ("house-completed", 4),
        ("house-accepted", 5),
        ("household-moved-in", 6),
    ]


async def test_a_house_over_the_cap_is_recorded_at_completion_and_published(relocation: Harness) -> None:
    house = await completed(relocation, area_m2="112.50")

    fact = (await relocation.facts())[-1]
    assert house["floor_area_m2"] == "112.50"
    assert msgspec.json.decode(fact.data) == {
        "house_id": house["id"],
        "household_id": house["household_id"],
        "site_id": house["site_id"],
        "floor_area_m2": "112.50",
        "persons": 4,
        "completed_on": "2016-11-07",
    }


@pytest.mark.parametrize(
    ("done", "step", "code", "pointer"),
    [
        (0, {"stage": "topped-out", "on": "2016-05-01"}, "stage-out-of-order", "/stage"),
        (1, {"stage": "started", "on": "2016-05-01"}, "stage-already-reached", "/stage"),
        (0, {"stage": "started", "on": "2016-02-17"}, "date-before-previous", "/on"),
        (0, {"stage": "started", "on": "2016-12-02"}, "date-in-future", "/on"),
    ],
)
async def test_a_stage_out_of_place_is_refused(
    relocation: Harness, done: int, step: dict[str, str], code: str, pointer: str
) -> None:
    house = await advance(relocation, await allocated(relocation), *STAGES[:done])

    response = await clerk(relocation, f"/houses/{house['id']}/stages", step)

    assert problem(response) == (409, code, [pointer])


@pytest.mark.parametrize(
    ("done", "step", "code"),
    [
        (2, {"stage": "completed", "on": "2016-11-07"}, "floor-area-missing"),
        (0, {"stage": "started", "on": "2016-04-11", "floor_area_m2": "97.00"}, "floor-area-unexpected"),
    ],
)
async def test_the_floor_area_is_measured_at_completion_only(
    relocation: Harness, done: int, step: dict[str, str], code: str
) -> None:
    house = await advance(relocation, await allocated(relocation), *STAGES[:done])

    response = await clerk(relocation, f"/houses/{house['id']}/stages", step)

    assert problem(response) == (422, code, ["/floor_area_m2"])


async def test_acceptance_is_no_stage_to_be_recorded(relocation: Harness) -> None:
    house = await completed(relocation)

    response = await clerk(relocation, f"/houses/{house['id']}/stages", {"stage": "accepted"})

    assert problem(response) == (422, "invalid-request", ["/stage"])


async def test_a_correction_keeps_before_and_after(relocation: Harness) -> None:
    house = await completed(relocation)
    body = {"stage": "completed", "on": "2016-12-01", "reason": "date-misread"}

    response = await clerk(relocation, f"/houses/{house['id']}/stage-corrections", body)

    assert response.json()["completed_on"] == "2016-12-01"
    fact = (await relocation.facts())[-1]
    assert (fact.type, fact.sequence) == ("relocation.house-stage-corrected.v1", 5)
    assert msgspec.json.decode(fact.data) == {
        "house_id": house["id"],
        "household_id": house["household_id"],
        "stage": "completed",
        "before": "2016-11-07",
        "after": "2016-12-01",
        "reason": "date-misread",
        "corrected_on": "2016-12-01",
    }


@pytest.mark.parametrize(
    ("stage", "on", "code", "pointer"),
    [
        ("topped-out", "2016-11-08", "date-after-next", "/on"),
        ("topped-out", "2016-04-10", "date-before-previous", "/on"),
        ("completed", "2016-12-02", "date-in-future", "/on"),
        ("completed", "2016-11-07", "nothing-to-correct", "/on"),
        ("accepted", "2016-11-21", "stage-not-reached", "/stage"),
    ],
)
async def test_a_correction_that_breaks_the_order_is_refused(
    relocation: Harness, stage: str, on: str, code: str, pointer: str
) -> None:
    house = await completed(relocation)
    body = {"stage": stage, "on": on, "reason": "date-misread"}

    response = await clerk(relocation, f"/houses/{house['id']}/stage-corrections", body)

    assert problem(response) == (409, code, [pointer])


async def test_an_allocation_is_not_corrected_to_a_day_before_its_site_was_registered(
    relocation: Harness,
) -> None:
    house = await allocated(relocation)
    (site,) = await relocation.sql("SELECT registered_on FROM relocation.site")
    path, first = f"/houses/{house['id']}/stage-corrections", site["registered_on"]
    body = {"stage": "allocated", "reason": "date-misread"}

    before = await clerk(relocation, path, body | {"on": (first - timedelta(days=1)).isoformat()})
    same_day = await clerk(relocation, path, body | {"on": first.isoformat()})

    assert problem(before) == (409, "date-before-previous", ["/on"])
    assert same_day.json()["allocated_on"] == first.isoformat()


async def test_a_reason_is_a_code_so_that_no_name_slips_in(relocation: Harness) -> None:
    house = await completed(relocation)
    body = {"stage": "completed", "on": "2016-12-01", "reason": "Mr Yang said so"}

    response = await clerk(relocation, f"/houses/{house['id']}/stage-corrections", body)

    assert problem(response) == (422, "invalid-request", ["/reason"])


async def test_ten_starts_at_once_start_the_house_once(relocation: Harness) -> None:
    house = await allocated(relocation)

    calls = [clerk(relocation, f"/houses/{house['id']}/stages", STAGES[0]) for _ in range(10)]
    answers = await asyncio.gather(*calls)

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert (await types_of(relocation)).count("relocation.house-started.v1") == 1
