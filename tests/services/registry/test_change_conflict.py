"""Open change requests that touch the same household or person block each other; an older file's are stale."""

from tests.kit import Harness
from tests.services.registry.builders import (
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    get,
    household,
    post,
    put,
)
from tests.services.registry.changes import (
    aged,
    child,
    ids,
    review,
    submit,
    submitted,
)


async def test_a_stale_request_is_refused_until_it_is_rebased(registry: Harness) -> None:
    household_id = await aged(registry)
    request_id = await submitted(registry, "birth", household_id, child=child())
    await put(registry, household_id, 1, json=household(attribute="02"))

    stale = await review(registry, request_id)
    shown = (await get(registry, f"/change-requests/{request_id}")).json()
    rebased = await post(registry, f"/change-requests/{request_id}/rebasings")
    approved = await review(registry, request_id)

    assert (stale.status_code, stale.json()["code"]) == (409, "change-request-stale")
    assert stale.json()["errors"][0]["pointer"] == f"/households/{household_id}"
    assert (shown["is_stale"], rebased.json()["is_stale"]) == (True, False)
    assert approved.status_code == 200, approved.text
    after = (await get(registry, f"/households/{household_id}")).json()
    assert (after["category"], after["persons"]) == ("dibao", 3)


async def test_two_open_requests_on_a_household_block_each_other(registry: Harness) -> None:
    household_id = await aged(registry)
    first = await submitted(registry, "birth", household_id, child=child())

    second = await submit(registry, "move", household_id, village_code=NEXT_VILLAGE)

    assert second.json()["conflicts_with"] == [first]
    other = second.json()["id"]
    assert (await get(registry, f"/change-requests/{first}")).json()["conflicts_with"] == [other]
    for one, against in ((first, other), (other, first)):
        refused = await review(registry, one)
        assert (refused.status_code, refused.json()["code"]) == (409, "change-request-conflict")
        assert refused.json()["errors"][0]["pointer"] == f"/change-requests/{against}"


async def test_a_conflict_ends_with_the_other_request(registry: Harness) -> None:
    household_id = await aged(registry)
    first = await submitted(registry, "birth", household_id, child=child())
    second = await submitted(registry, "birth", household_id, child=child(901))
    await post(registry, f"/change-requests/{second}/cancellations")

    assert (await review(registry, first)).status_code == 200


async def test_a_rebased_request_lets_the_other_go_first(registry: Harness) -> None:
    household_id = await aged(registry)
    first = await submitted(registry, "birth", household_id, child=child())
    second = await submitted(registry, "birth", household_id, child=child(901))

    rebased = await post(registry, f"/change-requests/{second}/rebasings")
    waits = await review(registry, second)
    goes = await review(registry, first)
    stale = await review(registry, second)
    await post(registry, f"/change-requests/{second}/rebasings")
    follows = await review(registry, second)

    assert rebased.json()["yields_to"] == [first]
    assert [waits.json()["code"], stale.json()["code"]] == [
        "change-request-conflict",
        "change-request-stale",
    ]
    assert (goes.status_code, follows.status_code) == (200, 200)
    assert len(await ids(registry, household_id)) == 4


async def test_the_same_new_person_in_two_townships_is_a_conflict(registry: Harness) -> None:
    here = await aged(registry, 1)
    there = await aged(registry, 2, village_code=OTHER_VILLAGE)
    first = await submitted(registry, "birth", here, child=child())
    elsewhere = {"area": OTHER_TOWNSHIP, "actor": "clerk-9"}

    second = await submit(registry, "birth", there, elsewhere, child=child())
    refused = await review(registry, first)

    assert (second.json()["conflicts_with"], second.json()["conflicts_elsewhere"]) == ([], True)
    assert refused.json()["code"] == "change-request-conflict"
