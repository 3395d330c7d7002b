"""Closing a notice over HTTP: after its days and not one earlier, and whoever it lists passes the step."""

from datetime import date

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    OTHER_TOWNSHIP,
    VILLAGE,
    filed,
    get,
)
from tests.services.registry.noticing import (
    close,
    closed,
    posted,
    stand_at,
    standing_round,
    statuses_of,
    steps_of,
)

BEFORE = {"first-notice": "representatives", "second-notice": "township-review"}
COMMITTEE = {"roles": [roles.VILLAGE_COMMITTEE], "area": VILLAGE, "actor": "committee-1"}


@pytest.mark.parametrize("kind", sorted(BEFORE))
async def test_a_closed_notice_lets_its_households_pass(registry: Harness, kind: str) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, BEFORE[kind])

    notice = await closed(registry, round_id, kind)

    assert (notice["state"], notice["closed_on"]) == ("closed", "2016-06-08")
    assert await steps_of(registry, round_id) == {household_id: kind}
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.notice-closed.v1", 2)
    assert b'"min_days":7,"closed_on":"2016-06-08"' in bytes(fact.data)


async def test_a_notice_hangs_its_minimum_days_and_not_one_less(registry: Harness) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await posted(registry, round_id, "first-notice")
    registry.clock.move_to(date(2016, 6, 9))

    early = await close(registry, notice["id"], on="2016-06-07")
    future = await close(registry, notice["id"], on="2016-06-10")
    in_time = await close(registry, notice["id"], on="2016-06-08")

    assert (early.status_code, early.json()["code"]) == (409, "notice-hangs-too-short")
    assert early.json()["rule"] == "notice-minimum-days"
    assert early.json()["basis"]
    assert (future.status_code, in_time.status_code) == (422, 201)


async def test_a_notice_recorded_late_hangs_its_days_from_its_recording_on(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    registry.clock.move_to(date(2016, 6, 11))
    notice = await posted(registry, round_id, "first-notice", posted_on="2016-06-01")

    at_once = await close(registry, notice["id"], on="2016-06-11")
    registry.clock.move_to(date(2016, 6, 18))
    early = await close(registry, notice["id"], on="2016-06-17")
    in_time = await close(registry, notice["id"], on="2016-06-18")

    assert (notice["posted_on"], notice["closes_on"]) == ("2016-06-01", "2016-06-18")
    for refused in (at_once, early):
        assert (refused.status_code, refused.json()["code"]) == (409, "notice-hangs-too-short")
    assert in_time.status_code == 201, in_time.text
    assert await steps_of(registry, round_id) == {household_id: "first-notice"}
    assert b'"closes_on":"2016-06-18"' in bytes((await registry.facts())[-1].data)


async def test_a_notice_cannot_be_closed_on_a_day_that_has_not_come(registry: Harness) -> None:
    await filed(registry, 1)
    notice = await posted(registry, await standing_round(registry, "representatives"), "first-notice")
    registry.clock.move_to(date(2016, 6, 7))

    refused = await close(registry, notice["id"], on="2016-06-08")

    assert (refused.status_code, refused.json()["code"]) == (422, "date-in-future")


async def test_a_notice_is_closed_once(registry: Harness) -> None:
    await filed(registry, 1)
    notice = await closed(registry, await standing_round(registry, "representatives"), "first-notice")

    again = await close(registry, notice["id"])

    assert (again.status_code, again.json()["code"]) == (409, "notice-not-open")


async def test_candidates_are_noticed_by_the_second_notice_only(registry: Harness) -> None:
    candidate, kept = await filed(registry, 1, candidate=True), await filed(registry, 2)
    await registry.sql("UPDATE registry.household SET status = 'evaluated' WHERE id = $1::uuid", candidate)
    round_id = await standing_round(registry, "representatives")

    await closed(registry, round_id, "first-notice")
    after_first = await statuses_of(registry)
    await stand_at(registry, round_id, "township-review", on=date(2016, 6, 8))
    await closed(registry, round_id, "second-notice", posted_on="2016-06-08")

    assert after_first == {candidate: "evaluated", kept: "registered"}
    assert await statuses_of(registry) == {candidate: "noticed", kept: "registered"}
    history = (await get(registry, f"/households/{candidate}/history")).json()["standings"]
    assert (history[-1]["status"], history[-1]["valid_from"]) == ("noticed", "2016-06-15")


async def test_nobody_is_noticed_without_the_three_evaluations(registry: Harness) -> None:
    candidate = await filed(registry, 1, candidate=True)
    round_id = await standing_round(registry, "township-review")
    notice = await posted(registry, round_id, "second-notice")
    registry.clock.move_to(date(2016, 6, 8))

    refused = await close(registry, notice["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "household-not-evaluated")
    assert await statuses_of(registry) == {candidate: "candidate"}


async def test_a_notice_of_another_area_is_not_closed(registry: Harness) -> None:
    await filed(registry, 1)
    notice = await posted(registry, await standing_round(registry, "representatives"), "first-notice")
    registry.clock.move_to(date(2016, 6, 8))

    assert (await close(registry, notice["id"], area=OTHER_TOWNSHIP)).status_code == 404
    assert (await close(registry, notice["id"], roles=[roles.AUDITOR])).status_code == 403
