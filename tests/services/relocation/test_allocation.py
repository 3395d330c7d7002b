"""A household on the register gets its one house."""

import asyncio
from datetime import date
from uuid import UUID

import msgspec
import pytest

from chassis.ids import new_id
from contracts.events.registry import HouseholdChanged, HouseholdClosed, HouseholdExited, HouseholdProfile
from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import (
    VILLAGE,
    allocated,
    allocation,
    clerk,
    officer,
    on_register,
    problem,
    read,
    registered_site,
    types_of,
)


async def test_an_allocation_freezes_persons_and_cap(relocation: Harness) -> None:
    site = await registered_site(relocation)
    household = await on_register(relocation)

    response = await clerk(relocation, "/allocations", allocation(household, site))

    house = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/relocation/v1/houses/{house['id']}"
    assert (house["persons"], house["area_cap_m2"], house["stage"]) == (4, "100.00", "allocated")
    fact = (await relocation.facts())[-1]
    assert (fact.type, fact.sequence, fact.areacode) == ("relocation.household-allocated.v1", 1, VILLAGE)
    assert msgspec.json.decode(fact.data) == {
        "house_id": house["id"],
        "household_id": str(household),
        "site_id": site,
        "persons": 4,
        "floor_area_m2": "96.50",
        "allocated_on": "2016-02-18",
    }


async def test_a_later_birth_changes_neither_persons_nor_cap(relocation: Harness) -> None:
    house = await allocated(relocation)
    before = HouseholdProfile(village_code=VILLAGE, persons=4, category="general")
    after = HouseholdProfile(village_code=VILLAGE, persons=5, category="general")
    born = HouseholdChanged(
        household_id=UUID(house["household_id"]), changed_on=date(2016, 3, 1), before=before, after=after
    )

    await relocation.hear(born, sequence=3, area=VILLAGE)

    shown = (await read(relocation, f"/houses/{house['id']}")).json()
    assert (shown["persons"], shown["area_cap_m2"]) == (4, "100.00")


async def test_an_unknown_household_is_told_to_try_again(relocation: Harness) -> None:
    site = await registered_site(relocation)

    response = await clerk(relocation, "/allocations", allocation(new_id(), site))

    assert problem(response) == (409, "household-unknown", ["/household_id"])
    assert "try again" in response.json()["detail"]
    assert response.headers["retry-after"] == "2"


async def test_a_household_of_another_township_is_unknown_to_a_clerk(relocation: Harness) -> None:
    site = await registered_site(relocation)
    household = await on_register(relocation, area=builders.OTHER_VILLAGE)

    response = await clerk(relocation, "/allocations", allocation(household, site))

    assert problem(response)[1] == "household-unknown"


async def test_an_exited_household_is_refused(relocation: Harness) -> None:
    site = await registered_site(relocation)
    household = await on_register(relocation)
    exited = HouseholdExited(household_id=household, exited_on=date(2016, 2, 1), reason="income")
    await relocation.hear(exited, sequence=3, area=VILLAGE)

    response = await clerk(relocation, "/allocations", allocation(household, site))

    assert problem(response) == (409, "household-not-on-register", ["/household_id"])


async def test_a_household_removed_by_a_round_is_refused(relocation: Harness) -> None:
    site = await registered_site(relocation)
    household = await on_register(relocation)
    closed = HouseholdClosed(
        household_id=household,
        closed_on=date(2016, 2, 1),
        reason="ruled-out",
        was_on_register=True,
        persons=4,
    )
    await relocation.hear(closed, sequence=3, area=VILLAGE)

    response = await clerk(relocation, "/allocations", allocation(household, site))

    assert problem(response) == (409, "household-not-on-register", ["/household_id"])


async def test_an_unknown_site_is_refused(relocation: Harness) -> None:
    household = await on_register(relocation)

    response = await clerk(relocation, "/allocations", allocation(household, str(new_id())))

    assert problem(response) == (404, "site-unknown", ["/site_id"])


async def test_a_second_house_is_refused(relocation: Harness) -> None:
    house = await allocated(relocation)

    again = allocation(house["household_id"], house["site_id"])
    response = await clerk(relocation, "/allocations", again)

    assert problem(response) == (409, "household-already-allocated", ["/household_id"])


async def test_a_house_hidden_in_another_township_still_counts(relocation: Harness) -> None:
    far = await registered_site(relocation, name="far", area_code=builders.OTHER_VILLAGE)
    near = await registered_site(relocation, name="near")
    household = await on_register(relocation)
    first = await officer(relocation, "/allocations", allocation(household, far))
    assert first.status_code == 201

    response = await clerk(relocation, "/allocations", allocation(household, near))

    assert problem(response) == (409, "household-already-allocated", ["/household_id"])


async def test_twenty_allocations_at_once_give_one_house(relocation: Harness) -> None:
    site = await registered_site(relocation)
    household = await on_register(relocation)

    calls = [clerk(relocation, "/allocations", allocation(household, site)) for _ in range(20)]
    answers = await asyncio.gather(*calls)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert (await types_of(relocation)).count("relocation.household-allocated.v1") == 1


async def test_a_full_site_takes_nobody_more_even_at_once(relocation: Harness) -> None:
    site = await registered_site(relocation, planned_households=2, planned_persons=8)
    households = [await on_register(relocation) for _ in range(6)]

    calls = [clerk(relocation, "/allocations", allocation(each, site)) for each in households]
    answers = await asyncio.gather(*calls)

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert problem(refused) == (409, "site-full", ["/site_id"])


async def test_a_house_designed_above_the_cap_is_refused(relocation: Harness) -> None:
    site = await registered_site(relocation)
    household = await on_register(relocation)

    above = await clerk(relocation, "/allocations", allocation(household, site, floor_area_m2="100.01"))
    exact = await clerk(relocation, "/allocations", allocation(household, site, floor_area_m2="100.00"))

    assert problem(above) == (409, "area-above-cap", ["/floor_area_m2"])
    assert exact.status_code == 201


async def test_an_allocation_without_a_cap_in_force_is_refused(bare: Harness) -> None:
    await officer(bare, "/rules", builders.rule(builders.STANDARD))
    site = await registered_site(bare)
    household = await on_register(bare)

    response = await clerk(bare, "/allocations", allocation(household, site))

    assert problem(response)[:2] == (409, "rule-not-in-force")


@pytest.mark.parametrize(
    ("on", "code"), [("2016-12-02", "date-in-future"), ("2016-02-15", "date-before-previous")]
)
async def test_an_allocation_lies_between_the_sites_registration_and_today(
    relocation: Harness, on: str, code: str
) -> None:
    site = await registered_site(relocation)
    household = await on_register(relocation)

    response = await clerk(relocation, "/allocations", allocation(household, site, on=on))

    assert problem(response) == (409, code, ["/on"])


async def test_a_floor_area_is_a_decimal_string(relocation: Harness) -> None:
    body = allocation(new_id(), str(new_id()), floor_area_m2=96.5)

    response = await clerk(relocation, "/allocations", body)

    assert problem(response) == (422, "invalid-request", ["/floor_area_m2"])
