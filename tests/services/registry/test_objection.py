"""Objections over HTTP: they block the next step until somebody else has answered, and an upheld one changes the list."""

from datetime import date
from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import NEXT_VILLAGE, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, filed, get, post
from tests.services.registry.noticing import (
    COLLEAGUE,
    WORDS,
    close,
    decide,
    object_to,
    post_notice,
    posted,
    show,
    stand_at,
    standing_round,
    statuses_of,
    steps_of,
    types_since,
)
from tests.services.registry.rounds import OFFICER, entries, opened, propose


async def hanging(registry: Harness, number: int = 1, **changes: Any) -> tuple[str, str, str]:
    """Return a household, its round and its first notice, which hangs."""
    household_id = await filed(registry, number, **changes)
    round_id = await standing_round(registry, "representatives")
    return household_id, round_id, (await posted(registry, round_id, "first-notice"))["id"]


async def test_an_open_objection_blocks_until_it_is_answered(registry: Harness) -> None:
    household_id, round_id, notice_id = await hanging(registry)
    filing = await object_to(registry, notice_id, household_id=household_id)
    registry.clock.move_to(date(2016, 6, 8))

    blocked = await close(registry, notice_id)
    await decide(registry, filing.json()["id"], decided_on="2016-06-08")
    after = await close(registry, notice_id)

    assert (blocked.status_code, blocked.json()["code"]) == (409, "objection-open")
    assert blocked.json()["rule"] == "no-open-objection"
    assert blocked.json()["basis"]
    assert after.status_code == 201, after.text
    assert await steps_of(registry, round_id) == {household_id: "first-notice"}
    assert await types_since(registry, 3) == ["objection-filed", "objection-decided", "notice-closed"]
    assert [fact.sequence for fact in (await registry.facts())[2:]] == [1, 2, 3, 4]


async def test_who_objects_and_what_is_said_stays_sealed(registry: Harness) -> None:
    household_id, _, notice_id = await hanging(registry)
    objection = (await object_to(registry, notice_id, household_id=household_id)).json()
    await decide(registry, objection["id"])

    own = (await get(registry, f"/notices/{notice_id}/objections")).json()["items"][0]
    auditor = await get(registry, f"/notices/{notice_id}/objections", roles=[roles.AUDITOR], area="")
    stored = await registry.sql("SELECT * FROM registry.objection")

    assert (own["by"], own["text"], own["answer"]) == (WORDS["by"], WORDS["text"], "已入户核查。")
    shown = auditor.json()["items"][0]
    assert (shown["by"], shown["text"], shown["answer"], shown["outcome"]) == (None, None, None, "dismissed")
    told = b"".join(bytes(fact.data) for fact in await registry.facts())
    for words in (*WORDS.values(), "已入户核查。"):
        assert words not in str(stored)
        assert words.encode() not in told
        assert words not in str((await show(registry, notice_id))["list"])


@pytest.mark.parametrize(
    ("filed_on", "status", "code"),
    [
        ("2016-06-01", 201, None),
        ("2016-05-31", 422, "notice-day-invalid"),
        ("2016-06-10", 201, None),
        ("2016-06-11", 422, "date-in-future"),
    ],
)
async def test_an_objection_is_filed_while_the_list_hangs(
    registry: Harness, filed_on: str, status: int, code: str | None
) -> None:
    _, _, notice_id = await hanging(registry)
    registry.clock.move_to(date(2016, 6, 10))

    answer = await object_to(registry, notice_id, filed_on=filed_on)

    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_whoever_recorded_an_objection_does_not_answer_it(registry: Harness) -> None:
    _, _, notice_id = await hanging(registry)
    objection = (await object_to(registry, notice_id, **OFFICER)).json()

    same = await decide(registry, objection["id"])
    other = await decide(registry, objection["id"], **COLLEAGUE)
    again = await decide(registry, objection["id"], **COLLEAGUE)

    assert (same.status_code, same.json()["code"]) == (409, "objection-same-person")
    assert same.json()["rule"] == "objection-second-person"
    assert other.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "objection-decided")


@pytest.mark.parametrize(
    ("decided_on", "status"), [("2016-06-03", 201), ("2016-06-02", 422), ("2016-06-05", 422)]
)
async def test_an_answer_is_dated_between_the_objection_and_today(
    registry: Harness, decided_on: str, status: int
) -> None:
    _, _, notice_id = await hanging(registry)
    registry.clock.move_to(date(2016, 6, 4))
    objection = (await object_to(registry, notice_id, filed_on="2016-06-03")).json()

    assert (await decide(registry, objection["id"], decided_on=decided_on)).status_code == status


async def test_who_may_file_and_who_may_answer(registry: Harness) -> None:
    _, _, notice_id = await hanging(registry)
    committee: dict[str, Any] = {"roles": [roles.VILLAGE_COMMITTEE], "area": VILLAGE, "actor": "committee-1"}
    objection = (await object_to(registry, notice_id, **committee)).json()

    assert (await object_to(registry, notice_id, roles=[roles.AUDITOR])).status_code == 403
    assert (await object_to(registry, notice_id, area=OTHER_TOWNSHIP)).status_code == 404
    assert (await decide(registry, objection["id"], **committee)).status_code == 403
    assert (await decide(registry, objection["id"], area=OTHER_TOWNSHIP)).status_code == 404
    clerk: dict[str, Any] = {"roles": [roles.CLERK], "area": TOWNSHIP, "actor": "clerk-2"}
    assert (await decide(registry, objection["id"], **clerk)).status_code == 201


async def test_a_household_of_another_village_is_none_of_this_list(registry: Harness) -> None:
    _, _, notice_id = await hanging(registry)
    elsewhere = await filed(registry, 2, village_code=NEXT_VILLAGE)

    refused = await object_to(registry, notice_id, household_id=elsewhere)

    assert (refused.status_code, refused.json()["code"]) == (422, "objection-household-unknown")


async def upheld(registry: Harness, notice_id: str, household_id: str) -> None:
    """Object to a household and uphold it."""
    objection = (await object_to(registry, notice_id, household_id=household_id)).json()
    answer = await decide(registry, objection["id"], "upheld")
    assert answer.status_code == 201, answer.text


async def test_an_upheld_objection_ends_an_addition_and_voids_the_list(registry: Harness) -> None:
    candidate, other = await filed(registry, 1, candidate=True), await filed(registry, 2)
    await registry.sql("UPDATE registry.household SET status = 'evaluated' WHERE id = $1::uuid", candidate)
    round_id = await standing_round(registry, "representatives")
    notice_id = (await posted(registry, round_id, "first-notice"))["id"]

    await upheld(registry, notice_id, candidate)

    by_id = {entry["household_id"]: entry for entry in await entries(registry, round_id)}
    assert (by_id[candidate]["outcome"], by_id[candidate]["reason"]) == ("turned-down", "objection-upheld")
    assert (by_id[other]["outcome"], by_id[other]["step"]) == ("open", "representatives")
    assert await statuses_of(registry) == {candidate: "candidate", other: "registered"}
    assert (await show(registry, notice_id))["state"] == "voided"
    assert (await types_since(registry, 0))[-2:] == ["objection-decided", "notice-voided"]
    again = await posted(registry, round_id, "first-notice")
    assert candidate not in (await show(registry, again["id"]))["list"]


@pytest.mark.parametrize(
    ("proposal", "reason", "after"),
    [
        ("remove", "owns-vehicle", ("keep", None)),
        ("correct", "persons-changed", ("correct", "persons-changed")),
        ("keep", None, ("keep", None)),
    ],
)
async def test_an_upheld_objection_lets_anything_else_be_evaluated_anew(
    registry: Harness, proposal: str, reason: str | None, after: tuple[str, str | None]
) -> None:
    household_id, other = await filed(registry, 1), await filed(registry, 2)
    round_id = (await opened(registry))["id"]
    if proposal != "keep":
        item = {"household_id": household_id, "proposal": proposal, "reason": reason}
        await propose(registry, round_id, item)
    await registry.sql("UPDATE registry.round_entry SET step = 'township-review'")
    notice_id = (await posted(registry, round_id, "second-notice"))["id"]

    await upheld(registry, notice_id, household_id)

    by_id = {entry["household_id"]: entry for entry in await entries(registry, round_id)}
    entry = by_id[household_id]
    assert (entry["proposal"], entry["reason"]) == after
    assert (entry["step"], entry["outcome"]) == ("checked", "open")
    assert by_id[other]["step"] == "township-review"
    assert (await show(registry, notice_id))["state"] == "voided"
    waiting = await post_notice(registry, round_id, "second-notice")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "step-out-of-order")


async def test_an_upheld_objection_to_the_whole_list_voids_it(registry: Harness) -> None:
    household_id, round_id, notice_id = await hanging(registry)
    objection = (await object_to(registry, notice_id)).json()

    await decide(registry, objection["id"], "upheld")

    shown = await show(registry, notice_id)
    assert (shown["state"], shown["void_reason"]) == ("voided", "objection-upheld")
    assert (await types_since(registry, 0))[-2:] == ["objection-decided", "notice-voided"]
    assert await steps_of(registry, round_id) == {household_id: "representatives"}
    assert (await close(registry, notice_id)).json()["code"] == "notice-not-open"
    again = await posted(registry, round_id, "first-notice")
    assert household_id in (await show(registry, again["id"]))["list"]


async def test_an_upheld_objection_to_a_list_voided_meanwhile_voids_what_hangs_instead(
    registry: Harness,
) -> None:
    _, round_id, notice_id = await hanging(registry)
    whole, again = [(await object_to(registry, notice_id)).json()["id"] for _ in range(2)]
    await decide(registry, whole, "upheld")
    instead = (await posted(registry, round_id, "first-notice"))["id"]

    answer = await decide(registry, again, "upheld")

    assert answer.status_code == 201, answer.text
    assert (await show(registry, instead))["void_reason"] == "objection-upheld"


async def test_an_objection_to_a_voided_list_still_wants_an_answer(registry: Harness) -> None:
    household_id, other = await filed(registry, 1), await filed(registry, 2)
    round_id = await standing_round(registry, "representatives")
    notice_id = (await posted(registry, round_id, "first-notice"))["id"]
    waiting = (await object_to(registry, notice_id, household_id=other)).json()
    await upheld(registry, notice_id, household_id)
    await registry.sql("UPDATE registry.round_entry SET step = 'representatives'")
    again = await posted(registry, round_id, "first-notice")
    registry.clock.move_to(date(2016, 6, 8))

    blocked = await close(registry, again["id"])
    await decide(registry, waiting["id"], decided_on="2016-06-08")

    assert blocked.json()["code"] == "objection-open"
    assert (await close(registry, again["id"])).status_code == 201


async def test_an_upheld_objection_for_a_household_that_the_list_leaves_out_voids_it_and_ends_nothing(
    registry: Harness,
) -> None:
    listed, round_id, notice_id = await hanging(registry)
    missing = await filed(registry, 2, candidate=True)
    objection = (await object_to(registry, notice_id, household_id=missing)).json()
    item = {"household_id": missing, "reason": "missed-before"}
    await post(registry, f"/rounds/{round_id}/entries", json={"items": [item]})

    answer = await decide(registry, objection["id"], "upheld")

    assert answer.status_code == 201, answer.text
    assert (await show(registry, notice_id))["void_reason"] == "objection-upheld"
    by_id = {entry["household_id"]: entry for entry in await entries(registry, round_id)}
    assert (by_id[missing]["outcome"], by_id[missing]["step"]) == ("open", "opened")
    assert (by_id[listed]["outcome"], by_id[listed]["step"]) == ("open", "representatives")


async def test_a_list_that_names_the_missing_household_by_now_stays(registry: Harness) -> None:
    _, round_id, notice_id = await hanging(registry)
    missing = await filed(registry, 2, candidate=True)
    objection = (await object_to(registry, notice_id, household_id=missing)).json()
    await decide(registry, (await object_to(registry, notice_id)).json()["id"], "upheld")
    item = {"household_id": missing, "reason": "missed-before"}
    await post(registry, f"/rounds/{round_id}/entries", json={"items": [item]})
    await stand_at(registry, round_id, "representatives", missing)
    instead = (await posted(registry, round_id, "first-notice"))["id"]

    await decide(registry, objection["id"], "upheld")

    assert (await show(registry, instead))["state"] == "open"
