"""Counts by area, category, state, cause and round, as of any day and as known before any moment, each with its lineage."""

import hashlib
from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    household,
    member,
    post,
    put,
)

OFFICER = {"roles": [roles.OFFICER], "area": COUNTY}


async def statistics(registry: Harness, **query: Any) -> dict[str, Any]:
    """Return the county's statistics."""
    who = {name: query.pop(name) for name in ("roles", "area_of_caller") if name in query}
    caller = {**OFFICER, "area": who.get("area_of_caller", COUNTY)}
    answer = await get(registry, "/statistics", params=query, **caller)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def pages(registry: Harness, address: str, limit: int = 2) -> list[dict[str, Any]]:
    """Return every row behind a count, a few at a time."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        path = f"{address.removeprefix('/registry/v1')}&limit={limit}{cursor}"
        page = await get(registry, path, **OFFICER)
        assert page.status_code == 200, page.text
        rows += page.json()["items"]
        assert len(page.json()["items"]) <= limit
        if page.json()["next"] is None:
            return rows
        cursor = f"&cursor={page.json()['next']}"


def digest_of(rows: list[dict[str, Any]]) -> str:
    """Return the digest as its description says."""
    lines = [f"{row['household_id']} {row['version']} {row['standing_version']}\n" for row in rows]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


async def four_households(registry: Harness) -> list[str]:
    """File one household in each of two villages of one township, one in another, and a candidate."""
    other = {"area": OTHER_TOWNSHIP, "roles": [roles.CLERK], "actor": "clerk-2"}
    ids = [await filed(registry, 1), await filed(registry, 2, village_code=NEXT_VILLAGE, attribute="02")]
    ids.append(await filed(registry, 3, candidate=True))
    body = household(4, village_code=OTHER_VILLAGE, attribute="03", cause="02", members=[member(8)])
    answer = await post(registry, "/households", json=body, **other)
    assert answer.status_code == 201, answer.text
    return [*ids, answer.json()["id"]]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("township", [(f"{TOWNSHIP}000", "甲镇", 2, 4), (f"{OTHER_TOWNSHIP}000", "乙镇", 1, 1)]),
        ("village", [(VILLAGE, "一村", 1, 2), (NEXT_VILLAGE, "二村", 1, 2), (OTHER_VILLAGE, "三村", 1, 1)]),
        ("category", [("dibao", None, 1, 2), ("general", None, 1, 2), ("wubao", None, 1, 1)]),
        ("status", [("candidate", None, 1, 2), ("registered", None, 3, 5)]),
        ("cause", [("01", "因病", 2, 4), ("02", "因残", 1, 1)]),
    ],
)
async def test_groups_name_their_households_and_people(
    registry: Harness, group: str, expected: list[tuple[str, str | None, int, int]]
) -> None:
    await four_households(registry)

    found = await statistics(registry, group_by=group)

    shown = [(one["key"], one["name"], one["households"], one["persons"]) for one in found["groups"]]
    assert shown == expected
    assert (found["households"], found["persons"], found["group_by"]) == (3, 5, group)
    assert found["categories"]["dibao"] == {"households": 1, "persons": 2}


async def test_groups_come_page_by_page(registry: Harness) -> None:
    await four_households(registry)

    first = await statistics(registry, group_by="village", limit=2)
    second = await statistics(registry, group_by="village", limit=2, cursor=first["next"])

    keys = [one["key"] for one in (*first["groups"], *second["groups"])]
    assert keys == [VILLAGE, NEXT_VILLAGE, OTHER_VILLAGE]
    assert second["next"] is None


async def test_anybody_can_add_up_the_digest_from_the_rows(registry: Harness) -> None:
    await four_households(registry)

    lineage = (await statistics(registry))["lineage"]

    rows = await pages(registry, lineage["rows"])
    assert digest_of(rows) == lineage["sha256"]
    assert (lineage["households"], lineage["versions"]) == (4, 8)
    assert sum(row["is_on_register"] for row in rows) == 3
    assert sum(row["persons"] for row in rows if row["is_on_register"]) == 5
    assert lineage["sources"] == ["household_version", "household_standing"]


async def test_the_same_question_has_the_same_answer_whatever_happens_later(registry: Harness) -> None:
    ids = await four_households(registry)
    before = await statistics(registry, group_by="category")
    lineage = before["lineage"]
    await post(
        registry, f"/households/{ids[0]}/exits", json={"reason": "income-above-line", "on": "2016-06-01"}
    )
    await put(
        registry, ids[1], 1, json=household(2, village_code=NEXT_VILLAGE, attribute="03", members=[member(4)])
    )
    await filed(registry, 9, on="2016-03-01")

    after = await statistics(registry, group_by="category")
    known = {name: lineage[name] for name in ("as_of", "recorded_before")}
    again = await statistics(registry, group_by="category", **known)

    assert (after["households"], after["lineage"]["sha256"]) != (before["households"], lineage["sha256"])
    assert again["lineage"] == lineage
    assert again["groups"] == before["groups"]
    assert digest_of(await pages(registry, lineage["rows"])) == lineage["sha256"]


async def test_the_digest_changes_when_a_row_of_the_answer_does_and_only_then(registry: Harness) -> None:
    ids = await four_households(registry)

    async def digest(**query: Any) -> str:
        return str((await statistics(registry, **query))["lineage"]["sha256"])

    here, there, past = (
        await digest(area=TOWNSHIP),
        await digest(area=OTHER_TOWNSHIP),
        await digest(as_of="2016-05-31"),
    )

    await post(registry, f"/households/{ids[0]}/verifications", json={})

    assert await digest(area=TOWNSHIP) != here
    assert await digest(area=OTHER_TOWNSHIP) == there
    assert await digest(as_of="2016-05-31") == past


async def test_what_becomes_known_later_changes_the_past_only_from_then_on(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    first = await statistics(registry, as_of="2016-04-15")
    answer = await put(
        registry, household_id, 1, json=household(members=[member(2)]) | {"effective_on": "2016-04-01"}
    )
    assert answer.status_code == 200, answer.text

    now = await statistics(registry, as_of="2016-04-15")
    then = await statistics(registry, as_of="2016-04-15", recorded_before=first["lineage"]["recorded_before"])

    assert (first["persons"], now["persons"], then["persons"]) == (2, 1, 2)
    assert then["lineage"]["sha256"] == first["lineage"]["sha256"] != now["lineage"]["sha256"]


async def test_a_count_says_while_a_command_is_in_flight(registry: Harness) -> None:
    quiet = await statistics(registry)
    unit = registry.unit(roles.OFFICER, area=COUNTY)

    async with unit:
        await unit.driver.execute("SELECT count(*) FROM household")
        busy = await statistics(registry)

    assert quiet["lineage"]["is_settled"] is True
    assert busy["lineage"]["is_settled"] is False
    assert (await statistics(registry, recorded_before=busy["lineage"]["recorded_before"]))["lineage"][
        "is_settled"
    ]


async def test_an_empty_register_has_counts_and_a_digest_of_nothing(registry: Harness) -> None:
    found = await statistics(registry, group_by="village")

    assert (found["households"], found["groups"]) == (0, [])
    assert found["lineage"]["sha256"] == hashlib.sha256(b"").hexdigest()
    assert await pages(registry, found["lineage"]["rows"]) == []


async def test_another_township_is_not_counted_and_not_listed(registry: Harness) -> None:
    await four_households(registry)
    clerk = {"roles": [roles.CLERK], "area": TOWNSHIP}

    own = await get(registry, "/statistics?group_by=village", **clerk)
    for path in ("/statistics", "/statistics/lineage", "/overlaps", "/key-villages"):
        assert (await get(registry, f"{path}?area={OTHER_TOWNSHIP}", **clerk)).status_code == 404, path
        assert (await get(registry, f"{path}?area={COUNTY}", **clerk)).status_code == 404, path
        assert (await get(registry, path, roles=[roles.BANK], area=COUNTY)).status_code == 403, path

    assert [one["key"] for one in own.json()["groups"]] == [VILLAGE, NEXT_VILLAGE]
    listed = await get(registry, "/statistics/lineage", **clerk)
    assert {row["village_code"] for row in listed.json()["items"]} == {VILLAGE, NEXT_VILLAGE}


async def test_a_household_that_moved_is_listed_where_it_was_on_the_day(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    moved = await put(registry, household_id, 1, json=household(village_code=OTHER_VILLAGE))
    assert moved.status_code == 200, moved.text

    async def villages(day: str, area: str) -> list[str]:
        answer = await get(registry, f"/statistics/lineage?as_of={day}", roles=[roles.CLERK], area=area)
        return [row["village_code"] for row in answer.json()["items"]]

    assert await villages("2016-05-31", TOWNSHIP) == [VILLAGE]
    assert await villages("2016-06-01", TOWNSHIP) == []
    assert await villages("2016-05-31", OTHER_TOWNSHIP) == []
    assert await villages("2016-06-01", OTHER_TOWNSHIP) == [OTHER_VILLAGE]
    assert await villages("2016-05-31", COUNTY) == [VILLAGE]
