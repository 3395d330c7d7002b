"""Changes in the middle of an open round: an entry follows its household, and who is gone leaves the round."""

from typing import Any

from contracts import roles
from tests.kit import Harness
from tests.services.registry.announcing import ON, confirmed
from tests.services.registry.builders import NEXT_VILLAGE, OTHER_VILLAGE, TOWNSHIP, VILLAGE, get, post
from tests.services.registry.changes import AMOUNTS, OFFICER, aged, changed, ids, moved, undo
from tests.services.registry.noticing import COLLEAGUE, announce
from tests.services.registry.rounds import entries, opened

FOUNDED = AMOUNTS | {"file_number": "F-90001"}


async def standing(registry: Harness, round_id: str) -> dict[str, tuple[str, str, str]]:
    """Return village, proposal and outcome of each household of a round."""
    rows = await registry.sql(
        "SELECT household_id, area_code, proposal, outcome FROM registry.round_entry WHERE round_id = $1",
        round_id,
    )
    return {str(row["household_id"]): (row["area_code"], row["proposal"], row["outcome"]) for row in rows}


async def split(registry: Harness, household_id: str) -> tuple[str, str]:
    """Let the second person found a household; return the request and the new household."""
    wife = (await ids(registry, household_id))[1]
    members = [{"person_id": wife, "relation": "02"}]
    request_id = await changed(registry, "split", household_id, founded=FOUNDED, members=members)
    found: Any = (await get(registry, "/households?file_number=F-90001")).json()["items"]
    return request_id, found[0]["id"]


async def test_an_entry_moves_with_its_household_and_back(registry: Harness) -> None:
    household_id = await aged(registry)
    one = await opened(registry)

    request_id = await changed(registry, "move", household_id, village_code=NEXT_VILLAGE)
    moved = await standing(registry, one["id"])
    await undo(registry, request_id)

    assert moved == {household_id: (NEXT_VILLAGE, "keep", "open")}
    assert await standing(registry, one["id"]) == {household_id: (VILLAGE, "keep", "open")}


async def test_who_moves_out_of_the_rounds_area_leaves_it(registry: Harness) -> None:
    household_id = await aged(registry)
    one = await opened(registry, scope=TOWNSHIP)

    request_id = await changed(registry, "move", household_id, OFFICER, village_code=OTHER_VILLAGE)
    moved = await standing(registry, one["id"])
    await undo(registry, request_id, **OFFICER)

    assert moved == {household_id: (VILLAGE, "keep", "left")}
    assert await standing(registry, one["id"]) == {household_id: (VILLAGE, "keep", "open")}


async def test_a_household_that_splits_off_joins_the_round_at_its_origins_step(registry: Harness) -> None:
    household_id = await aged(registry)
    one = await opened(registry)

    request_id, founded = await split(registry, household_id)
    both = await standing(registry, one["id"])
    listed = await entries(registry, one["id"])
    await undo(registry, request_id)

    assert both == {
        household_id: (VILLAGE, "keep", "open"),
        founded: (VILLAGE, "keep", "open"),
    }
    assert {entry["step"] for entry in listed} == {"opened"}
    assert (await standing(registry, one["id"]))[founded] == (VILLAGE, "keep", "left")


async def test_a_merged_household_leaves_the_round_until_the_merge_is_undone(registry: Harness) -> None:
    kept, joined = await aged(registry, 1), await aged(registry, 2)
    one = await opened(registry)
    members = [{"person_id": each, "relation": "97"} for each in await ids(registry, joined)]

    request_id = await changed(registry, "merge", kept, joined_id=joined, members=members)
    merged = await standing(registry, one["id"])
    await undo(registry, request_id)

    assert merged[joined] == (VILLAGE, "keep", "left")
    assert merged[kept] == (VILLAGE, "keep", "open")
    assert (await standing(registry, one["id"]))[joined] == (VILLAGE, "keep", "open")


async def test_what_came_by_the_procedure_splits_into_what_came_by_the_procedure(
    registry: Harness,
) -> None:
    household_id = await aged(registry)
    one = await opened(registry)
    await registry.sql(
        "UPDATE registry.round_entry SET proposal = 'add', outcome = 'effective' WHERE round_id = $1",
        one["id"],
    )

    await split(registry, household_id)

    registered = [fact for fact in await registry.facts() if fact.type.endswith("household-registered.v1")]
    assert b'"basis":"procedure"' in bytes(registered[-1].data)
    assert b"round_id" not in bytes(registered[-1].data)


async def test_the_reason_of_a_closing_stands_in_the_history(registry: Harness) -> None:
    kept, joined = await aged(registry, 1), await aged(registry, 2)
    members = [{"person_id": each, "relation": "97"} for each in await ids(registry, joined)]
    await changed(registry, "merge", kept, joined_id=joined, members=members)

    history = (await get(registry, f"/households/{joined}/history", roles=[roles.AUDITOR])).json()

    assert [(each["status"], each["reason"]) for each in history["standings"]] == [
        ("registered", None),
        ("closed", "merged"),
    ]


async def test_who_moved_once_the_county_had_confirmed_is_announced_where_it_lives_now(
    registry: Harness,
) -> None:
    household_id, stays = await aged(registry, 1), await aged(registry, 2)
    round_id = await confirmed(registry)
    await moved(registry, household_id, NEXT_VILLAGE)

    there = await announce(registry, round_id, ON, village_code=NEXT_VILLAGE)
    here = await announce(registry, round_id, ON)

    assert there.status_code == 201, there.text
    assert (there.json()["area_code"], there.json()["households"]) == (NEXT_VILLAGE, 1)
    assert (here.status_code, here.json()["area_code"], here.json()["households"]) == (201, VILLAGE, 1)
    found = {one["household_id"]: one["outcome"] for one in await entries(registry, round_id)}
    assert found == {household_id: "effective", stays: "effective"}
    signed_off = await post(registry, f"/rounds/{round_id}/closures", json={}, **COLLEAGUE)
    assert signed_off.status_code == 201, signed_off.text
