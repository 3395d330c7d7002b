"""Visits recorded and corrected at the same moment."""

import asyncio
from uuid import UUID

from contracts import roles
from tests.kit import LOCKED_OUT, Harness
from tests.services.registry.builders import COUNTY, NEXT_VILLAGE, TOWNSHIP, filed, post
from tests.services.registry.rounds import photo, visit, visited
from tests.services.registry.test_visit_change import correction

BOTH_LOCKED_OUT = f"{LOCKED_OUT} OFFSET 1"


async def test_a_photo_sent_for_two_households_at_once_shows_one_of_them(registry: Harness) -> None:
    ids = [await filed(registry, 1), await filed(registry, 2, village_code=NEXT_VILLAGE)]

    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        await unit.driver.execute("LOCK TABLE visit IN SHARE ROW EXCLUSIVE MODE")
        visiting = [
            asyncio.create_task(post(registry, f"/households/{one}/visits", json=visit(photos=[photo(1)])))
            for one in ids
        ]
        await registry.until(BOTH_LOCKED_OUT)
    answers = [await one for one in visiting]

    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert len(await registry.sql("SELECT 1 FROM registry.visit_photo")) == 1


async def test_a_correction_that_waited_for_another_corrects_what_that_says(registry: Harness) -> None:
    recorded = await visited(registry, await filed(registry))

    async with registry.unit(roles.CLERK, area=TOWNSHIP) as unit:
        await unit.driver.execute("SELECT 1 FROM visit WHERE id = $1 FOR UPDATE", UUID(recorded["id"]))
        correcting = [
            asyncio.create_task(correction(registry, recorded["id"], photos=[photo(number)]))
            for number in (2, 3)
        ]
        await registry.until(BOTH_LOCKED_OUT)
    answers = [await one for one in correcting]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert sorted(answer.json()["version"] for answer in answers) == [2, 3]
