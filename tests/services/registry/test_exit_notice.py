"""An exit over HTTP: noticed, announced, void when its list changes, and told to the open round."""

import json
from datetime import date

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    VILLAGE,
    filed,
    household,
    member,
    post,
    put,
)
from tests.services.registry.exits import (
    NEXT_WEEK,
    announce_exit,
    leaving,
    noticed,
)
from tests.services.registry.noticing import (
    close,
    decide,
    exit_notice,
    hung,
    object_to,
    show,
    stand_at,
    statuses_of,
    types_since,
)
from tests.services.registry.rounds import entries, opened, photo


async def test_an_exit_notice_lists_every_household_that_waits_and_no_other(registry: Harness) -> None:
    first, second = await leaving(registry, 2), await leaving(registry, 1)
    await leaving(registry, 3, village_code=NEXT_VILLAGE)
    await filed(registry, 4)

    answer = await post(registry, "/exit-notices", json=exit_notice())
    again = await post(registry, "/exit-notices", json=exit_notice())

    items = json.loads((await show(registry, answer.json()["id"]))["list"])["items"]
    assert items == [
        {"household_id": second, "name": "金***", "persons": 2, "proposal": "exit", "reason": None},
        {"household_id": first, "name": "金***", "persons": 2, "proposal": "exit", "reason": None},
    ]
    assert answer.json()["kind"] == "exit-notice"
    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-post")


async def test_an_exit_notice_is_not_dated_before_the_pre_exit(registry: Harness) -> None:
    await leaving(registry)

    refused = await post(registry, "/exit-notices", json=exit_notice(posted_on="2016-05-31"))

    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-to-post")


async def test_an_announced_exit_keeps_the_policies(registry: Harness) -> None:
    household_id = await leaving(registry)
    stays = await filed(registry, 2)
    notice_id = await noticed(registry)

    answer = await announce_exit(registry, notice_id)

    assert answer.status_code == 201, answer.text
    assert await statuses_of(registry) == {household_id: "exited", stays: "registered"}
    told, published = (await registry.facts())[-2:]
    assert (told.type, published.type) == (
        "registry.household-exited.v1",
        "registry.announcement-published.v1",
    )
    exit_ = json.loads(bytes(told.data))
    assert (exit_["exited_on"], exit_["reason"]) == (NEXT_WEEK, "exit-criteria-met")
    assert exit_["assessment"]["per_capita_income_fen"] == 600_000
    (row,) = await registry.sql("SELECT outcome, policies_kept_until FROM registry.pre_exit")
    assert (row["outcome"], row["policies_kept_until"]) == ("exited", date(2019, 6, 8))
    again = await announce_exit(registry, notice_id)
    assert (again.status_code, again.json()["code"]) == (409, "notice-not-closed")


@pytest.mark.parametrize(("on", "status"), [("2016-06-07", 409), ("2016-06-08", 201), ("2016-06-09", 422)])
async def test_an_exit_is_announced_between_the_closing_and_today(
    registry: Harness, on: str, status: int
) -> None:
    await leaving(registry)
    notice_id = await noticed(registry)

    assert (await announce_exit(registry, notice_id, on=on)).status_code == status


async def test_an_exit_notice_that_hangs_still_is_not_announced(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = (await post(registry, "/exit-notices", json=exit_notice())).json()["id"]
    registry.clock.move_to(date(2016, 6, 7))

    early = await close(registry, notice_id, on="2016-06-07")
    refused = await announce_exit(registry, notice_id, on="2016-06-07")

    assert early.json()["code"] == "notice-hangs-too-short"
    assert refused.json()["code"] == "notice-not-closed"
    assert await statuses_of(registry) == {household_id: "pre-exit"}


async def test_an_exit_notice_recorded_late_hangs_its_days_from_its_recording_on(registry: Harness) -> None:
    await leaving(registry)
    registry.clock.move_to(date(2016, 6, 11))
    posted = (await post(registry, "/exit-notices", json=exit_notice())).json()

    refused = await close(registry, posted["id"], on="2016-06-11")

    assert posted["closes_on"] == "2016-06-18"
    assert refused.json()["code"] == "notice-hangs-too-short"


async def test_who_announces_exits(registry: Harness) -> None:
    await leaving(registry)
    notice_id = await noticed(registry)

    assert (await announce_exit(registry, notice_id, roles=[roles.VILLAGE_COMMITTEE])).status_code == 403
    assert (await announce_exit(registry, notice_id, area=OTHER_TOWNSHIP)).status_code == 404


async def test_a_pre_exit_taken_back_voids_the_exit_notice(registry: Harness) -> None:
    gone, stays = await leaving(registry, 1), await leaving(registry, 2)
    notice_id = await noticed(registry)
    await post(registry, f"/households/{gone}/pre-exits/withdrawals", json={"reason": "illness"})

    refused = await announce_exit(registry, notice_id)
    again = await post(registry, "/exit-notices", json=exit_notice(posted_on=NEXT_WEEK))

    assert refused.json()["code"] == "notice-not-closed"
    assert (await show(registry, notice_id))["state"] == "voided"
    assert [
        item["household_id"]
        for item in json.loads((await show(registry, again.json()["id"]))["list"])["items"]
    ] == [stays]


async def test_an_upheld_objection_takes_the_pre_exit_back(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = (await post(registry, "/exit-notices", json=exit_notice())).json()["id"]
    objection = (await object_to(registry, notice_id, household_id=household_id)).json()

    answer = await decide(registry, objection["id"], "upheld")

    assert answer.status_code == 201, answer.text
    assert await statuses_of(registry) == {household_id: "registered"}
    assert (await show(registry, notice_id))["state"] == "voided"


async def test_an_upheld_objection_to_the_whole_exit_notice_voids_it(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = (await post(registry, "/exit-notices", json=exit_notice())).json()["id"]
    objection = (await object_to(registry, notice_id)).json()

    await decide(registry, objection["id"], "upheld")

    assert (await show(registry, notice_id))["void_reason"] == "objection-upheld"
    assert await statuses_of(registry) == {household_id: "pre-exit"}
    assert (await post(registry, "/exit-notices", json=exit_notice())).status_code == 201


async def test_an_upheld_objection_for_a_household_that_should_leave_too_voids_the_exit_notice(
    registry: Harness,
) -> None:
    household_id, other = await leaving(registry, 1), await filed(registry, 2)
    notice_id = (await post(registry, "/exit-notices", json=exit_notice())).json()["id"]
    objection = (await object_to(registry, notice_id, household_id=other)).json()

    answer = await decide(registry, objection["id"], "upheld")

    assert answer.status_code == 201, answer.text
    assert (await show(registry, notice_id))["void_reason"] == "objection-upheld"
    assert await statuses_of(registry) == {household_id: "pre-exit", other: "registered"}


async def test_an_objection_to_an_exit_that_was_taken_back_meanwhile_is_upheld(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = (await post(registry, "/exit-notices", json=exit_notice())).json()["id"]
    objection = (await object_to(registry, notice_id, household_id=household_id)).json()
    withdrawal = {"reason": "criteria-fail"}
    await post(registry, f"/households/{household_id}/pre-exits/withdrawals", json=withdrawal)

    answer = await decide(registry, objection["id"], "upheld")

    assert (answer.status_code, answer.json().get("outcome")) == (201, "upheld")
    assert (await show(registry, notice_id))["void_reason"] == "pre-exit-ended"
    assert await statuses_of(registry) == {household_id: "registered"}


async def test_a_file_that_changed_voids_the_exit_notice(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = (await post(registry, "/exit-notices", json=exit_notice())).json()["id"]

    await put(registry, household_id, 2, json=household(1, members=[member(2)]))

    assert (await show(registry, notice_id))["void_reason"] == "household-changed"


async def test_an_exit_notice_cut_short_is_void_until_it_was_announced(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = await noticed(registry)
    await announce_exit(registry, notice_id)
    body = {"taken_down_on": "2016-06-03", "reason": "blown-away"}

    answer = await post(registry, f"/notices/{notice_id}/takedowns", json=body)

    assert (answer.status_code, answer.json()["state"]) == (201, "closed")
    assert (await types_since(registry, 0))[-1] == "notice-cut-short"
    assert await statuses_of(registry) == {household_id: "exited"}


async def test_an_exit_leaves_the_open_round_and_voids_its_notice(registry: Harness) -> None:
    household_id, neighbour = await leaving(registry, 1), await filed(registry, 2)
    notice_id = await noticed(registry)
    round_id = (await opened(registry))["id"]
    await stand_at(registry, round_id, "representatives", on=date(2016, 6, 8))
    body = {"kind": "first-notice", "village_code": VILLAGE, "posted_on": NEXT_WEEK} | hung()
    of_round = (await post(registry, f"/rounds/{round_id}/notices", json=body)).json()

    answer = await announce_exit(registry, notice_id)

    assert answer.status_code == 201, answer.text
    outcomes = {one["household_id"]: one["outcome"] for one in await entries(registry, round_id)}
    assert outcomes == {household_id: "left", neighbour: "open"}
    assert (await show(registry, of_round["id"]))["state"] == "voided"


async def test_pre_exits_and_exit_notices_of_another_area_are_not_seen(registry: Harness) -> None:
    await leaving(registry)
    elsewhere = exit_notice(village_code=OTHER_VILLAGE)

    assert (await post(registry, "/exit-notices", json=elsewhere)).status_code == 404
    assert (
        await post(registry, "/exit-notices", json=exit_notice(), roles=[roles.AUDITOR])
    ).status_code == 403
    assert photo(5) not in str(await registry.facts())
