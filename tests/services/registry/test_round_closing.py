"""A round signed off: its numbers are counted, held against the register, and stated anew when more becomes known."""

from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_VILLAGE,
    TOWNSHIP,
    filed,
    get,
    household,
    member,
    post,
    put,
)
from tests.services.registry.rounds import OFFICER, close_round, decide, entries, opened, stand

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


async def restated(registry: Harness, round_id: str, **who: Any) -> Any:
    """State a round's numbers anew."""
    body = {"reason": "late-report"}
    return await post(registry, f"/rounds/{round_id}/restatements", json=body, **(OFFICER | who))


async def shown(registry: Harness, round_id: str, **who: Any) -> dict[str, Any]:
    """Return a round."""
    answer = await get(registry, f"/rounds/{round_id}", **(OFFICER | who))
    found: dict[str, Any] = answer.json()
    return found


async def test_a_round_closes_with_its_numbers(registry: Harness) -> None:
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

    closed = await close_round(registry, one["id"])

    assert closed.status_code == 201, closed.text
    numbers = {
        "opening_households": 3,
        "opening_persons": 6,
        "added_households": 1,
        "added_persons": 2,
        "removed_households": 1,
        "removed_persons": 2,
        "closing_households": 3,
        "closing_persons": 6,
    }
    assert closed.json()["counts"] == ZERO | numbers
    assert (closed.json()["kept_households"], closed.json()["corrected_households"]) == (1, 1)
    counted = (await get(registry, "/statistics", **OFFICER)).json()
    assert (counted["households"], counted["persons"]) == (3, 6)
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.round-closed.v1", 2)
    assert b'"kept_households":1,"corrected_households":1' in bytes(fact.data)
    outcomes = {entry["household_id"]: entry["outcome"] for entry in await entries(registry, one["id"])}
    assert outcomes[missed] == "left"
    after = await shown(registry, one["id"])
    assert (after["state"], after["closed_on"], after["signed_off_by"]) == (
        "closed",
        "2016-06-30",
        "officer-2",
    )
    assert after["as_closed"]["counts"] == after["as_known_now"]["counts"] == closed.json()["counts"]
    assert after["restated"] is None


async def test_a_second_person_signs_off(registry: Harness) -> None:
    one = await opened(registry)

    refused = await close_round(registry, one["id"], actor="officer-1")

    assert (refused.status_code, refused.json()["code"]) == (409, "same-person")
    assert refused.json()["rule"] == "round-signed-off-by-second-person"
    assert (await close_round(registry, one["id"])).status_code == 201


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

    refused = await close_round(registry, one["id"])

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
    await put(registry, goes, 1, json=household(1, village_code=OTHER_VILLAGE))
    await put(registry, comes, 1, json=household(2, village_code=NEXT_VILLAGE))

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


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({"roles": [roles.CLERK]}, 403),
        ({"roles": [roles.AUDITOR]}, 403),
        ({"area": TOWNSHIP}, 404),
        ({"area": "532931"}, 404),
    ],
)
async def test_a_round_is_closed_and_restated_by_the_county_that_sees_all_of_it(
    registry: Harness, who: dict[str, Any], status: int
) -> None:
    one = await opened(registry)

    assert (await close_round(registry, one["id"], **who)).status_code == status
    assert (await restated(registry, one["id"], **who)).status_code == status


async def test_what_is_known_later_is_shown_beside_and_stated_anew(registry: Harness) -> None:
    household_id = await filed(registry, 1, on="2016-05-01")
    one = await opened(registry)
    registry.clock.move_to(registry.clock.today().replace(day=20))
    await decide(registry, one["id"], household_id)
    closed = (await close_round(registry, one["id"])).json()
    registry.clock.move_to(registry.clock.today().replace(month=7))
    late = household(1, members=[member(2)]) | {"effective_on": "2016-06-10"}
    assert (await put(registry, household_id, 1, json=late)).status_code == 200

    before = await shown(registry, one["id"])
    answer = await restated(registry, one["id"])

    assert before["as_closed"]["counts"] == closed["counts"]
    now = closed["counts"] | {"changed_persons": -1, "closing_persons": 1}
    assert before["as_known_now"]["counts"] == now
    assert (answer.status_code, answer.json()["counts"], answer.json()["number"]) == (201, now, 2)
    after = await shown(registry, one["id"])
    assert (after["as_closed"]["counts"], after["restated"]["counts"]) == (closed["counts"], now)
    assert (after["restated"]["reason"], after["restated"]["stated_on"]) == ("late-report", "2016-07-20")
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.round-restated.v1", 3)
    assert b'"reason":"late-report"' in bytes(fact.data)
    again = await restated(registry, one["id"])
    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-restate")


async def test_what_is_dated_after_the_round_changes_nothing_in_it(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    one = await opened(registry)
    await decide(registry, one["id"], household_id)
    await close_round(registry, one["id"])
    registry.clock.move_to(registry.clock.today().replace(day=20))
    await put(registry, household_id, 1, json=household(1, members=[member(2)]))

    refused = await restated(registry, one["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-to-restate")
    township = await shown(registry, one["id"], area=TOWNSHIP, roles=[roles.CLERK])
    assert township["as_closed"]["counts"]["closing_persons"] == 2
    assert township["as_known_now"] is None


async def test_an_open_round_has_no_numbers_to_restate(registry: Harness) -> None:
    one = await opened(registry)

    refused = await restated(registry, one["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "round-still-open")
