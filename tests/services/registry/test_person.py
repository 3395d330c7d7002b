"""Somebody's way through households, and people who stood on the register twice."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.kit import Harness
from tests.services.registry.builders import (
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    VILLAGE,
    get,
    member,
    post,
    spouse,
)
from tests.services.registry.changes import OFFICER, aged, changed, ids, review, undo


async def history(registry: Harness, person_id: str, **who: Any) -> list[tuple[str, str, str, str | None]]:
    """Return household, village, first day and day after the last of each membership."""
    shown = (await get(registry, f"/persons/{person_id}/history", **who)).json()
    return [
        (each["household_id"], each["village_code"], each["since"], each["until"])
        for each in shown["memberships"]
    ]


async def merge(registry: Harness, kept: str, dropped: str, **body: Any) -> httpx.Response:
    """Ask that somebody who stands on the register twice is taken for one."""
    asked = {"kept": kept, "dropped": dropped, "reason": "filed-twice"} | body
    return await post(registry, "/persons/merges", json=asked, **OFFICER)


async def test_a_history_names_every_household_with_its_days(registry: Harness) -> None:
    origin, other = await aged(registry, 1), await aged(registry, 2)
    wife = (await ids(registry, origin))[1]
    into = {"household_id": other, "relation": "38"}
    await changed(registry, "marriage-out", origin, person_id=wife, into=into, effective_on="2016-03-01")
    await changed(registry, "move", other, OFFICER, village_code=OTHER_VILLAGE, effective_on="2016-05-01")

    assert await history(registry, wife, **OFFICER) == [
        (origin, VILLAGE, "2016-01-01", "2016-03-01"),
        (other, VILLAGE, "2016-03-01", "2016-05-01"),
        (other, OTHER_VILLAGE, "2016-05-01", None),
    ]
    # Each township sees the days that were its own.
    assert await history(registry, wife) == [
        (origin, VILLAGE, "2016-01-01", "2016-03-01"),
        (other, VILLAGE, "2016-03-01", "2016-05-01"),
    ]
    assert await history(registry, wife, area=OTHER_TOWNSHIP) == [(other, OTHER_VILLAGE, "2016-05-01", None)]


async def test_a_closed_file_holds_nobody(registry: Harness) -> None:
    household_id = await aged(registry, members=[member(2)])
    (head,) = await ids(registry, household_id)
    request_id = await changed(registry, "death", household_id, person_id=head, effective_on="2016-04-01")

    assert await history(registry, head) == [(household_id, VILLAGE, "2016-01-01", "2016-04-01")]
    await undo(registry, request_id)
    assert await history(registry, head) == [(household_id, VILLAGE, "2016-01-01", None)]


async def test_somebody_of_another_area_has_no_history(registry: Harness) -> None:
    head = (await ids(registry, await aged(registry)))[0]

    for path in (f"/persons/{head}", f"/persons/{head}/history"):
        assert (await get(registry, path)).status_code == 200
        assert (await get(registry, path, area=OTHER_TOWNSHIP)).status_code == 404
        assert (await get(registry, path, roles=["insurer"])).status_code == 403


async def test_a_person_is_shown_masked(registry: Harness) -> None:
    household_id = await aged(registry)
    head = (await ids(registry, household_id))[0]

    shown = (await get(registry, f"/persons/{head}")).json()

    assert (shown["household_id"], shown["name"], shown["merged_into"]) == (household_id, "金***", None)


async def test_a_dropped_duplicate_is_looked_up_as_the_kept_one(registry: Harness) -> None:
    first = await aged(registry, 1, members=[member(2)])
    second = await aged(registry, 2, members=[member(4), spouse(5)], village_code=NEXT_VILLAGE)
    (kept,), (dropped, wife) = await ids(registry, first), await ids(registry, second)
    asked = await merge(registry, kept, dropped, relations=[{"person_id": wife, "relation": "02"}])

    clerk = await review(registry, asked.json()["id"])
    officer = await review(registry, asked.json()["id"], **(OFFICER | {"actor": "officer-2"}))

    assert (asked.json()["kind"], clerk.status_code, officer.status_code) == ("duplicate-merge", 403, 200)
    assert (await get(registry, f"/persons/{dropped}")).json()["merged_into"] == kept
    assert (await get(registry, f"/persons/{dropped}/history")).json()["merged_into"] == kept
    assert await ids(registry, second) == [wife]


async def test_an_emptied_household_of_a_duplicate_is_closed_and_comes_back_when_undone(
    registry: Harness,
) -> None:
    first, second = await aged(registry, 1, members=[member(2)]), await aged(registry, 2, members=[member(4)])
    (kept,), (dropped,) = await ids(registry, first), await ids(registry, second)
    request_id = (await merge(registry, kept, dropped)).json()["id"]
    await review(registry, request_id, **(OFFICER | {"actor": "officer-2"}))
    closed = (await get(registry, f"/households/{second}")).json()["status"]
    fact = (await registry.facts())[-1]

    undone = await undo(registry, request_id, **(OFFICER | {"actor": "officer-2"}))

    assert closed == "closed"
    assert b'"reason":"duplicate"' in bytes(fact.data)
    assert undone.status_code == 200, undone.text
    assert (await get(registry, f"/persons/{dropped}")).json()["merged_into"] is None
    assert (await get(registry, f"/households/{second}")).json()["status"] == "registered"
    assert len(await registry.sql("SELECT 1 FROM registry.person_merge")) == 2


async def test_nobody_is_merged_with_themselves_or_a_stranger(registry: Harness) -> None:
    household_id = await aged(registry)
    head, wife = await ids(registry, household_id)
    there = (await ids(registry, await aged(registry, 2, village_code=OTHER_VILLAGE)))[0]
    clerk = {"kept": head, "dropped": there, "reason": "filed-twice"}

    same = await merge(registry, head, head)
    unknown = await merge(registry, household_id, wife)

    assert (same.status_code, same.json()["code"]) == (422, "same-household")
    assert unknown.status_code == 404
    assert (await post(registry, "/persons/merges", json=clerk)).status_code == 404


async def test_the_trace_of_a_merge_is_never_rewritten(registry: Harness) -> None:
    for statement in ("UPDATE person_merge SET kept_id = dropped_id", "DELETE FROM person_merge"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with registry.unit(area="") as unit:
                await unit.driver.execute(statement)
