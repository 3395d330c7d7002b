"""A number under which somebody was once on file answers for the days on which it stood."""

from typing import Any

import asyncpg
import pytest

from chassis import schema
from contracts import roles
from services.registry.main import SERVICE
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, filed, household, identity, member, post, put, spouse

BANK: dict[str, Any] = {"roles": [roles.BANK], "area": COUNTY, "actor": "bank-1"}
WIFE, CORRECTED = identity(2, female=True), identity(40, female=True)


async def corrected(registry: Harness) -> None:
    """File a couple in January; from May on the wife stands under another number."""
    household_id = await filed(registry, 1, members=[member(1), spouse(2)], on="2016-01-04")
    again = household(1, members=[member(1), spouse(2, identity_number=CORRECTED)], effective_on="2016-05-01")
    again.pop("on", None)
    answer = await put(registry, household_id, 1, json=again)
    assert answer.status_code == 200, answer.text


async def answered(registry: Harness) -> list[str]:
    """Return what a bank is told of both numbers, each on a day before the correction and on one after it."""
    items = [
        {"identity_number": number, "on": day}
        for number in (WIFE, CORRECTED)
        for day in ("2016-04-30", "2016-05-02")
    ]
    told = await post(
        registry, "/eligibility-checks/bulk", json={"purpose": "loan interest", "items": items}, **BANK
    )
    return [each["registered"] for each in told.json()["results"]]


async def test_a_corrected_number_answers_for_the_days_before(registry: Harness) -> None:
    await corrected(registry)

    assert await answered(registry) == ["yes", "no", "no", "yes"]


async def test_numbers_of_people_who_left_before_are_taken_over(registry: Harness) -> None:
    await corrected(registry)
    where = (registry.admin_url, "registry", SERVICE.metadata, SERVICE.migrations)
    await schema.downgrade(*where, to="0013")

    await schema.upgrade(*where)

    assert await answered(registry) == ["yes", "no", "no", "yes"]


@pytest.mark.parametrize("change", ["DELETE FROM former_number", "UPDATE former_number SET person_id = NULL"])
async def test_the_service_cannot_forget_a_number(registry: Harness, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with registry.unit(roles.OFFICER, area="") as unit:
            await unit.driver.execute(change)
