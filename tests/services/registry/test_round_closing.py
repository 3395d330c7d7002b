"""A round signed off: its numbers are counted, held against the register, and stated anew when more becomes known."""

from typing import Any

import pytest

from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_VILLAGE,
    TOWNSHIP,
    filed,
    get,
    post,
)
from tests.services.registry.changes import moved
from tests.services.registry.rounds import OFFICER, close_round, decide, entries, opened, shown, stand

ZERO = {
    "opening_households": 0,
    "opening_persons": 0,
    "added_households": 0,
    "added_persons": 0,
    "removed_households": 0,
    "removed_persons": 0,
    "changed_persons": 0,
    "closing_households": 0,
    "closing_persons": 0,
}


async def played(registry: Harness) -> tuple[dict[str, Any], str]:
    """Play a round with one household of each proposal, and one candidate that is left undecided; return that."""
    kept, removed, corrected = [await filed(registry, number) for number in (1, 2, 3)]
    added = await filed(registry, 4, candidate=True)
    missed = await filed(registry, 5, candidate=True)
    one = await opened(registry, include_candidates=True)
    registry.clock.move_to(registry.clock.today().replace(day=30))
    for household_id in (kept, removed, corrected, added):
        await decide(registry, one["id"], household_id)
    for household_id, proposal in ((removed, "remove"), (corrected, "correct")):
        await registry.sql(
            "UPDATE registry.round_entry SET proposal = $2 WHERE household_id = $1::uuid",
            *(household_id, proposal),
        )
    await stand(registry, removed, "closed", "deceased")
    await stand(registry, added, "registered")
    return one, missed


async def test_a_round_closes_with_its_numbers(registry: Harness) -> None:
    one, missed = await played(registry)

    closed = await close_round(registry, one["id"], end_additions=True)

    assert closed.status_code == 201, closed.text
    assert closed.json()["counts"] == ZERO | {
        "opening_households": 3,
        "opening_persons": 6,
        "added_households": 1,
        "added_persons": 2,
        "removed_households": 1,
        "removed_persons": 2,
        "closing_households": 3,
        "closing_persons": 6,
    }
    counted = (await get(registry, "/statistics", **OFFICER)).json()
    assert (counted["households"], counted["persons"]) == (3, 6)
    outcomes = {entry["household_id"]: entry["outcome"] for entry in await entries(registry, one["id"])}
    assert outcomes[missed] == "left"
    after = await shown(registry, one["id"])
    assert (after["state"], after["closed_on"], after["signed_off_by"]) == (
        "closed",
        "2016-06-30",
        "officer-2",
    )


async def test_a_closed_round_is_told_of_with_what_was_kept_and_corrected(registry: Harness) -> None:
    one, _ = await played(registry)

    closed = (await close_round(registry, one["id"], end_additions=True)).json()

    assert (closed["kept_households"], closed["corrected_households"]) == (1, 1)
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.round-closed.v1", 2)
    assert b'"kept_households":1,"corrected_households":1' in bytes(fact.data)
    after = await shown(registry, one["id"])
    assert after["as_closed"]["counts"] == after["as_known_now"]["counts"] == closed["counts"]
    assert after["restated"] is None


async def test_a_second_person_signs_off(registry: Harness) -> None:
    one = await opened(registry)

    refused = await close_round(registry, one["id"], actor="officer-1")

    assert (refused.status_code, refused.json()["code"]) == (409, "same-person")
    assert refused.json()["rule"] == "round-signed-off-by-second-person"
    assert (await close_round(registry, one["id"])).status_code == 201


async def test_an_addition_is_decided_or_said_to_end_with_the_round(registry: Harness) -> None:
    household_id = await filed(registry, 1, candidate=True)
    one = await opened(registry, include_candidates=True)

    refused = await close_round(registry, one["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "round-undecided")
    assert (refused.json()["rule"], bool(refused.json()["basis"])) == ("round-decided", True)
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/households/{household_id}"]
    assert (await close_round(registry, one["id"], end_additions=True)).status_code == 201


async def test_everybody_on_the_register_is_decided_first(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    one = await opened(registry)

    refused = await close_round(registry, one["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "round-undecided")
    assert (refused.json()["rule"], bool(refused.json()["basis"])) == ("round-decided", True)
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/households/{household_id}"]
    assert (await shown(registry, one["id"]))["state"] == "open"


async def plant_registration(registry: Harness, round_id: str) -> str:
    """Enter a candidate on the register past the procedure."""
    household_id = await filed(registry, 7, candidate=True)
    await stand(registry, household_id, "registered")
    return household_id


async def plant_disappearance(registry: Harness, round_id: str) -> str:
    """Let a kept household disappear without a reason."""
    household_id = await entry_with(registry, round_id, "keep")
    await stand(registry, household_id, "closed")
    return household_id


async def plant_empty_addition(registry: Harness, round_id: str) -> str:
    """Announce a candidate who never came onto the register."""
    household_id = await entry_with(registry, round_id, "add")
    await decide(registry, round_id, household_id)
    return household_id


async def plant_empty_removal(registry: Harness, round_id: str) -> str:
    """Announce a removal that never took effect."""
    household_id = await entry_with(registry, round_id, "keep")
    await registry.sql(
        "UPDATE registry.round_entry SET proposal = 'remove' WHERE household_id = $1::uuid", household_id
    )
    return household_id


async def plant_phantom(registry: Harness, round_id: str) -> str:
    """Count a person in a file who is none of its members."""
    household_id = await entry_with(registry, round_id, "keep")
    await registry.sql(
        "UPDATE registry.household_version SET persons = 3 WHERE household_id = $1::uuid", household_id
    )
    return household_id


async def entry_with(registry: Harness, round_id: str, proposal: str) -> str:
    """Return a household of a round with a proposal."""
    return str((await entries(registry, round_id, proposal=proposal))[0]["household_id"])


@pytest.mark.parametrize(
    ("plant", "detail"),
    [
        (plant_registration, "2 + 0 - 0 against 3 on the register. Persons: 4 + 0 - 0 + 0 against 6"),
        (plant_disappearance, "2 + 0 - 0 against 1 on the register. Persons: 4 + 0 - 0 + 0 against 2"),
        (plant_empty_addition, "2 + 1 - 0 against 2 on the register. Persons: 4 + 2 - 0 + 0 against 4"),
        (plant_empty_removal, "2 + 0 - 1 against 2 on the register. Persons: 4 + 0 - 2 + 0 against 4"),
        (plant_phantom, "2 + 0 - 0 against 2 on the register. Persons: 4 + 0 - 0 + 1 against 4"),
    ],
)
async def test_numbers_that_do_not_close_are_refused_with_the_households(
    registry: Harness, plant: Any, detail: str
) -> None:
    on_it = [await filed(registry, 1), await filed(registry, 2)]
    await filed(registry, 3, candidate=True)
    one = await opened(registry, include_candidates=True)
    for household_id in on_it:
        await decide(registry, one["id"], household_id)
    planted = await plant(registry, one["id"])
    known = len(await registry.facts())

    refused = await close_round(registry, one["id"], end_additions=True)

    assert (refused.status_code, refused.json()["code"]) == (409, "round-does-not-close"), refused.text
    assert (refused.json()["rule"], bool(refused.json()["basis"])) == ("round-closes", True)
    assert detail in refused.json()["detail"]
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/households/{planted}"]
    assert (await shown(registry, one["id"]))["state"] == "open"
    assert len(await registry.facts()) == known


async def test_who_moves_across_the_scope_is_accounted_for(registry: Harness) -> None:
    goes, stays = await filed(registry, 1), await filed(registry, 3)
    comes = await filed(registry, 2, village_code=OTHER_VILLAGE)
    one = await opened(registry, scope=TOWNSHIP)
    for household_id in (goes, stays):
        await decide(registry, one["id"], household_id)
    await moved(registry, goes, OTHER_VILLAGE)
    await moved(registry, comes, NEXT_VILLAGE)

    closed = (await close_round(registry, one["id"])).json()

    assert (closed["came"], closed["left"]) == ({"moved-in": 1}, {"moved-out": 1})
    assert closed["counts"] == ZERO | {
        "opening_households": 2,
        "opening_persons": 4,
        "added_households": 1,
        "added_persons": 2,
        "removed_households": 1,
        "removed_persons": 2,
        "closing_households": 2,
        "closing_persons": 4,
    }


async def test_who_moved_beyond_the_eyes_of_the_officer_is_accounted_for_by_the_area_that_was_left(
    registry: Harness,
) -> None:
    gone = await filed(registry, 1)
    one = await opened(registry, scope=TOWNSHIP)
    await moved(registry, gone, OTHER_VILLAGE)

    closed = await close_round(registry, one["id"], area=TOWNSHIP)

    assert closed.status_code == 201, closed.text
    assert (closed.json()["left"], closed.json()["counts"]["closing_households"]) == ({"moved-out": 1}, 0)


async def test_a_household_that_moves_inside_the_area_takes_its_entry_along(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    one = await opened(registry)
    await moved(registry, household_id, NEXT_VILLAGE)

    (entry,) = await entries(registry, one["id"])

    assert (entry["village_code"], entry["outcome"]) == (NEXT_VILLAGE, "open")


async def test_who_left_for_a_stated_reason_needs_no_decision(registry: Harness) -> None:
    exits, returns = await filed(registry, 1), await filed(registry, 2)
    await stand(registry, returns, "exited", "income-above-line")
    one = await opened(registry)
    await stand(registry, exits, "exited", "income-above-line")
    await stand(registry, returns, "returned", "illness")

    closed = (await close_round(registry, one["id"])).json()

    assert (closed["came"], closed["left"]) == ({"came-back": 1}, {"exited": 1})
    assert (closed["counts"]["opening_households"], closed["counts"]["closing_households"]) == (1, 1)
    (entry,) = await entries(registry, one["id"])
    assert entry["outcome"] == "left"


async def test_nothing_is_added_to_a_closed_round(registry: Harness) -> None:
    household_id = await filed(registry, 1, candidate=True)
    one = await opened(registry)
    assert (await close_round(registry, one["id"])).status_code == 201
    item = {"household_id": household_id, "reason": "missed-before"}

    late = await post(registry, f"/rounds/{one['id']}/entries", json={"items": [item]}, **OFFICER)
    again = await close_round(registry, one["id"])

    assert (late.status_code, late.json()["code"]) == (409, "round-closed")
    assert (again.status_code, again.json()["code"]) == (409, "round-closed")
    following = await opened(registry, scope=COUNTY)
    assert following["number"] == 2


async def test_a_candidate_that_nobody_decided_begins_anew_in_the_next_round(registry: Harness) -> None:
    household_id = await filed(registry, 1, candidate=True)
    one = await opened(registry, include_candidates=True)
    await stand(registry, household_id, "evaluated")

    assert (await close_round(registry, one["id"], end_additions=True)).status_code == 201

    (entry,) = await entries(registry, one["id"])
    assert (entry["outcome"], entry["status"]) == ("left", "candidate")
    again = await opened(registry, include_candidates=True)
    (entry,) = await entries(registry, again["id"])
    assert (entry["proposal"], entry["step"], entry["outcome"]) == ("add", "opened", "open")
