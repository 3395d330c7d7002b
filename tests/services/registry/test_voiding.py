"""Whatever changes the list of a notice voids it: whoever stood on it stands before it again, and it is posted anew."""

from datetime import date
from uuid import UUID

import pytest

from contracts import roles
from services.registry.handlers.notice import void_for
from services.registry.store import entry as entry_store
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, NEXT_VILLAGE, filed, household, post, put, spouse
from tests.services.registry.builders import member as head
from tests.services.registry.changes import left_alone, moved
from tests.services.registry.noticing import (
    closed,
    posted,
    show,
    stand_at,
    standing_round,
    statuses_of,
    steps_of,
    types_since,
)


async def change(
    registry: Harness, round_id: str, household_id: str, reason: str = "proposal-changed"
) -> None:
    """Say, as another command would, that a household's entry is about to change."""
    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        known = await entry_store.lock_some(unit.driver, UUID(round_id), [UUID(household_id)], area=COUNTY)
        await void_for(unit, known.values(), reason)


async def test_a_changed_entry_voids_the_notice_that_hangs(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await posted(registry, round_id, "first-notice")

    await change(registry, round_id, household_id)

    shown = await show(registry, notice["id"])
    assert (shown["state"], shown["void_reason"], shown["voided_on"]) == (
        "voided",
        "proposal-changed",
        "2016-06-01",
    )
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.notice-voided.v1", 2)
    assert (await posted(registry, round_id, "first-notice"))["state"] == "open"


@pytest.mark.parametrize(
    ("kind", "before"), [("first-notice", "representatives"), ("second-notice", "township-review")]
)
async def test_a_notice_closed_but_not_used_takes_everybody_back(
    registry: Harness, kind: str, before: str
) -> None:
    changing, neighbour = await filed(registry, 1), await filed(registry, 2)
    round_id = await standing_round(registry, before)
    notice = await closed(registry, round_id, kind)

    await change(registry, round_id, changing)

    assert await steps_of(registry, round_id) == {changing: before, neighbour: before}
    days = await registry.sql("SELECT DISTINCT step_on FROM registry.round_entry")
    assert [row["step_on"] for row in days] == [date(2016, 6, 1)]
    assert (await show(registry, notice["id"]))["state"] == "voided"


async def test_candidates_of_a_voided_second_notice_are_evaluated_again(registry: Harness) -> None:
    candidate, changing = await filed(registry, 1, candidate=True), await filed(registry, 2)
    await registry.sql("UPDATE registry.household SET status = 'evaluated' WHERE id = $1::uuid", candidate)
    round_id = await standing_round(registry, "township-review")
    await closed(registry, round_id, "second-notice")

    await change(registry, round_id, changing)

    assert (await statuses_of(registry))[candidate] == "evaluated"


@pytest.mark.parametrize("step", ["township-review", "second-notice", "county-confirmation"])
async def test_a_notice_that_was_used_stands(registry: Harness, step: str) -> None:
    changing, other = await filed(registry, 1), await filed(registry, 2)
    round_id = await standing_round(registry, "representatives")
    notice = await closed(registry, round_id, "first-notice")
    await stand_at(registry, round_id, step, other)
    known = len(await registry.facts())

    await change(registry, round_id, changing)

    assert (await show(registry, notice["id"]))["state"] == "closed"
    assert await steps_of(registry, round_id) == {changing: "first-notice", other: step}
    assert await types_since(registry, known) == []


async def test_a_household_that_went_back_leaves_the_old_list_alone(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    old = await closed(registry, round_id, "first-notice")
    await stand_at(registry, round_id, "representatives", on=date(2016, 6, 8))
    new = await posted(registry, round_id, "first-notice", posted_on="2016-06-08")

    await change(registry, round_id, household_id)

    assert (await show(registry, old["id"]))["state"] == "closed"
    assert (await show(registry, new["id"]))["state"] == "voided"


async def test_other_villages_and_rounds_keep_their_notices(registry: Harness) -> None:
    changing = await filed(registry, 1)
    await filed(registry, 2, village_code=NEXT_VILLAGE)
    round_id = await standing_round(registry, "representatives")
    await posted(registry, round_id, "first-notice")
    elsewhere = await posted(registry, round_id, "first-notice", village_code=NEXT_VILLAGE)

    await change(registry, round_id, changing)

    assert (await show(registry, elsewhere["id"]))["state"] == "open"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"members": [head(2, name="欧阳一"), spouse(3)]}, "voided"),
        ({"members": [head(2, name="金某某某"), spouse(3)]}, "open"),
        ({"phone": "0872-5120000"}, "open"),
    ],
)
async def test_a_file_that_no_longer_says_what_hangs_voids_the_notice(
    registry: Harness, changes: dict[str, object], state: str
) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await posted(registry, round_id, "first-notice")

    changed = await put(registry, household_id, 1, json=household(1, **changes))

    assert changed.status_code == 200, changed.text
    assert (await show(registry, notice["id"]))["state"] == state


@pytest.mark.parametrize("has_moved", [True, False])
async def test_people_or_a_village_that_change_void_the_notice(registry: Harness, has_moved: bool) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await posted(registry, round_id, "first-notice")

    if has_moved:
        await moved(registry, household_id, NEXT_VILLAGE)
    else:
        await left_alone(registry, household_id)

    assert (await show(registry, notice["id"]))["state"] == "voided"


async def test_a_file_changed_between_the_notices_leaves_both_alone(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    first = await closed(registry, round_id, "first-notice")
    await stand_at(registry, round_id, "township-review", on=date(2016, 6, 8))
    await left_alone(registry, household_id)
    second = await posted(registry, round_id, "second-notice", posted_on="2016-06-08")

    stated = household(1, members=[head(2)], phone="0872-5120000")
    changed = await put(registry, household_id, 2, json=stated)

    assert changed.status_code == 200, changed.text
    assert (await show(registry, first["id"]))["state"] == "closed"
    assert (await show(registry, second["id"]))["state"] == "open"


async def take_down(
    registry: Harness, notice_id: str, on: str, **who: object
) -> tuple[int, dict[str, object]]:
    """Record a takedown as the township's clerk."""
    body = {"taken_down_on": on, "reason": "blown-away"}
    answer = await post(registry, f"/notices/{notice_id}/takedowns", json=body, **who)
    return answer.status_code, answer.json()


async def test_a_notice_cut_short_while_it_hangs_is_void(registry: Harness) -> None:
    await filed(registry, 1)
    notice = await posted(registry, await standing_round(registry, "representatives"), "first-notice")
    registry.clock.move_to(date(2016, 6, 7))

    status, answer = await take_down(registry, notice["id"], "2016-06-07")

    assert (status, answer["state"], answer["void_reason"]) == (201, "voided", "taken-down-early")
    assert (await types_since(registry, 3)) == ["notice-cut-short", "notice-voided"]
    fact = (await registry.facts())[3]
    assert b'"taken_down_on":"2016-06-07","min_days":7,"reason":"blown-away"' in bytes(fact.data)


async def test_a_notice_recorded_late_is_cut_short_before_its_days_from_the_recording(
    registry: Harness,
) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    registry.clock.move_to(date(2016, 6, 11))
    notice = await posted(registry, round_id, "first-notice", posted_on="2016-06-01")

    status, answer = await take_down(registry, notice["id"], "2016-06-11")

    assert (status, answer["state"], answer["void_reason"]) == (201, "voided", "taken-down-early")
    assert b'"closes_on":"2016-06-18"' in bytes((await registry.facts())[3].data)


async def test_a_notice_that_hung_its_days_is_taken_down_without_a_word(registry: Harness) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await closed(registry, round_id, "first-notice")

    status, answer = await take_down(registry, notice["id"], "2016-06-08")

    assert (status, answer["state"], answer["taken_down_on"]) == (201, "closed", "2016-06-08")
    assert await types_since(registry, 4) == []
    assert (await take_down(registry, notice["id"], "2016-06-08"))[1]["code"] == "notice-taken-down-already"


async def test_what_became_known_before_the_next_step_takes_everybody_back(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await closed(registry, round_id, "first-notice")

    _, answer = await take_down(registry, notice["id"], "2016-06-04")

    assert answer["state"] == "voided"
    assert await steps_of(registry, round_id) == {household_id: "representatives"}


async def test_what_became_known_too_late_leaves_the_history_as_it_was(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await closed(registry, round_id, "first-notice")
    await stand_at(registry, round_id, "township-review")

    _, answer = await take_down(registry, notice["id"], "2016-06-04")

    assert (answer["state"], answer["taken_down_on"]) == ("closed", "2016-06-04")
    assert await types_since(registry, 4) == ["notice-cut-short"]
    assert await steps_of(registry, round_id) == {household_id: "township-review"}


@pytest.mark.parametrize(
    ("on", "code"), [("2016-05-31", "notice-day-invalid"), ("2016-06-02", "date-in-future")]
)
async def test_a_takedown_is_dated_between_the_posting_and_today(
    registry: Harness, on: str, code: str
) -> None:
    await filed(registry, 1)
    notice = await posted(registry, await standing_round(registry, "representatives"), "first-notice")

    status, answer = await take_down(registry, notice["id"], on)

    assert (status, answer["code"]) == (422, code)


async def test_a_voided_notice_is_neither_closed_nor_taken_down(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await posted(registry, round_id, "first-notice")
    await change(registry, round_id, household_id)
    registry.clock.move_to(date(2016, 6, 8))

    refused = await post(registry, f"/notices/{notice['id']}/closures", json={"on": "2016-06-08"})

    assert (refused.status_code, refused.json()["code"]) == (409, "notice-not-open")
    assert (await take_down(registry, notice["id"], "2016-06-08"))[0] == 409
