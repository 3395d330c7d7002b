"""Acceptance by checklist, and moving in."""

import msgspec
import pytest

from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import (
    accept,
    allocated,
    clerk,
    completed,
    problem,
    registered_site,
)


async def test_a_rejected_house_names_what_failed_and_can_be_accepted_later(relocation: Harness) -> None:
    house = await completed(relocation, area_m2="112.50")

    first = await accept(relocation, house, kitchen_inside=False, water=False)
    second = await accept(relocation, house, floor_area_m2="99.00", on="2016-11-30")

    assert first.status_code == 200
    assert first.json()["failed"] == ["area-cap", "kitchen-inside", "water"]
    assert (first.json()["stage"], first.json()["rejected_on"]) == ("completed", "2016-11-21")
    assert (second.json()["stage"], second.json()["floor_area_m2"]) == ("accepted", "99.00")
    rejected, accepted = (await relocation.facts())[-2:]
    refusal, acceptance = msgspec.json.decode(rejected.data), msgspec.json.decode(accepted.data)
    assert refusal["failed"] == ["area-cap", "kitchen-inside", "water"]
    assert accepted.type == "relocation.house-accepted.v1"
    assert (refusal["floor_area_m2"], acceptance["floor_area_m2"]) == ("112.50", "99.00")


@pytest.mark.parametrize("check", sorted(builders.CHECKS))
async def test_each_failed_check_rejects_the_house(relocation: Harness, check: str) -> None:
    house = await completed(relocation)

    response = await accept(relocation, house, **{check: False})

    assert response.json()["failed"] == [check.replace("_", "-")]


async def test_a_house_is_accepted_once_and_only_when_completed(relocation: Harness) -> None:
    site = await registered_site(relocation)
    unfinished = await allocated(relocation, site)
    house = await completed(relocation, site)
    await accept(relocation, house)

    early = await accept(relocation, unfinished)
    again = await accept(relocation, house)

    assert problem(early)[:2] == (409, "stage-out-of-order")
    assert problem(again)[:2] == (409, "stage-already-reached")


async def test_an_inspection_does_not_go_behind_the_last_one(relocation: Harness) -> None:
    house = await completed(relocation)
    await accept(relocation, house, power=False)

    response = await accept(relocation, house, on="2016-11-20")

    assert problem(response) == (409, "date-before-previous", ["/on"])


async def test_a_clerk_cannot_accept_a_house(relocation: Harness) -> None:
    house = await completed(relocation)

    response = await clerk(relocation, f"/houses/{house['id']}/acceptances", builders.CHECKS)

    assert problem(response)[:2] == (403, "forbidden")


async def test_nobody_moves_into_a_house_that_is_not_accepted(relocation: Harness) -> None:
    house = await completed(relocation)

    response = await clerk(relocation, f"/houses/{house['id']}/moves", {})

    assert problem(response) == (409, "stage-out-of-order", ["/stage"])
