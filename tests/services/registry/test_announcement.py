"""The announcement over HTTP: with it, and not before, each proposal takes effect and others hear of it."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.announcing import ON, confirmed, last_fact
from tests.services.registry.builders import (
    CANARY_NAME,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    household,
    member,
    post,
    spouse,
)
from tests.services.registry.changes import left_alone
from tests.services.registry.noticing import (
    announce,
    closed,
    exit_notice,
    pre_exit,
    prosperous,
    show,
    stand_at,
    statuses_of,
    steps_of,
    types_since,
)
from tests.services.registry.rounds import OFFICER, entries, opened, propose, visited


async def test_an_added_candidate_is_registered_by_the_procedure(registry: Harness) -> None:
    candidate = await filed(registry, 1, candidate=True)
    round_id = await confirmed(registry)

    answer = await announce(registry, round_id, on=ON)

    assert answer.status_code == 201, answer.text
    assert await statuses_of(registry) == {candidate: "registered"}
    told = await last_fact(registry, "household-registered")
    assert (told["household_id"], told["basis"], told["round_id"]) == (candidate, "procedure", round_id)
    assert told["registered_on"] == ON
    (entry,) = await entries(registry, round_id)
    assert (entry["step"], entry["outcome"]) == ("announced", "effective")
    assert (await get(registry, "/statistics")).json()["households"] == 1


@pytest.mark.parametrize("before", ["registered", "verified"])
async def test_a_kept_household_is_verified_in_each_round(registry: Harness, before: str) -> None:
    household_id = await filed(registry, 1)
    if before == "verified":
        await post(registry, f"/households/{household_id}/verifications", json={})
    round_id = await confirmed(registry)

    await announce(registry, round_id, on=ON)

    assert await statuses_of(registry) == {household_id: "verified"}
    told = await last_fact(registry, "household-verified")
    assert (told["verified_on"], told["round_id"]) == (ON, round_id)


async def test_a_correction_takes_effect_once_the_file_is_corrected(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    correct = {"household_id": household_id, "proposal": "correct", "reason": "persons-changed"}
    round_id = str((await opened(registry))["id"])
    await propose(registry, round_id, correct)
    await left_alone(registry, household_id)
    await stand_at(registry, round_id, "township-review")
    await closed(registry, round_id, "second-notice")
    await stand_at(registry, round_id, "county-confirmation", on=date(2016, 6, 8))

    answer = await announce(registry, round_id, on=ON)

    assert answer.status_code == 201, answer.text
    assert await statuses_of(registry) == {household_id: "verified"}
    assert (await last_fact(registry, "household-verified"))["persons"] == 1


async def test_a_correction_without_a_corrected_file_is_refused(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await confirmed(
        registry, {"household_id": household_id, "proposal": "correct", "reason": "persons-changed"}
    )
    known = len(await registry.facts())

    refused = await announce(registry, round_id, on=ON)

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["rule"]) == (
        409,
        "effects-refused",
        "correction-is-filed",
    )
    assert problem["basis"]
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
        (f"/households/{household_id}", "correction-is-filed")
    ]
    assert await types_since(registry, known) == []
    assert await steps_of(registry, round_id) == {household_id: "county-confirmation"}


async def test_a_removed_household_is_closed_and_its_people_are_free(registry: Harness) -> None:
    household_id, kept = await filed(registry, 1), await filed(registry, 2)
    round_id = await confirmed(
        registry, {"household_id": household_id, "proposal": "remove", "reason": "moved-away"}
    )

    await announce(registry, round_id, on=ON)

    assert await statuses_of(registry) == {household_id: "closed", kept: "verified"}
    told = await last_fact(registry, "household-closed")
    assert (told["reason"], told["was_on_register"], told["persons"], told["round_id"]) == (
        "moved-away",
        True,
        2,
        round_id,
    )
    history = (await get(registry, f"/households/{household_id}/history")).json()["standings"]
    assert (history[-1]["status"], history[-1]["reason"]) == ("closed", "moved-away")
    again = household(3, file_number="F-00099", candidate=True) | {"members": [member(2), spouse(3)]}
    assert (await post(registry, "/households", json=again)).status_code == 201
    assert (await get(registry, "/statistics")).json()["households"] == 1


async def removed_then_added(registry: Harness) -> tuple[str, str]:
    """Remove a household by one round, and let the next one add it again."""
    household_id = await filed(registry, 1)
    removal = {"household_id": household_id, "proposal": "remove", "reason": "moved-away"}
    first = await confirmed(registry, removal)
    await announce(registry, first, on=ON)
    await registry.sql("UPDATE registry.round SET is_open = false, closed_at = now()")
    second = str((await opened(registry))["id"])
    item = {"household_id": household_id, "reason": "missed-before"}
    added = await post(registry, f"/rounds/{second}/entries", json={"items": [item]}, **OFFICER)
    assert added.json()["done"] == 1, added.text
    await stand_at(registry, second, "township-review", on=date(2016, 6, 8))
    await closed(registry, second, "second-notice", posted_on=ON)
    await stand_at(registry, second, "county-confirmation", on=date(2016, 6, 15))
    return household_id, second


async def test_a_closed_household_returns_by_a_round_with_its_people(registry: Harness) -> None:
    household_id, round_id = await removed_then_added(registry)

    answer = await announce(registry, round_id, on="2016-06-15")

    assert answer.status_code == 201, answer.text
    assert await statuses_of(registry) == {household_id: "returned"}
    told = await last_fact(registry, "household-returned")
    assert (told["reason"], told["round_id"]) == ("missed-before", round_id)
    twice = household(5, file_number="F-00098", candidate=True) | {"members": [member(2)]}
    assert (await post(registry, "/households", json=twice)).json()["code"] == "identity-registered"


@pytest.mark.parametrize("village", [VILLAGE, OTHER_VILLAGE])
async def test_nobody_returns_who_was_filed_elsewhere_meanwhile(registry: Harness, village: str) -> None:
    household_id, round_id = await removed_then_added(registry)
    elsewhere = household(5, file_number="F-00098", candidate=True, village_code=village)
    filing = elsewhere | {"members": [member(2)]}
    assert (await post(registry, "/households", json=filing, area=village[:9])).status_code == 201
    clerk: dict[str, Any] = {"roles": [roles.CLERK], "area": TOWNSHIP, "actor": "clerk-1"}

    refused = await announce(registry, round_id, on="2016-06-15", **clerk)

    assert (refused.status_code, refused.json()["code"]) == (409, "identity-registered")
    assert [one["pointer"] for one in refused.json()["errors"]] == [f"/households/{household_id}"]
    assert (await statuses_of(registry))[household_id] == "closed"


async def test_an_announcement_is_told_of_and_freezes_its_list(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await confirmed(registry)

    made = (await announce(registry, round_id, on=ON)).json()

    shown = (await get(registry, f"/announcements/{made['id']}")).json()
    assert hashlib.sha256(shown["list"].encode()).hexdigest() == shown["list_sha256"] == made["list_sha256"]
    assert json.loads(shown["list"])["items"][0]["household_id"] == household_id
    assert CANARY_NAME not in shown["list"]
    listed = (await get(registry, f"/rounds/{round_id}/announcements")).json()["items"]
    assert listed == [made]
    told = await last_fact(registry, "announcement-published")
    assert (told["notice_id"], told["kind"], told["households"]) == (made["notice_id"], "second-notice", 1)
    notices = [one for one in await registry.facts() if one.subject == f"notice/{made['notice_id']}"]
    assert [one.sequence for one in notices] == [1, 2, 3]


async def test_a_round_that_keeps_a_household_ends_its_pre_exit(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    visit = await visited(registry, household_id, checks=prosperous())
    round_id = str((await opened(registry))["id"])
    await stand_at(registry, round_id, "township-review")
    await closed(registry, round_id, "second-notice")
    await stand_at(registry, round_id, "county-confirmation", on=date(2016, 6, 8))
    assert (await pre_exit(registry, household_id, visit["id"], on=ON)).status_code == 200
    leaving = await post(registry, "/exit-notices", json=exit_notice(posted_on=ON))

    await announce(registry, round_id, on=ON)

    assert await statuses_of(registry) == {household_id: "verified"}
    assert (await show(registry, leaving.json()["id"]))["void_reason"] == "pre-exit-ended"
    outcome = await registry.sql("SELECT outcome FROM registry.pre_exit")
    assert [row["outcome"] for row in outcome] == ["overtaken"]
