"""After an exit over HTTP: policies kept to their day, the file closed, and the return on a relapse."""

import json
from datetime import date
from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    filed,
    household,
    identity,
    member,
    post,
    spouse,
)
from tests.services.registry.changes import AMOUNTS, aged, changed, ids, undo
from tests.services.registry.exits import (
    exited,
    poor_again,
)
from tests.services.registry.noticing import (
    prosperous,
    statuses_of,
    types_since,
)
from tests.services.registry.rounds import OFFICER, opened


async def test_a_file_is_closed_once_the_policies_ended(registry: Harness) -> None:
    household_id = await exited(registry)
    path = f"/households/{household_id}/closures"

    registry.clock.move_to(date(2019, 6, 7))
    early = await post(registry, path, json={})
    registry.clock.move_to(date(2019, 6, 8))
    answer = await post(registry, path, json={})

    assert (early.status_code, early.json()["code"], early.json()["rule"]) == (
        409,
        "policies-kept",
        "policies-kept-after-exit",
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "closed")
    told = json.loads(bytes((await registry.facts())[-1].data))
    assert (told["reason"], told["was_on_register"], told["persons"]) == ("policies-ended", False, 2)
    again = household(5, candidate=True) | {"members": [member(2), spouse(3)]}
    assert (await post(registry, "/households", json=again)).status_code == 201


async def test_a_partner_learns_that_a_household_that_left_keeps_its_policies_to_their_day(
    registry: Harness,
) -> None:
    household_id = await exited(registry)
    registry.clock.move_to(date(2019, 6, 9))
    days = ("2016-06-07", "2016-06-08", "2019-06-07", "2019-06-08")
    items = [{"identity_number": identity(2), "on": day} for day in days]
    batch = {"items": items, "purpose": "premium subsidy"}
    insurer: dict[str, Any] = {"roles": [roles.INSURER], "area": "", "actor": "insurer-1"}

    told = [await post(registry, "/eligibility-checks/bulk", json=batch, **insurer)]
    await post(registry, f"/households/{household_id}/closures", json={})
    told.append(await post(registry, "/eligibility-checks/bulk", json=batch, **insurer))

    for answer in told:
        found = [(one["registered"], one["policies_kept"]) for one in answer.json()["results"]]
        assert found == [("yes", "no"), ("no", "yes"), ("no", "yes"), ("no", "no")]
    kept = await registry.sql("SELECT answer FROM registry.eligibility_query ORDER BY id LIMIT 4")
    assert [row["answer"] for row in kept] == ["general", "policies-kept", "policies-kept", "no"]


async def test_a_file_that_left_by_hand_is_closed_by_the_same_months(registry: Harness) -> None:
    household_id = await filed(registry)
    await post(registry, f"/households/{household_id}/exits", json={"reason": "moved-away"})
    registry.clock.move_to(date(2019, 5, 31))
    early = await post(registry, f"/households/{household_id}/closures", json={})
    registry.clock.move_to(date(2019, 6, 1))

    answer = await post(registry, f"/households/{household_id}/closures", json={})

    assert (early.status_code, answer.status_code) == (409, 200)


async def test_a_household_returns_on_a_visit_that_finds_it_poor_again(registry: Harness) -> None:
    household_id = await exited(registry)
    await opened(registry)
    registry.clock.move_to(date(2016, 6, 9))
    visit_id = await poor_again(registry, household_id)
    body = {"reason": "fell-into-poverty", "visit_id": visit_id}

    answer = await post(registry, f"/households/{household_id}/returns", json=body)

    assert (answer.status_code, answer.json()["status"]) == (200, "returned"), answer.text
    assert (await types_since(registry, 0))[-1] == "household-returned"


@pytest.mark.parametrize(
    ("visit", "body", "code"),
    [
        (None, {}, "return-needs-relapse"),
        ({"checks": prosperous()}, {}, "return-needs-relapse"),
        ({"on": "2016-06-08"}, {}, "return-needs-relapse"),
        ({}, {"reason": "illness"}, "proposal-reason"),
    ],
)
async def test_without_a_relapse_nobody_returns(
    registry: Harness, visit: dict[str, Any] | None, body: dict[str, Any], code: str
) -> None:
    household_id = await exited(registry)
    await opened(registry)
    registry.clock.move_to(date(2016, 6, 9))
    request = {"reason": "fell-into-poverty"} | body
    if visit is not None:
        request["visit_id"] = await poor_again(registry, household_id, **visit)

    refused = await post(registry, f"/households/{household_id}/returns", json=request)

    assert (refused.json()["code"], refused.status_code in {409, 422}) == (code, True), refused.text
    assert refused.json()["rule"]
    assert refused.json()["basis"]
    assert await statuses_of(registry) == {household_id: "exited"}


async def test_an_annulled_visit_shows_no_relapse(registry: Harness) -> None:
    household_id = await exited(registry)
    await opened(registry)
    registry.clock.move_to(date(2016, 6, 9))
    visit_id = await poor_again(registry, household_id)
    await post(registry, f"/visits/{visit_id}/annulments", json={"reason": "never-visited"}, **OFFICER)
    body = {"reason": "fell-into-poverty", "visit_id": visit_id}

    refused = await post(registry, f"/households/{household_id}/returns", json=body)

    assert refused.json()["code"] == "return-needs-relapse"


async def test_a_closed_household_returns_by_a_visit_with_its_people(registry: Harness) -> None:
    household_id = await exited(registry)
    await opened(registry)
    registry.clock.move_to(date(2019, 6, 8))
    await post(registry, f"/households/{household_id}/closures", json={})
    registry.clock.move_to(date(2019, 6, 9))
    visit_id = await poor_again(registry, household_id, on="2019-06-09")
    body = {"reason": "fell-into-poverty", "visit_id": visit_id}

    answer = await post(registry, f"/households/{household_id}/returns", json=body)

    assert (answer.status_code, answer.json()["status"]) == (200, "returned"), answer.text
    twice = household(5, candidate=True) | {"members": [member(2), spouse(3)]}
    assert (await post(registry, "/households", json=twice)).json()["code"] == "identity-registered"


async def test_a_household_of_which_nobody_is_left_does_not_return(registry: Harness) -> None:
    household_id = await aged(registry, members=[member(2)])
    (head,) = await ids(registry, household_id)
    request_id = await changed(registry, "death", household_id, person_id=head, effective_on="2016-05-01")
    one = await opened(registry)
    visit_id = await poor_again(registry, household_id, on="2016-06-01")
    body = {"reason": "fell-into-poverty", "visit_id": visit_id}

    refused = await post(registry, f"/households/{household_id}/returns", json=body)
    added = await post(
        registry,
        f"/rounds/{one['id']}/entries",
        json={"items": [{"household_id": household_id, "reason": "fell-into-poverty"}]},
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "household-emptied")
    assert refused.json()["rule"] == "return-needs-people"
    assert "国开办发" in refused.json()["basis"]
    assert "undo the change" in refused.json()["detail"]
    assert added.json()["results"][0]["code"] == "household-emptied", added.text
    assert await statuses_of(registry) == {household_id: "closed"}
    assert (await undo(registry, request_id)).status_code == 200
    assert await statuses_of(registry) == {household_id: "registered"}


async def test_a_merged_household_does_not_return_even_when_its_people_are_free(registry: Harness) -> None:
    kept, joined = await aged(registry, 1), await aged(registry, 2)
    relations = [{"person_id": each, "relation": "97"} for each in await ids(registry, joined)]
    merge: dict[str, Any] = {"joined_id": joined, "members": relations, "figures": AMOUNTS}
    await changed(registry, "merge", kept, effective_on="2016-04-01", **merge)
    await registry.sql("DELETE FROM registry.person")

    refused = await post(registry, f"/households/{joined}/returns", json={"reason": "fell-into-poverty"})

    assert (refused.status_code, refused.json()["code"]) == (409, "household-emptied")
    assert "undo the merge" in refused.json()["detail"]
