"""Categories over HTTP: assigned from a day on, told of with before and after, looked at as periods."""

from typing import Any

import httpx

from chassis.ids import new_id
from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    filed,
    get,
    household,
    member,
    post,
    put,
    spouse,
)
from tests.services.registry.sheet import drafts, send

BASIS = "洱民字〔2016〕12号"


async def assign(registry: Harness, household_id: str, category: str, day: str, **who: Any) -> httpx.Response:
    """Give a household a category."""
    body = {"category": category, "from": day, "basis_document": BASIS}
    return await post(registry, f"/households/{household_id}/categories", json=body, **who)


async def periods(registry: Harness, household_id: str, **query: Any) -> list[tuple[str, str, str | None]]:
    """Return a household's categories as periods."""
    answer = await get(registry, f"/households/{household_id}/categories", params=query)
    assert answer.status_code == 200, answer.text
    found = answer.json()["categories"]
    return [(one["category"], one["valid_from"], one["valid_to"]) for one in found]


async def test_a_category_ends_the_one_before_and_is_told_of(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")

    answer = await assign(registry, household_id, "dibao", "2016-05-01")

    assert (answer.status_code, answer.json()["category"], answer.headers["etag"]) == (200, "dibao", '"2"')
    assert await periods(registry, household_id) == [
        ("general", "2016-03-01", "2016-05-01"),
        ("dibao", "2016-05-01", None),
    ]
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.household-changed.v1", 2)
    assert b'"before":{"village_code":"532930101201","persons":2,"category":"general"}' in bytes(fact.data)
    assert b'"after":{"village_code":"532930101201","persons":2,"category":"dibao"}' in bytes(fact.data)


async def test_a_category_keeps_its_reason_and_its_document(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    await assign(registry, household_id, "wubao", "2016-05-01")

    history = (await get(registry, f"/households/{household_id}/history")).json()
    shown = (await get(registry, f"/households/{household_id}/categories")).json()["categories"]
    audited = await get(registry, f"/households/{household_id}/categories", roles=[roles.AUDITOR], area="")

    assert [entry["reason"] for entry in history["contents"]] == [None, "category-assigned"]
    assert [one["basis_document"] for one in shown] == [None, BASIS]
    assert [one["basis_document"] for one in audited.json()["categories"]] == [None, None]
    stored = await registry.sql("SELECT sealed FROM registry.household_category")
    assert BASIS.encode() not in bytes(stored[0]["sealed"])


async def test_the_rest_of_the_file_stays_as_it_was_on_each_day(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    grown = household(members=[member(2), spouse(3), spouse(5, relation="30")])
    assert (
        await put(registry, household_id, 1, json=grown | {"effective_on": "2016-05-01"})
    ).status_code == 200
    before = (await get(registry, f"/households/{household_id}")).json()

    assert (await assign(registry, household_id, "dibao", "2016-04-01")).json()["version"] == 4

    async def on(day: str) -> tuple[str, int]:
        shown = (await get(registry, f"/households/{household_id}?as_of={day}")).json()
        return shown["category"], shown["persons"]

    days = ("2016-03-31", "2016-04-01", "2016-04-30", "2016-05-01")
    assert [await on(day) for day in days] == [("general", 2), ("dibao", 2), ("dibao", 2), ("dibao", 3)]
    now = (await get(registry, f"/households/{household_id}")).json()
    kept = set(before) - {"category", "attribute", "version", "recorded_at"}
    assert {name: now[name] for name in kept} == {name: before[name] for name in kept}
    assert now["attribute"] == "02"


async def test_periods_are_told_as_known_before_a_moment(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    await assign(registry, household_id, "dibao", "2016-05-01")
    moment = (await get(registry, f"/households/{household_id}/categories")).json()["categories"][-1][
        "recorded_at"
    ]

    before = await periods(registry, household_id, recorded_before=moment)

    assert before == [("general", "2016-03-01", None)]


async def test_disabled_people_are_told_with_their_days(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    changed = household(members=[member(2), spouse(3, health="04")]) | {"effective_on": "2016-05-01"}
    await put(registry, household_id, 1, json=changed)

    shown = (await get(registry, f"/households/{household_id}/categories")).json()

    assert shown["disabled"] == [{"persons": 1, "valid_from": "2016-05-01", "valid_to": None}]


async def test_wrong_days_and_repetitions_are_refused(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")

    early = await assign(registry, household_id, "dibao", "2016-02-29")
    late = await assign(registry, household_id, "dibao", "2016-06-02")
    same = await assign(registry, household_id, "general", "2016-06-01")

    assert (early.status_code, early.json()["code"]) == (422, "date-before-standing")
    assert (late.status_code, late.json()["code"]) == (422, "date-in-future")
    assert early.json()["errors"][0]["pointer"] == late.json()["errors"][0]["pointer"] == "/from"
    assert (same.status_code, same.json()["code"]) == (409, "nothing-changed")
    assert await periods(registry, household_id) == [("general", "2016-03-01", None)]


async def test_a_candidates_category_is_nobody_elses_business(registry: Harness) -> None:
    household_id = await filed(registry, candidate=True)

    assert (await assign(registry, household_id, "dibao", "2016-06-01")).status_code == 200

    assert await registry.facts() == []


async def test_only_the_areas_own_offices_assign(registry: Harness) -> None:
    household_id = await filed(registry)

    other = await assign(registry, household_id, "dibao", "2016-06-01", area=OTHER_TOWNSHIP)
    auditor = await assign(registry, household_id, "dibao", "2016-06-01", roles=[roles.AUDITOR])
    seen = await get(registry, f"/households/{household_id}/categories", area=OTHER_TOWNSHIP)

    assert (other.status_code, auditor.status_code, seen.status_code) == (404, 403, 404)


async def test_a_list_has_a_result_for_each_household(registry: Harness) -> None:
    assert (await send(registry, drafts(3))).status_code == 201
    listed = (await get(registry, "/households")).json()["items"]

    def item(household_id: str, category: str) -> dict[str, str]:
        return {
            "household_id": household_id,
            "category": category,
            "from": "2016-06-01",
            "basis_document": BASIS,
        }

    first, second, third = (one["id"] for one in listed)
    items = [item(first, "wubao"), item(second, "general"), item(str(new_id()), "dibao")]
    items += [item(first, "general"), item(third, "wubao")]
    answer = await post(registry, "/categories/bulk", json={"items": items})

    result = answer.json()
    assert answer.status_code == 200, answer.text
    assert [one["code"] for one in result["results"]] == [None, "nothing-changed", "not-found", None, None]
    assert [one["version"] for one in result["results"]] == [2, None, None, 3, 2]
    assert (result["done"], result["refused"]) == (3, 2)
    now = (await get(registry, "/households")).json()["items"]
    assert [(one["category"], one["version"]) for one in now] == [
        ("general", 3),
        ("general", 1),
        ("wubao", 2),
    ]


async def test_an_atomic_list_is_done_whole_or_not_at_all(registry: Harness) -> None:
    household_id = await filed(registry)
    facts = len(await registry.facts())
    items = [
        {"household_id": known, "category": "dibao", "from": "2016-06-01", "basis_document": BASIS}
        for known in (household_id, str(new_id()))
    ]

    refused = await post(registry, "/categories/bulk", json={"items": items, "atomic": True})

    assert (refused.status_code, refused.json()["code"]) == (409, "bulk-refused")
    assert await periods(registry, household_id) == [("general", "2016-06-01", None)]
    assert len(await registry.facts()) == facts


async def test_a_household_that_moved_has_its_category_from_the_move_on(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    moved = household(village_code=OTHER_VILLAGE) | {"effective_on": "2016-05-01"}
    assert (await put(registry, household_id, 1, json=moved)).status_code == 200
    county = {"roles": [roles.OFFICER], "area": COUNTY}

    early = await assign(registry, household_id, "dibao", "2016-04-30", **county)
    answer = await assign(registry, household_id, "dibao", "2016-05-01", **county)

    assert (early.status_code, answer.status_code) == (422, 200)
    assert answer.json()["village_code"] == OTHER_VILLAGE
    shown = await get(registry, f"/households/{household_id}/categories", area=OTHER_TOWNSHIP)
    assert [one["category"] for one in shown.json()["categories"]] == ["dibao"]
