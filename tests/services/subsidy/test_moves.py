"""A household that moves takes its money and its claims along: its new office goes on with them."""

import asyncio
from uuid import UUID

from contracts import roles
from contracts.events.registry import HouseholdChanged, HouseholdProfile
from services.subsidy.store.household import lock_households, move_households
from tests.kit import LOCKED_OUT, Harness
from tests.services.subsidy.builders import (
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TODAY,
    TOWNSHIP,
    VILLAGE,
    accept,
    approved_claim,
    hear,
    on_register,
    photo,
    read,
    rejected,
    settled,
    submit,
)


def moved(household: UUID) -> HouseholdChanged:
    """Return the fact that a household lives in another township now."""
    before = HouseholdProfile(village_code=VILLAGE, persons=4, category="general")
    after = HouseholdProfile(village_code=OTHER_VILLAGE, persons=4, category="general")
    return HouseholdChanged(household_id=household, changed_on=TODAY, before=before, after=after)


async def claims_seen(harness: Harness, area: str) -> list[str]:
    """Return the ids of the claims that a township's clerk sees."""
    found = await harness.call("GET", "/subsidy/v1/claims", roles=[roles.CLERK], area=area)
    return [claim["id"] for claim in found.json()["items"]]


async def test_a_change_of_village_takes_the_household_and_its_money_along(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    await hear(subsidy, settled(claim_id, household))

    await hear(subsidy, moved(household), first_sequence=2, area=OTHER_VILLAGE)

    floors = await subsidy.call(
        "GET", "/subsidy/v1/floors", roles=[roles.CLERK], area=OTHER_TOWNSHIP, params={"year": 2016}
    )
    (row,) = floors.json()["items"]
    assert (row["area_code"], row["paid"]["amount"], row["met"]) == (OTHER_VILLAGE, "4800.00", True)


async def test_claims_go_along_with_a_household_that_moves_and_only_its_new_office_goes_on_with_them(
    subsidy: Harness,
) -> None:
    household = await on_register(subsidy)
    refused = await approved_claim(subsidy, household)
    await hear(subsidy, rejected(refused, household, reason="AC04"))
    waiting = (await submit(subsidy, household, evidence=[photo(2)])).json()["id"]
    neighbours = (await submit(subsidy, await on_register(subsidy), evidence=[photo(3)])).json()["id"]

    await hear(subsidy, moved(household), first_sequence=2, area=OTHER_VILLAGE)

    new_office = [await claims_seen(subsidy, OTHER_TOWNSHIP), await claims_seen(subsidy, TOWNSHIP)]
    shown = await subsidy.call(
        "GET", f"/subsidy/v1/claims/{refused}", roles=[roles.CLERK], area=OTHER_TOWNSHIP
    )
    old = await accept(subsidy, waiting, area=TOWNSHIP)
    new = await accept(subsidy, waiting, area=OTHER_TOWNSHIP)
    assert new_office == [[refused, waiting], [neighbours]]
    claim = shown.json()
    assert [step["status"] for step in claim["history"]] == ["submitted", "accepted", "approved"]
    assert (len(claim["evidence"]), claim["payment_problem"]["reason"]) == (1, "AC04")
    assert (old.status_code, new.status_code, new.json()["area_code"]) == (404, 200, OTHER_VILLAGE)
    assert (await subsidy.facts())[-1].areacode == OTHER_VILLAGE


async def test_statistics_count_a_claim_where_its_household_lives(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    await approved_claim(subsidy, household)

    await hear(subsidy, moved(household), first_sequence=2, area=OTHER_VILLAGE)

    counts = [
        (await read(subsidy, "statistics", params={"area": area}))["claims"]["approved"]
        for area in (TOWNSHIP, OTHER_TOWNSHIP)
    ]
    assert counts == [0, 1]


async def test_a_claim_that_is_filed_during_a_move_is_not_left_behind(subsidy: Harness) -> None:
    household = await on_register(subsidy)

    async with subsidy.unit(roles.SERVICE) as unit:
        await lock_households(unit.driver, {household: VILLAGE})
        filing = asyncio.create_task(submit(subsidy, household))
        await subsidy.until(LOCKED_OUT)
        await unit.driver.execute("UPDATE household_copy SET area_code = $1", OTHER_VILLAGE)
        await move_households(unit.driver, {household: OTHER_VILLAGE})
    refused = await filing

    assert (refused.status_code, refused.json()["code"]) == (404, "household-unknown")
    assert await subsidy.sql("SELECT 1 FROM subsidy.claim") == []
