"""Lists of other offices that are matched, and matches that are resolved, while something else happens to the same households."""

import asyncio
from uuid import UUID

from contracts import roles
from services.registry.store.cross_check import move_matches
from tests.kit import LOCKED_OUT, Harness
from tests.services.registry.builders import COUNTY, OTHER_VILLAGE, VILLAGE, filed, post
from tests.services.registry.lists import OFFICER, csv, matches, resolve, sent

LOCK = "SELECT 1 FROM household WHERE id = $1 FOR UPDATE"
MOVE = "UPDATE household SET area_code = $2 WHERE id = $1"


async def test_a_list_that_is_matched_twice_at_once_matches_once(registry: Harness) -> None:
    listed = (await sent(registry, csv(2))).json()["id"]
    await filed(registry, 1)
    path = f"/cross-checks/{listed}/matches"

    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        await unit.driver.execute("SELECT 1 FROM household FOR UPDATE")
        matching = [asyncio.create_task(post(registry, path, **OFFICER)) for _ in range(2)]
        await registry.until(f"{LOCKED_OUT} OFFSET 1")
    answers = [await one for one in matching]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert sorted(answer.json()["matched"] for answer in answers) == [0, 1]


async def test_a_match_that_crosses_a_move_does_not_stay_behind(registry: Harness) -> None:
    household_id = UUID(await filed(registry, 1))

    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        await unit.driver.execute(LOCK, household_id)
        await unit.driver.execute(MOVE, household_id, OTHER_VILLAGE)
        await unit.driver.execute(
            "UPDATE person SET area_code = $2 WHERE household_id = $1", household_id, OTHER_VILLAGE
        )
        await move_matches(unit.driver, household_id, OTHER_VILLAGE)
        sending = asyncio.create_task(sent(registry, csv(2), key="k-1"))
        await registry.until(LOCKED_OUT)
    crossed, again = await sending, await sent(registry, csv(2), key="k-1")

    assert (crossed.status_code, again.status_code) == (503, 201)
    (match,) = await registry.sql("SELECT area_code FROM registry.cross_check_match")
    assert match["area_code"] == OTHER_VILLAGE


async def test_what_became_of_a_match_follows_a_household_that_is_moving(registry: Harness) -> None:
    household_id = UUID(await filed(registry, 1))
    await sent(registry, csv(2))
    (match,) = await matches(registry)

    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        await unit.driver.execute(LOCK, household_id)
        await unit.driver.execute(MOVE, household_id, OTHER_VILLAGE)
        resolving = asyncio.create_task(resolve(registry, match["id"], roles=OFFICER["roles"], area=COUNTY))
        await registry.until(LOCKED_OUT)
        await move_matches(unit.driver, household_id, OTHER_VILLAGE)
    resolved = await resolving

    assert resolved.status_code == 201, resolved.text
    (row,) = await registry.sql("SELECT area_code FROM registry.cross_check_resolution")
    assert row["area_code"] == OTHER_VILLAGE != VILLAGE
