"""A thousand items in one request: all or nothing, or each for itself."""

import asyncio
from typing import Any

from chassis.ids import new_id
from services.relocation.fields import MAX_ITEMS
from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import (
    CHECKS,
    STAGES,
    allocation,
    clerk,
    officer,
    on_register,
    problem,
    registered_site,
    types_of,
)


async def allocations(harness: Harness, count: int) -> list[dict[str, Any]]:
    """Return allocation items for new households, each with a reference."""
    site = await registered_site(harness)
    return [
        allocation(await on_register(harness), site, reference_id=f"ref-{number}") for number in range(count)
    ]


async def houses(harness: Harness, count: int) -> list[str]:
    """Return the ids of allocated houses."""
    items = await allocations(harness, count)
    response = await clerk(harness, "/allocations/bulk", {"items": items})
    return [result["house_id"] for result in response.json()["results"]]


async def test_each_item_answers_with_its_reference(relocation: Harness) -> None:
    items = await allocations(relocation, 3)

    response = await clerk(relocation, "/allocations/bulk", {"items": items})

    body = response.json()
    assert (response.status_code, body["done"], body["refused"]) == (200, 3, 0)
    assert [result["reference_id"] for result in body["results"]] == ["ref-0", "ref-1", "ref-2"]
    assert {(r["outcome"], r["version"], r["stage"]) for r in body["results"]} == {("done", 1, "allocated")}
    assert (await types_of(relocation)).count("relocation.household-allocated.v1") == 3


async def test_one_refused_item_refuses_all_and_is_pointed_at(relocation: Harness) -> None:
    items = await allocations(relocation, 3)
    items[1]["floor_area_m2"] = "100.01"
    items[2]["household_id"] = items[0]["household_id"]

    response = await clerk(relocation, "/allocations/bulk", {"items": items})

    assert problem(response) == (422, "bulk-refused", ["/items/1/floor_area_m2", "/items/2/household_id"])
    codes = [error["code"] for error in response.json()["errors"]]
    assert codes == ["area-above-cap", "household-already-allocated"]
    assert "household-allocated" not in "".join(await types_of(relocation))
    assert await relocation.sql("SELECT id FROM relocation.house") == []


async def test_without_atomic_the_others_are_done(relocation: Harness) -> None:
    items = await allocations(relocation, 3)
    items[1]["site_id"] = str(new_id())

    response = await clerk(relocation, "/allocations/bulk", {"items": items, "atomic": False})

    body = response.json()
    assert (body["done"], body["refused"]) == (2, 1)
    refused = body["results"][1]
    assert (refused["outcome"], refused["code"], refused["pointer"], refused["reference_id"]) == (
        "refused",
        "site-unknown",
        "/items/1/site_id",
        "ref-1",
    )


async def test_a_hidden_second_house_refuses_its_item_only(relocation: Harness) -> None:
    items = await allocations(relocation, 2)
    far = await registered_site(relocation, name="far", area_code=builders.OTHER_VILLAGE)
    await officer(relocation, "/allocations", allocation(items[0]["household_id"], far))

    every = await clerk(relocation, "/allocations/bulk", {"items": items})
    each = await clerk(relocation, "/allocations/bulk", {"items": items, "atomic": False})

    assert problem(every) == (422, "bulk-refused", ["/items/0/household_id"])
    assert [result["outcome"] for result in each.json()["results"]] == ["refused", "done"]


async def test_stages_of_one_house_follow_each_other_within_a_request(relocation: Harness) -> None:
    (house,) = await houses(relocation, 1)
    items = [{"house_id": house, **stage} for stage in STAGES]

    response = await clerk(relocation, "/stages/bulk", {"items": items})

    assert [result["version"] for result in response.json()["results"]] == [2, 3, 4]
    sequences = [fact.sequence for fact in await relocation.facts() if fact.subject_id == house]
    assert sequences == [1, 2, 3, 4]
    history = await relocation.sql("SELECT version FROM relocation.house_event ORDER BY version")
    assert [row["version"] for row in history] == [1, 2, 3, 4]


async def test_an_unknown_house_is_pointed_at(relocation: Harness) -> None:
    (house,) = await houses(relocation, 1)
    items = [{"house_id": house, **STAGES[0]}, {"house_id": str(new_id()), **STAGES[0]}]

    response = await clerk(relocation, "/stages/bulk", {"items": items})

    assert problem(response) == (422, "bulk-refused", ["/items/1/house_id"])


async def test_a_date_that_goes_back_is_pointed_at(relocation: Harness) -> None:
    (house,) = await houses(relocation, 1)
    items = [
        {"house_id": house, "stage": "started", "on": "2016-04-11"},
        {"house_id": house, "stage": "topped-out", "on": "2016-04-10"},
    ]

    response = await clerk(relocation, "/stages/bulk", {"items": items})

    assert problem(response) == (422, "bulk-refused", ["/items/1/on"])
    assert response.json()["errors"][0]["code"] == "date-before-previous"


async def test_houses_are_accepted_moved_into_and_subsidised_in_bulk(relocation: Harness) -> None:
    ids = await houses(relocation, 2)
    steps = [{"house_id": house, **stage} for house in ids for stage in STAGES]
    await clerk(relocation, "/stages/bulk", {"items": steps})
    inspections: list[dict[str, Any]] = [{"house_id": house, **CHECKS} for house in ids]
    inspections[1]["power"] = False

    accepted = await officer(relocation, "/acceptances/bulk", {"items": inspections})
    moved = await clerk(relocation, "/moves/bulk", {"items": [{"house_id": ids[0]}]})
    asked = await officer(
        relocation,
        "/subsidy-requests/bulk",
        {"items": [{"house_id": house, "stage": "completed", "reference_id": house} for house in ids]},
    )

    assert [(r["stage"], r["failed"]) for r in accepted.json()["results"]] == [
        ("accepted", []),
        ("completed", ["power"]),
    ]
    assert moved.json()["results"][0]["stage"] == "moved-in"
    assert [r["reference_id"] for r in asked.json()["results"]] == ids
    assert all(r["due_id"] for r in asked.json()["results"])


async def test_more_than_a_thousand_items_are_refused(relocation: Harness) -> None:
    items = [{"house_id": str(new_id())}] * (MAX_ITEMS + 1)

    response = await clerk(relocation, "/moves/bulk", {"items": items})

    assert problem(response) == (422, "invalid-request", ["/items"])


async def test_a_thousand_moves_of_unknown_houses_name_the_first_hundred(relocation: Harness) -> None:
    items = [{"house_id": str(new_id())} for _ in range(MAX_ITEMS)]

    response = await clerk(relocation, "/moves/bulk", {"items": items})

    assert response.json()["code"] == "bulk-refused"
    assert len(response.json()["errors"]) == 100
    assert "1000 of 1000" in response.json()["detail"]


async def test_a_replayed_request_answers_the_same_and_does_nothing_more(relocation: Harness) -> None:
    items = await allocations(relocation, 2)
    request: dict[str, Any] = {"roles": ["clerk"], "area": builders.TOWNSHIP, "json": {"items": items}}

    first = await relocation.call("POST", "/relocation/v1/allocations/bulk", key="k-1", **request)
    again = await relocation.call("POST", "/relocation/v1/allocations/bulk", key="k-1", **request)

    assert again.content == first.content
    assert (await types_of(relocation)).count("relocation.household-allocated.v1") == 2


async def test_unknown_households_in_bulk_say_to_try_again(relocation: Harness) -> None:
    items = await allocations(relocation, 2)
    items[1]["household_id"] = str(new_id())

    response = await clerk(relocation, "/allocations/bulk", {"items": items})

    assert problem(response) == (422, "bulk-refused", ["/items/1/household_id"])
    assert response.json()["errors"][0]["code"] == "household-unknown"
    assert response.headers["retry-after"] == "2"


async def test_overlapping_requests_in_opposite_order_give_each_household_one_house(
    relocation: Harness,
) -> None:
    items = await allocations(relocation, 40)
    other = await registered_site(relocation, name="other")
    turned = [{**item, "site_id": other} for item in reversed(items)]

    bodies = [{"items": each, "atomic": False} for each in (items, turned)] * 3
    answers = await asyncio.gather(*(clerk(relocation, "/allocations/bulk", body) for body in bodies))

    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["done"] for answer in answers) == 40
