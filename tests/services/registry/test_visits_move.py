"""A household that moves takes its visits along: seen where it lives now, gone where it lived."""

import asyncio
from typing import Any
from uuid import UUID

from chassis import schema
from contracts import roles
from services.registry.main import SERVICE
from tests.kit import LOCKED_OUT, Harness
from tests.services.registry.builders import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    household,
    post,
    put,
)
from tests.services.registry.changes import OFFICER, changed, undo
from tests.services.registry.rounds import checks, visit, visited

TABLES = ("visit", "visit_version", "visit_photo")
NEW_CLERK: dict[str, Any] = {"area": OTHER_TOWNSHIP, "actor": "clerk-9"}


async def rows_in(registry: Harness, area: str) -> list[int]:
    """Return how many rows of each table row-level security shows to an area."""
    async with registry.unit(roles.CLERK, area=area) as unit:
        return [await unit.driver.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]  # noqa: S608 - our tables


async def correct(registry: Harness, visit_id: str, cause: str, **who: Any) -> Any:
    """State a visit anew with another cause."""
    body = visit(cause=cause) | {"reason": "misheard"}
    del body["visited_on"]
    return await post(registry, f"/visits/{visit_id}/corrections", json=body, **who)


async def moved(registry: Harness, household_id: str, village: str = OTHER_VILLAGE) -> None:
    """Move a household to another township."""
    version = (await get(registry, f"/households/{household_id}", **OFFICER)).json()["version"]
    answer = await put(registry, household_id, version, json=household(village_code=village))
    assert answer.status_code == 200, answer.text


async def test_visits_are_seen_where_the_household_lives_now_and_nowhere_else(registry: Harness) -> None:
    household_id = await filed(registry)
    visit_id = (await visited(registry, household_id))["id"]
    assert (await rows_in(registry, TOWNSHIP), await rows_in(registry, OTHER_TOWNSHIP)) == ([1] * 3, [0] * 3)

    await moved(registry, household_id)

    assert (await rows_in(registry, TOWNSHIP), await rows_in(registry, OTHER_TOWNSHIP)) == ([0] * 3, [1] * 3)
    for path in (f"/visits/{visit_id}", f"/households/{household_id}/visits"):
        assert (await get(registry, path)).status_code == 404
    seen = (await get(registry, f"/visits/{visit_id}", **NEW_CLERK)).json()
    assert (seen["village_code"], len(seen["history"]), len(seen["photos"])) == (VILLAGE, 1, 1)
    (listed,) = (await get(registry, f"/households/{household_id}/visits", **NEW_CLERK)).json()["items"]
    assert listed["id"] == visit_id
    ledger = (await get(registry, f"/households/{household_id}/income", **NEW_CLERK)).json()
    assert [look["visit_id"] for look in ledger["looks"] if look["source"] == "visit"] == [visit_id]


async def test_who_answers_for_the_household_now_corrects_its_earlier_visits(registry: Harness) -> None:
    household_id = await filed(registry)
    visit_id = (await visited(registry, household_id))["id"]
    await moved(registry, household_id)

    stranger = await correct(registry, visit_id, "02", roles=[roles.CLERK], area=TOWNSHIP)
    answer = await correct(registry, visit_id, "02", roles=[roles.CLERK], **NEW_CLERK)

    assert stranger.status_code == 404
    assert answer.status_code == 200, answer.text
    assert await rows_in(registry, OTHER_TOWNSHIP) == [1, 2, 2]
    assert (await registry.facts())[-1].areacode == OTHER_VILLAGE


async def test_a_move_that_is_undone_brings_the_visits_back(registry: Harness) -> None:
    household_id = await filed(registry)
    await visited(registry, household_id)
    body: dict[str, Any] = {"village_code": OTHER_VILLAGE, "address": "三村一组"}
    request_id = await changed(registry, "move", household_id, who=OFFICER | {"actor": "officer-2"}, **body)
    there = await rows_in(registry, OTHER_TOWNSHIP)

    answer = await undo(registry, request_id, **(OFFICER | {"actor": "officer-2"}))

    assert answer.status_code == 200, answer.text
    assert there == [1] * 3
    assert (await rows_in(registry, TOWNSHIP), await rows_in(registry, OTHER_TOWNSHIP)) == ([1] * 3, [0] * 3)


async def test_a_visit_that_crosses_a_move_is_not_recorded_where_the_household_lived(
    registry: Harness,
) -> None:
    household_id = await filed(registry)
    body = visit(checks=checks())

    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        # As every command does that moves a household: lock it, then state it anew.
        await unit.driver.execute("SELECT 1 FROM household WHERE id = $1 FOR UPDATE", UUID(household_id))
        await unit.driver.execute(
            "UPDATE household SET area_code = $2 WHERE id = $1", UUID(household_id), OTHER_VILLAGE
        )
        visiting = asyncio.create_task(
            post(registry, f"/households/{household_id}/visits", json=body, key="k-1")
        )
        await registry.until(LOCKED_OUT)
    crossed = await visiting
    again = await post(registry, f"/households/{household_id}/visits", json=body, key="k-1")

    assert (crossed.status_code, crossed.json()["code"]) == (503, "unavailable")
    assert again.status_code == 404
    assert await rows_in(registry, "") == [0] * 3


async def test_visits_that_stayed_behind_before_are_brought_where_the_household_lives(
    registry: Harness,
) -> None:
    household_id = await filed(registry)
    await visited(registry, household_id)
    await moved(registry, household_id)
    where = (registry.admin_url, "registry", SERVICE.metadata, SERVICE.migrations)
    await schema.downgrade(*where, to="0012")
    for table in TABLES:
        await registry.sql(f"UPDATE registry.{table} SET area_code = $1", VILLAGE)  # noqa: S608 - our tables

    await schema.upgrade(*where)

    (row,) = await registry.sql("SELECT area_code, village_code FROM registry.visit")
    assert (row["area_code"], row["village_code"]) == (OTHER_VILLAGE, VILLAGE)
    assert (await rows_in(registry, TOWNSHIP), await rows_in(registry, OTHER_TOWNSHIP)) == ([0] * 3, [1] * 3)
