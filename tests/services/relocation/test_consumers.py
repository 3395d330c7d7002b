"""The copy of the register follows the registry's events, newest last whatever arrives twice or late."""

from datetime import date
from typing import Any

from chassis.ids import new_id
from contracts.events.registry import (
    HouseholdChanged,
    HouseholdExited,
    HouseholdProfile,
    HouseholdReturned,
    HouseholdVerified,
)
from tests.kit import Harness
from tests.services.relocation.builders import OTHER_VILLAGE, VILLAGE, on_register

DAY = date(2016, 3, 1)


async def copy(harness: Harness) -> dict[str, Any]:
    """Return the one household that was heard of."""
    (row,) = await harness.sql("SELECT area_code, persons, status, sequence FROM relocation.household_copy")
    return dict(row)


async def test_a_household_is_known_after_its_verification(relocation: Harness) -> None:
    await on_register(relocation)

    assert await copy(relocation) == {
        "area_code": VILLAGE,
        "persons": 4,
        "status": "verified",
        "sequence": 2,
    }


async def test_exit_and_return_change_the_status_only(relocation: Harness) -> None:
    household = await on_register(relocation)

    await relocation.hear(HouseholdExited(household_id=household, exited_on=DAY, reason="x"), sequence=3)
    exited = await copy(relocation)
    await relocation.hear(HouseholdReturned(household_id=household, returned_on=DAY, reason="x"), sequence=4)
    returned = await copy(relocation)

    assert (exited["status"], exited["persons"], exited["area_code"]) == ("exited", 4, VILLAGE)
    assert (returned["status"], returned["sequence"]) == ("returned", 4)


async def test_a_move_takes_the_household_to_its_new_village(relocation: Harness) -> None:
    household = await on_register(relocation)
    moved = HouseholdChanged(
        household_id=household,
        changed_on=DAY,
        before=HouseholdProfile(village_code=VILLAGE, persons=4, category="general"),
        after=HouseholdProfile(village_code=OTHER_VILLAGE, persons=5, category="dibao"),
    )

    await relocation.hear(moved, sequence=3, area=VILLAGE)

    found = await copy(relocation)
    assert (found["area_code"], found["persons"], found["status"]) == (OTHER_VILLAGE, 5, "verified")


async def test_an_older_event_undoes_nothing(relocation: Harness) -> None:
    household = await on_register(relocation)
    await relocation.hear(HouseholdExited(household_id=household, exited_on=DAY, reason="x"), sequence=3)
    late = HouseholdVerified(
        household_id=household, village_code=VILLAGE, persons=9, category="general", verified_on=DAY
    )

    await relocation.hear(late, sequence=2)

    found = await copy(relocation)
    assert (found["status"], found["persons"]) == ("exited", 4)


async def test_a_household_first_heard_of_at_its_exit_is_kept_until_more_is_known(
    relocation: Harness,
) -> None:
    household = new_id()
    await relocation.hear(HouseholdExited(household_id=household, exited_on=DAY, reason="x"), sequence=3)

    found = await copy(relocation)

    assert (found["status"], found["persons"]) == ("exited", None)
