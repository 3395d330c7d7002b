"""Objections that were filed while the list hung and entered after it was closed."""

from datetime import date

import pytest

from tests.kit import Harness
from tests.services.registry.builders import filed
from tests.services.registry.exits import announce_exit, leaving, noticed
from tests.services.registry.noticing import (
    close,
    closed,
    decide,
    object_to,
    posted,
    show,
    stand_at,
    standing_round,
    statuses_of,
    steps_of,
    types_since,
)
from tests.services.registry.rounds import entries


@pytest.mark.parametrize(
    ("kind", "before"), [("first-notice", "representatives"), ("second-notice", "township-review")]
)
async def test_an_objection_entered_late_undoes_the_closing(
    registry: Harness, kind: str, before: str
) -> None:
    candidate, other = await filed(registry, 1, candidate=True), await filed(registry, 2)
    await registry.sql("UPDATE registry.household SET status = 'evaluated' WHERE id = $1::uuid", candidate)
    round_id = await standing_round(registry, before)
    notice = await closed(registry, round_id, kind)
    assert await steps_of(registry, round_id) == dict.fromkeys((candidate, other), kind)

    answer = await object_to(registry, notice["id"], filed_on="2016-06-05", household_id=candidate)

    assert answer.status_code == 201, answer.text
    shown = await show(registry, notice["id"])
    assert (shown["state"], shown["closed_on"], shown["version"]) == ("open", None, 4)
    assert await steps_of(registry, round_id) == dict.fromkeys((candidate, other), before)
    assert await statuses_of(registry) == {candidate: "evaluated", other: "registered"}
    assert (await types_since(registry, 0))[-3:] == ["notice-closed", "notice-reopened", "objection-filed"]
    assert (await close(registry, notice["id"])).json()["code"] == "objection-open"
    await decide(registry, answer.json()["id"], decided_on="2016-06-08")
    assert (await close(registry, notice["id"])).status_code == 201
    assert await steps_of(registry, round_id) == dict.fromkeys((candidate, other), kind)


async def test_an_objection_entered_late_and_upheld_ends_an_addition_as_any_other(registry: Harness) -> None:
    candidate = await filed(registry, 1, candidate=True)
    await registry.sql("UPDATE registry.household SET status = 'evaluated' WHERE id = $1::uuid", candidate)
    round_id = await standing_round(registry, "township-review")
    notice = await closed(registry, round_id, "second-notice")
    assert await statuses_of(registry) == {candidate: "noticed"}
    late = (await object_to(registry, notice["id"], filed_on="2016-06-05", household_id=candidate)).json()

    answer = await decide(registry, late["id"], "upheld", decided_on="2016-06-08")

    assert answer.status_code == 201, answer.text
    (entry,) = await entries(registry, round_id)
    assert (entry["outcome"], entry["reason"]) == ("turned-down", "objection-upheld")
    assert await statuses_of(registry) == {candidate: "candidate"}
    assert (await show(registry, notice["id"]))["state"] == "voided"


async def test_what_was_filed_after_the_closing_is_refused_with_what_to_do_instead(
    registry: Harness,
) -> None:
    await filed(registry, 1)
    notice = await closed(registry, await standing_round(registry, "representatives"), "first-notice")
    registry.clock.move_to(date(2016, 6, 10))

    refused = await object_to(registry, notice["id"], filed_on="2016-06-09")

    assert (refused.status_code, refused.json()["code"]) == (409, "notice-not-open")
    assert refused.json()["rule"] == "objection-in-time"
    assert "国开办发" in refused.json()["basis"]
    assert "hung until 2016-06-08" in refused.json()["detail"]
    assert "object to the notice that follows" in refused.json()["detail"]
    assert (await show(registry, notice["id"]))["state"] == "closed"


async def test_a_notice_from_which_the_procedure_has_gone_on_takes_no_objection(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await closed(registry, round_id, "first-notice")
    await stand_at(registry, round_id, "township-review", on=date(2016, 6, 8))

    refused = await object_to(registry, notice["id"], filed_on="2016-06-05")
    await registry.sql(
        "UPDATE registry.round SET is_open = false, closed_on = opened_on, signed_off_by = 'officer-2', closed_at = now()"
    )
    still_refused = await object_to(registry, notice["id"], filed_on="2016-06-05")

    for answer in (refused, still_refused):
        assert (answer.status_code, answer.json()["code"]) == (409, "notice-used")
        assert answer.json()["rule"] == "objection-in-time"
        assert "国开办发" in answer.json()["basis"]
        assert "object to the notice that follows" in answer.json()["detail"]
    assert await steps_of(registry, round_id) == {household_id: "township-review"}


async def test_a_list_that_was_posted_anew_since_takes_no_late_objection(registry: Harness) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    old = await closed(registry, round_id, "first-notice")
    await stand_at(registry, round_id, "representatives", on=date(2016, 6, 8))
    new = await posted(registry, round_id, "first-notice", posted_on="2016-06-08")

    refused = await object_to(registry, old["id"], filed_on="2016-06-05")

    assert (refused.status_code, refused.json()["code"]) == (409, "notice-used")
    assert (await object_to(registry, new["id"], filed_on="2016-06-08")).status_code == 201


async def test_an_exit_notice_waits_for_an_objection_that_was_entered_late(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = await noticed(registry)

    late = await object_to(registry, notice_id, filed_on="2016-06-05", household_id=household_id)
    announced = await announce_exit(registry, notice_id)
    await decide(registry, late.json()["id"], decided_on="2016-06-08")
    closed_again = await close(registry, notice_id)

    assert late.status_code == 201, late.text
    assert announced.json()["code"] == "notice-not-closed"
    assert closed_again.status_code == 201
    assert (await announce_exit(registry, notice_id)).status_code == 201
    after = await object_to(registry, notice_id, filed_on="2016-06-05", household_id=household_id)
    assert (after.json()["code"], "return" in after.json()["detail"]) == ("notice-used", True)
