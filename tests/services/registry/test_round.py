"""A round over HTTP: opened over an area, households brought in and proposed for."""

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
    post,
)
from tests.services.registry.rounds import COMMITTEE, OFFICER, entries, open_round, opened, propose, stand


async def test_a_round_begins_with_everybody_on_the_register(registry: Harness) -> None:
    kept, gone, candidate = (
        await filed(registry, 1),
        await filed(registry, 2),
        await filed(registry, 3, candidate=True),
    )
    await post(registry, f"/households/{gone}/exits", json={"reason": "income-above-line"})

    one = await opened(registry)

    counted = (await get(registry, "/statistics", **OFFICER)).json()
    assert (one["opening_households"], one["opening_persons"]) == (counted["households"], counted["persons"])
    assert (one["number"], one["state"], one["rule_pack"]) == (1, "open", "national-2016")
    (entry,) = await entries(registry, one["id"])
    assert (entry["household_id"], entry["proposal"], entry["opening_persons"]) == (kept, "keep", 2)
    assert (entry["step"], entry["next_step"], entry["outcome"]) == ("opened", "checked", "open")
    assert candidate not in str(entry)
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.areacode, fact.sequence) == ("registry.round-opened.v1", "532930000000", 1)
    assert b'"households":1,"persons":2' in bytes(fact.data)


async def test_candidates_enter_a_round_only_when_asked_for(registry: Harness) -> None:
    await filed(registry, 1)
    candidate = await filed(registry, 2, candidate=True)

    one = await opened(registry, include_candidates=True, candidate_reason="missed-before")

    assert one["opening_households"] == 1
    (added,) = await entries(registry, one["id"], proposal="add")
    assert (added["household_id"], added["reason"], added["opening_persons"]) == (
        candidate,
        "missed-before",
        None,
    )


async def test_a_village_round_leaves_the_others_out(registry: Harness) -> None:
    await filed(registry, 1)
    await filed(registry, 2, village_code=NEXT_VILLAGE)

    one = await opened(registry, scope=NEXT_VILLAGE)

    assert [entry["village_code"] for entry in await entries(registry, one["id"])] == [NEXT_VILLAGE]


@pytest.mark.parametrize(("first", "second"), [(COUNTY, TOWNSHIP), (TOWNSHIP, COUNTY), (TOWNSHIP, TOWNSHIP)])
async def test_one_area_has_one_open_round(registry: Harness, first: str, second: str) -> None:
    await opened(registry, scope=first)

    refused = await open_round(registry, scope=second)

    assert (refused.status_code, refused.json()["code"]) == (409, "round-overlaps")
    assert refused.json()["rule"] == "one-open-round"
    assert "国开办发" in refused.json()["basis"]
    assert len(await registry.facts()) == 1


async def test_areas_beside_each_other_have_their_own_rounds(registry: Harness) -> None:
    first = await opened(registry, scope=TOWNSHIP)
    second = await opened(registry, scope="532930102000")

    assert (first["number"], second["number"]) == (1, 1)
    assert second["scope"] == OTHER_TOWNSHIP


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"scope": "532930103"}, 422, "scope-unknown"),
        ({"scope": "5329"}, 422, "invalid-request"),
        ({"kind": "audit"}, 422, "invalid-request"),
        ({"candidate_reason": "deceased"}, 422, "proposal-reason"),
        ({"scope": "532931"}, 404, "not-found"),
        ({"area": TOWNSHIP}, 404, "not-found"),
        ({"roles": [roles.CLERK]}, 403, "forbidden"),
    ],
)
async def test_a_round_is_opened_by_the_county_in_its_own_area(
    registry: Harness, changes: dict[str, Any], status: int, code: str
) -> None:
    refused = await open_round(registry, **changes)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await registry.facts() == []


async def test_a_township_sees_the_countys_round_with_its_own_households(registry: Harness) -> None:
    await filed(registry, 1)
    await filed(registry, 2, village_code=OTHER_VILLAGE)
    one = await opened(registry)

    shown = (await get(registry, f"/rounds/{one['id']}")).json()
    listed = (await get(registry, "/rounds?state=open")).json()["items"]

    assert [item["id"] for item in listed] == [one["id"]]
    assert [village["village_code"] for village in shown["villages"]] == [VILLAGE]
    assert (shown["entries"], shown["by_step"], shown["waiting_for"]) == (1, {"opened": 1}, {"checked": 1})
    assert (shown["by_outcome"], shown["by_proposal"]) == ({"open": 1}, {"keep": 1})


async def test_another_townships_round_is_not_found(registry: Harness) -> None:
    one = await opened(registry, scope=OTHER_TOWNSHIP)

    for path in (f"/rounds/{one['id']}", f"/rounds/{one['id']}/entries"):
        assert (await get(registry, path)).status_code == 404
    assert (await get(registry, "/rounds")).json()["items"] == []
    assert (await propose(registry, one["id"], {}, **COMMITTEE)).status_code == 422
    item = {"household_id": one["id"], "proposal": "keep"}
    assert (await propose(registry, one["id"], item, **COMMITTEE)).status_code == 404


async def test_households_that_were_missed_are_brought_in_with_a_reason(registry: Harness) -> None:
    on_it = await filed(registry, 1)
    left = await filed(registry, 2)
    await post(registry, f"/households/{left}/exits", json={"reason": "income-above-line"})
    missed = await filed(registry, 3, candidate=True)
    far = await filed(registry, 4, candidate=True, village_code=OTHER_VILLAGE)
    one = await opened(registry, scope=TOWNSHIP)
    items = [
        {"household_id": left, "reason": "fell-into-poverty"},
        {"household_id": missed, "reason": "missed-before", "reference_id": "r"},
        {"household_id": missed, "reason": "missed-before"},
        {"household_id": on_it, "reason": "missed-before"},
        {"household_id": far, "reason": "missed-before"},
        {"household_id": one["id"], "reason": "missed-before"},
    ]

    answer = await post(registry, f"/rounds/{one['id']}/entries", json={"items": items}, **OFFICER)

    result = answer.json()
    assert [item["code"] for item in result["results"]] == [
        None,
        None,
        "household-entered",
        "household-entered",
        "household-outside-round",
        "not-found",
    ]
    assert (result["done"], result["refused"], result["results"][1]["reference_id"]) == (2, 4, "r")
    assert {entry["household_id"] for entry in await entries(registry, one["id"], proposal="add")} == {
        left,
        missed,
    }


async def test_bringing_in_takes_a_reason_of_the_pack(registry: Harness) -> None:
    missed = await filed(registry, 1, candidate=True)
    one = await opened(registry)
    body = {"items": [{"household_id": missed, "reason": "deceased"}], "atomic": True}

    refused = await post(registry, f"/rounds/{one['id']}/entries", json=body, **COMMITTEE)

    assert (refused.status_code, refused.json()["code"]) == (409, "bulk-refused")
    assert refused.json()["errors"][0] == {
        "pointer": "/items/0/reason",
        "code": "proposal-reason",
        "message": "A proposal to add takes one of missed-before, fell-into-poverty, new-household.",
    }
    assert await entries(registry, one["id"]) == []


async def test_a_proposal_is_changed_with_its_reason(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    one = await opened(registry)

    answer = await propose(
        registry,
        one["id"],
        {"household_id": household_id, "proposal": "remove", "reason": "deceased"},
        {"household_id": household_id, "proposal": "remove", "reason": "deceased"},
        {"household_id": household_id, "proposal": "remove"},
        {"household_id": household_id, "proposal": "add", "reason": "missed-before"},
        {"household_id": household_id, "proposal": "correct", "reason": "persons-changed"},
        **COMMITTEE,
    )

    assert [item["code"] for item in answer.json()["results"]] == [
        None,
        "nothing-changed",
        "proposal-reason",
        "proposal-unfit",
        None,
    ]
    (entry,) = await entries(registry, one["id"])
    assert (entry["proposal"], entry["reason"], entry["step"]) == ("correct", "persons-changed", "opened")


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.BANK, roles.ADMINISTRATOR])
async def test_others_propose_nothing(registry: Harness, role: str) -> None:
    one = await opened(registry)
    item = {"household_id": one["id"], "proposal": "keep"}

    assert (await propose(registry, one["id"], item, roles=[role], area="")).status_code == 403


async def test_another_reason_for_an_addition_begins_its_evaluation_again(registry: Harness) -> None:
    household_id = await filed(registry, 1, candidate=True)
    one = await opened(registry, include_candidates=True)
    await stand(registry, household_id, "evaluated")
    await registry.sql("UPDATE registry.round_entry SET step = 'villagers-meeting'")
    registry.clock.move_to(registry.clock.today().replace(day=20))

    item = {"household_id": household_id, "proposal": "add", "reason": "missed-before"}
    answer = await propose(registry, one["id"], item)

    assert answer.json()["done"] == 1, answer.text
    (entry,) = await entries(registry, one["id"])
    assert (entry["step"], entry["step_on"], entry["status"]) == ("checked", "2016-06-20", "candidate")


async def test_nothing_is_changed_when_one_of_many_proposals_is_refused(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    one = await opened(registry)
    items = [
        {"household_id": household_id, "proposal": "remove", "reason": "deceased"},
        {"household_id": one["id"], "proposal": "keep"},
    ]

    refused = await propose(registry, one["id"], *items, atomic=True)

    assert (refused.status_code, refused.json()["code"]) == (409, "bulk-refused")
    assert [error["code"] for error in refused.json()["errors"]] == ["household-outside-round"]
    assert [entry["proposal"] for entry in await entries(registry, one["id"])] == ["keep"]
