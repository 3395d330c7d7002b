"""People found on a list: seen by their own area, explained or confirmed once, ruling out until then."""

import json
from typing import Any

import asyncpg
import pytest

from chassis.ids import new_id
from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    filed,
    get,
    household,
    member,
    post,
    put,
)
from tests.services.registry.lists import DETAIL, OFFICER, csv, matches, resolve, ruled_out, sent


async def test_clerks_and_officers_see_what_the_list_says_others_do_not(registry: Harness) -> None:
    await filed(registry)
    await sent(registry, csv(2))

    (clerk,) = await matches(registry)
    auditor = (await get(registry, "/cross-checks/matches", roles=[roles.AUDITOR])).json()["items"][0]

    assert (clerk["detail"], auditor["detail"]) == (DETAIL, None)
    assert (await get(registry, "/cross-checks/matches", roles=[roles.INSURER])).status_code == 403


async def test_a_match_is_explained_once_and_rules_nobody_out_then(registry: Harness) -> None:
    household_id = await filed(registry)
    await sent(registry, csv(2))
    (match,) = await matches(registry, state="open")
    before = await ruled_out(registry, household_id)

    answer = await resolve(registry, match["id"])
    again = await resolve(registry, match["id"])

    assert before == {household_id}
    assert answer.status_code == 201, answer.text
    assert (again.status_code, again.json()["code"]) == (409, "cross-check-resolved")
    assert await ruled_out(registry, household_id) == set()
    (resolved,) = await matches(registry, state="explained")
    assert (resolved["reason"], resolved["resolved_by"], resolved["resolved_on"]) == (
        "same-name",
        "clerk-1",
        "2016-06-01",
    )
    (fact,) = [fact for fact in await registry.facts() if fact.type == "registry.cross-check-resolved.v1"]
    assert fact.subject_id == household_id


FIRST = {"resolution": 1, "reason": "wrong-person"}
COLLEAGUE = {"actor": "clerk-2"}


async def test_a_wrong_resolution_is_corrected_by_another_person_and_stays_in_the_history(
    registry: Harness,
) -> None:
    household_id = await filed(registry)
    await sent(registry, csv(2))
    (match,) = await matches(registry)
    await resolve(registry, match["id"])
    said: list[Any] = ["confirmed", "owns-vehicle"]

    same = await resolve(registry, match["id"], *said, corrects=FIRST)
    answer = await resolve(registry, match["id"], *said, corrects=FIRST, **COLLEAGUE)
    again = await resolve(registry, match["id"], "explained", "vehicle-sold", corrects=FIRST)

    assert (same.status_code, same.json()["code"]) == (409, "cross-check-same-person")
    assert same.json()["rule"] == "match-second-person"
    assert "国开办发" in same.json()["basis"]
    assert answer.status_code == 201, answer.text
    assert (again.status_code, again.json()["code"]) == (409, "cross-check-not-so-resolved")
    assert await ruled_out(registry, household_id) == {household_id}
    (now,) = await matches(registry, state="confirmed")
    assert (now["reason"], now["resolved_by"]) == ("owns-vehicle", "clerk-2")
    assert [
        (one["number"], one["outcome"], one["resolved_by"], one["correction_reason"])
        for one in now["history"]
    ] == [(1, "explained", "clerk-1", None), (2, "confirmed", "clerk-2", "wrong-person")]
    told = [fact for fact in await registry.facts() if fact.type == "registry.cross-check-resolved.v1"]
    assert [json.loads(bytes(fact.data))["outcome"] for fact in told] == ["explained", "confirmed"]
    (listed,) = (await get(registry, "/cross-checks", **OFFICER)).json()["items"]
    assert (listed["matches"], listed["open"]) == (1, 0)


async def test_a_correction_says_something_else_of_a_match_that_is_resolved(registry: Harness) -> None:
    await filed(registry)
    await sent(registry, csv(2))
    (match,) = await matches(registry)

    unresolved = await resolve(registry, match["id"], corrects=FIRST)
    await resolve(registry, match["id"])
    nothing = await resolve(registry, match["id"], corrects=FIRST, **COLLEAGUE)

    assert (unresolved.status_code, unresolved.json()["code"]) == (409, "cross-check-not-so-resolved")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing-changed")


async def test_the_database_itself_refuses_a_correction_by_the_same_person(registry: Harness) -> None:
    await filed(registry)
    await sent(registry, csv(2))
    (match,) = await matches(registry)
    await resolve(registry, match["id"])
    second = (
        "INSERT INTO registry.cross_check_resolution SELECT match_id, area_code, 'confirmed', 'owns-vehicle', 'clerk-1', "
        "resolved_on, recorded_at, 2, 1, $1, 'wrong-person' FROM registry.cross_check_resolution"
    )

    with pytest.raises(asyncpg.CheckViolationError, match="second_person"):
        await registry.sql(second, "clerk-1")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await registry.sql(second, "clerk-2")


async def test_only_clerks_and_officers_resolve_matches(registry: Harness) -> None:
    await filed(registry)
    await sent(registry, csv(2))
    (match,) = await matches(registry)

    assert (await resolve(registry, match["id"], roles=[roles.AUDITOR])).status_code == 403
    assert (await resolve(registry, match["id"], "forgotten")).status_code == 422
    assert (await resolve(registry, str(new_id()))).status_code == 404


async def test_who_joins_after_a_list_is_ruled_out_and_found_when_it_is_matched_again(
    registry: Harness,
) -> None:
    told = (await sent(registry, csv(2))).json()
    household_id = await filed(registry)

    before = await ruled_out(registry, household_id), await matches(registry)
    again = await post(registry, f"/cross-checks/{told['id']}/matches", **OFFICER)
    twice = await post(registry, f"/cross-checks/{told['id']}/matches", **OFFICER)

    assert before == ({household_id}, [])
    assert (again.status_code, again.json()["matched"], again.json()["households"]) == (201, 1, 1)
    assert twice.json()["matched"] == 0
    (match,) = await matches(registry)
    await resolve(registry, match["id"])
    assert await ruled_out(registry, household_id) == set()


async def test_who_joins_is_held_against_the_newest_list_of_a_kind_only(registry: Harness) -> None:
    await sent(registry, csv(2), as_of="2016-01-31")
    newer = await sent(registry, csv(900), as_of="2016-05-31")

    household_id = await filed(registry)

    assert newer.json()["matches"] == 0
    assert await ruled_out(registry, household_id) == set()


async def test_a_match_follows_its_household_to_another_village(registry: Harness) -> None:
    household_id = await filed(registry)
    await sent(registry, csv(2))
    moved = household(1, village_code=OTHER_VILLAGE) | {"effective_on": "2016-06-01"}

    answer = await put(registry, household_id, 1, json=moved)

    assert answer.status_code == 200, answer.text
    assert await matches(registry) == []
    there = await get(registry, "/cross-checks/matches", area=OTHER_TOWNSHIP)
    assert [one["village_code"] for one in there.json()["items"]] == [OTHER_VILLAGE]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cross_check_match SET kind = 'deaths'",
        "DELETE FROM cross_check_match",
        "UPDATE cross_check_resolution SET outcome = 'explained'",
        "DELETE FROM cross_check_resolution",
        "UPDATE cross_check_list SET kind = 'deaths'",
        "DELETE FROM cross_check_row",
    ],
)
async def test_what_was_found_cannot_be_rewritten(registry: Harness, statement: str) -> None:
    unit = registry.unit(roles.OFFICER)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with unit:
            await unit.driver.execute(statement)


async def test_two_people_of_a_household_are_two_matches(registry: Harness) -> None:
    await filed(registry, 1, members=[member(2), member(8, relation="20")])

    answer = await sent(registry, csv(2, 8))

    assert (answer.json()["matches"], answer.json()["households"]) == (2, 1)
