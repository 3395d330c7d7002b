"""A thousand verifications in one request, each with its result."""

from chassis.ids import new_id
from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import OTHER_TOWNSHIP, get, post
from tests.services.registry.sheet import drafts, send


async def items(registry: Harness, count: int) -> list[dict[str, str]]:
    """Import households and return them as items."""
    assert (await send(registry, drafts(count))).status_code == 201
    listed = (await get(registry, "/households?limit=500")).json()["items"]
    return [{"household_id": item["id"], "reference_id": item["file_number"]} for item in listed]


async def test_each_item_has_its_own_result(registry: Harness) -> None:
    first, second = await items(registry, 2)
    unknown = {"household_id": str(new_id())}

    answer = await post(registry, "/verifications/bulk", json={"items": [first, unknown, first, second]})

    result = answer.json()
    assert (result["done"], result["refused"]) == (2, 2)
    assert [(r["outcome"], r["code"], r["version"]) for r in result["results"]] == [
        ("done", None, 2),
        ("refused", "not-found", None),
        ("refused", "household-already-verified", None),
        ("done", None, 2),
    ]
    assert result["results"][0]["reference_id"] == first["reference_id"]
    facts = [fact for fact in await registry.facts() if fact.type == "registry.household-verified.v1"]
    assert [fact.subject_id for fact in facts] == [first["household_id"], second["household_id"]]


async def test_an_atomic_request_is_done_whole_or_not_at_all(registry: Harness) -> None:
    known = await items(registry, 2)
    body = {"items": [*known, {"household_id": str(new_id())}], "atomic": True}

    refused = await post(registry, "/verifications/bulk", json=body)

    assert (refused.status_code, refused.json()["code"]) == (409, "bulk-refused")
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [("/items/2", "not-found")]
    assert (await get(registry, "/statistics")).json()["by_status"] == {"registered": 2}


async def test_households_of_another_area_are_not_found(registry: Harness) -> None:
    known = await items(registry, 1)

    answer = await post(registry, "/verifications/bulk", json={"items": known}, area=OTHER_TOWNSHIP)
    auditor = await post(registry, "/verifications/bulk", json={"items": known}, roles=[roles.AUDITOR])

    assert answer.json()["results"][0]["code"] == "not-found"
    assert auditor.status_code == 403


async def test_more_than_a_thousand_items_are_refused(registry: Harness) -> None:
    many = [{"household_id": str(new_id())}] * 1_001

    assert (await post(registry, "/verifications/bulk", json={"items": many})).status_code == 422
