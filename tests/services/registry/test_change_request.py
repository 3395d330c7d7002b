"""Change requests: asked for by one person, decided by another, and never against each other or an older file."""

import asyncpg
import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_NAME,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    VILLAGE,
    get,
    identity,
    post,
)
from tests.services.registry.changes import (
    OFFICER,
    REVIEWER,
    aged,
    changed,
    child,
    ids,
    review,
    submit,
    submitted,
    undo,
)


async def test_a_request_changes_nothing_before_its_review(registry: Harness) -> None:
    household_id = await aged(registry)

    answer = await submit(registry, "birth", household_id, child=child())

    assert (answer.status_code, answer.json()["state"]) == (201, "submitted"), answer.text
    assert answer.json()["households"] == [
        {"household_id": household_id, "version": 1, "applied_version": None}
    ]
    assert len(await ids(registry, household_id)) == 2
    assert len(await registry.facts()) == 1


async def test_an_approved_request_is_applied_at_once_and_told_of(registry: Harness) -> None:
    household_id = await aged(registry)
    request_id = await submitted(registry, "birth", household_id, child=child())

    answer = await review(registry, request_id)

    assert (answer.json()["state"], answer.json()["decided_by"]) == ("approved", "clerk-2"), answer.text
    assert answer.json()["households"][0]["applied_version"] == 2
    assert len(await ids(registry, household_id)) == 3
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.household-changed.v1", 2)


async def test_a_second_person_reviews(registry: Harness) -> None:
    household_id = await aged(registry)
    request_id = await submitted(registry, "birth", household_id, child=child())

    own = await review(registry, request_id, actor="clerk-1")
    rejected = await post(
        registry, f"/change-requests/{request_id}/reviews", json={"outcome": "rejected", "reason": "other"}
    )

    assert [(each.status_code, each.json()["code"]) for each in (own, rejected)] == [
        (409, "change-request-own")
    ] * 2
    assert len(await ids(registry, household_id)) == 2


async def test_the_database_refuses_a_review_of_ones_own(registry: Harness) -> None:
    request_id = await submitted(registry, "birth", await aged(registry), child=child())

    with pytest.raises(asyncpg.CheckViolationError):
        await registry.sql(
            "UPDATE registry.change_request SET state = 'approved', decided_by = submitted_by WHERE id = $1",
            request_id,
        )


async def test_a_rejected_or_cancelled_request_is_decided(registry: Harness) -> None:
    household_id = await aged(registry)
    first = await submitted(registry, "birth", household_id, child=child())
    second = await submitted(registry, "birth", household_id, child=child(901))
    body = {"outcome": "rejected", "reason": "not-documented"}

    rejected = await post(registry, f"/change-requests/{first}/reviews", json=body, **REVIEWER)
    cancelled = await post(registry, f"/change-requests/{second}/cancellations")

    assert (rejected.json()["state"], rejected.json()["decision_reason"]) == ("rejected", "not-documented")
    assert cancelled.json()["state"] == "cancelled"
    for request_id in (first, second):
        again = await review(registry, request_id)
        assert (again.status_code, again.json()["code"]) == (409, "change-request-decided")
        gone = await undo(registry, request_id)
        assert gone.json()["code"] == "change-request-not-applied"


async def test_only_its_submitter_takes_a_request_back(registry: Harness) -> None:
    request_id = await submitted(registry, "birth", await aged(registry), child=child())

    for action in ("cancellations", "rebasings"):
        refused = await post(registry, f"/change-requests/{request_id}/{action}", **REVIEWER)
        assert (refused.status_code, refused.json()["code"]) == (409, "change-request-foreign")


async def test_a_move_across_townships_is_for_the_county(registry: Harness) -> None:
    household_id = await aged(registry)
    request_id = await submitted(registry, "move", household_id, village_code=OTHER_VILLAGE)

    clerk = await review(registry, request_id)
    officer = await review(registry, request_id, **OFFICER)

    assert (clerk.status_code, officer.status_code) == (403, 200), officer.text
    assert (await get(registry, f"/households/{household_id}")).status_code == 404
    moved = await get(registry, f"/households/{household_id}", area=OTHER_TOWNSHIP)
    assert moved.json()["village_code"] == OTHER_VILLAGE


async def test_another_township_finds_no_request(registry: Harness) -> None:
    household_id = await aged(registry)
    request_id = await submitted(registry, "birth", household_id, child=child())
    other = {"area": OTHER_TOWNSHIP, "actor": "clerk-9"}

    assert (await get(registry, f"/change-requests/{request_id}", **other)).status_code == 404
    assert (await get(registry, "/change-requests", **other)).json()["items"] == []
    assert (await review(registry, request_id, **other)).status_code == 404
    assert (await undo(registry, request_id, **other)).status_code == 404
    assert (await submit(registry, "birth", household_id, other, child=child())).status_code == 404


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.CHECKER, roles.INSURER, roles.VILLAGE_COMMITTEE])
async def test_who_is_no_clerk_asks_for_no_change(registry: Harness, role: str) -> None:
    household_id = await aged(registry)
    request_id = await submitted(registry, "birth", household_id, child=child())

    asked = await submit(registry, "birth", household_id, {"roles": [role]}, child=child())

    assert asked.status_code == 403
    assert (await review(registry, request_id, roles=[role])).status_code == 403
    assert (await get(registry, f"/change-requests/{request_id}", roles=[role])).status_code == 403


async def test_what_is_asked_for_is_shown_masked(registry: Harness) -> None:
    request_id = await submitted(registry, "birth", await aged(registry), child=child())

    shown = (await get(registry, f"/change-requests/{request_id}")).json()

    number = identity(900)
    assert shown["asked"]["child"]["name"] == CANARY_NAME
    assert shown["asked"]["child"]["identity_number"] == f"{number[:4]}**********{number[-2:]}"


async def test_requests_are_listed_by_state_and_household(registry: Harness) -> None:
    first, second = await aged(registry, 1), await aged(registry, 2)
    done = await changed(registry, "birth", first, child=child())
    waiting = await submitted(registry, "birth", second, child=child(901))

    page = (await get(registry, "/change-requests?limit=1")).json()
    rest = (await get(registry, f"/change-requests?limit=1&cursor={page['next']}")).json()
    open_ones = (await get(registry, "/change-requests?state=submitted")).json()
    of_first = (await get(registry, f"/change-requests?household_id={first}")).json()

    assert [item["id"] for item in page["items"] + rest["items"]] == [done, waiting]
    assert [item["id"] for item in open_ones["items"]] == [waiting]
    assert [item["id"] for item in of_first["items"]] == [done]


async def test_an_undone_change_leaves_the_file_as_it_was(registry: Harness) -> None:
    household_id = await aged(registry)
    before = (await get(registry, f"/households/{household_id}")).json()
    request_id = await changed(registry, "birth", household_id, child=child(), effective_on="2016-03-01")

    undone = await undo(registry, request_id)

    assert (undone.status_code, undone.json()["state"]) == (200, "undone"), undone.text
    after = (await get(registry, f"/households/{household_id}")).json()
    moving = {"version", "valid_from", "recorded_at"}
    assert {k: v for k, v in after.items() if k not in moving} == {
        k: v for k, v in before.items() if k not in moving
    }
    assert (await registry.facts())[-1].sequence == after["version"] == 3


async def test_a_change_is_not_undone_by_who_asked_for_it(registry: Harness) -> None:
    request_id = await changed(registry, "birth", await aged(registry), child=child())

    refused = await undo(registry, request_id, actor="clerk-1")

    assert refused.json()["code"] == "change-request-own"


async def test_a_change_that_was_built_upon_is_not_undone(registry: Harness) -> None:
    household_id = await aged(registry)
    request_id = await changed(registry, "birth", household_id, child=child())
    await post(registry, f"/households/{household_id}/verifications", json={})

    refused = await undo(registry, request_id)

    assert (refused.status_code, refused.json()["code"]) == (409, "change-request-overtaken")
    assert refused.json()["errors"][0]["pointer"] == f"/households/{household_id}"


async def test_the_same_request_twice_is_one(registry: Harness) -> None:
    household_id = await aged(registry)
    body = {"kind": "birth", "household_id": household_id, "reason": "reported", "child": child()}

    first = await post(registry, "/change-requests", json=body, key="key-1")
    second = await post(registry, "/change-requests", json=body, key="key-1")

    assert second.json() == first.json()
    assert len((await get(registry, "/change-requests")).json()["items"]) == 1


async def test_a_faulty_request_names_its_field(registry: Harness) -> None:
    household_id = await aged(registry)
    wrong = child(identity_number="532930195001010010")

    refused = await submit(registry, "birth", household_id, child=wrong)
    future = await submit(registry, "birth", household_id, child=child(), effective_on="2016-06-02")
    unknown = await submit(registry, "death", household_id, person_id=household_id)
    strange = await submit(registry, "emigration", household_id)

    assert refused.json()["errors"][0]["pointer"] == "/members/2/identity_number"
    assert "532930195001010010" not in refused.text
    assert future.json()["code"] == "date-in-future"
    assert (unknown.status_code, unknown.json()["code"]) == (422, "person-not-in-household")
    assert strange.status_code == 422
    assert VILLAGE not in strange.text
