"""The gate before an announcement over HTTP: every step done, by whom, on which day, and once."""

from datetime import date

import pytest

from contracts import roles
from services.registry.domain.procedure import STEPS
from tests.kit import Harness
from tests.services.registry.announcing import ON, confirmed
from tests.services.registry.builders import (
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    filed,
    get,
)
from tests.services.registry.noticing import (
    announce,
    close,
    closed,
    posted,
    stand_at,
    standing_round,
    statuses_of,
    types_since,
)
from tests.services.registry.rounds import opened


@pytest.mark.parametrize("step", STEPS[:-2])
async def test_nothing_takes_effect_before_every_step_is_done(registry: Harness, step: str) -> None:
    household_id = await filed(registry, 1)
    round_id = await confirmed(registry)
    await stand_at(registry, round_id, step)
    known = len(await registry.facts())

    refused = await announce(registry, round_id, on=ON)

    assert (refused.status_code, refused.json()["code"]) == (409, "step-out-of-order")
    assert (refused.json()["rule"], bool(refused.json()["basis"])) == ("two-notices-one-announcement", True)
    assert await statuses_of(registry) == {household_id: "registered"}
    assert await types_since(registry, known) == []


async def test_one_household_behind_holds_the_village(registry: Harness) -> None:
    ready, late = await filed(registry, 1), await filed(registry, 2)
    round_id = await confirmed(registry)
    await stand_at(registry, round_id, "second-notice", late)

    refused = await announce(registry, round_id, on=ON)

    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/households/{late}"]
    assert (await statuses_of(registry))[ready] == "registered"


@pytest.mark.parametrize(
    ("on", "status", "code"),
    [
        ("2016-06-07", 409, "step-dated-too-early"),
        ("2016-06-08", 201, None),
        ("2016-06-09", 422, "date-in-future"),
    ],
)
async def test_an_announcement_is_dated_between_the_confirmation_and_today(
    registry: Harness, on: str, status: int, code: str | None
) -> None:
    await filed(registry, 1)
    round_id = await confirmed(registry)

    answer = await announce(registry, round_id, on=on)

    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_a_village_is_announced_once(registry: Harness) -> None:
    await filed(registry, 1)
    round_id = await confirmed(registry)
    await announce(registry, round_id, on=ON)

    again = await announce(registry, round_id, on=ON)

    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-post")


async def test_a_household_whose_state_does_not_fit_holds_the_village(registry: Harness) -> None:
    candidate, kept = await filed(registry, 1, candidate=True), await filed(registry, 2)
    round_id = await confirmed(registry)
    await registry.sql("UPDATE registry.household SET status = 'evaluated' WHERE id = $1::uuid", candidate)

    refused = await announce(registry, round_id, on=ON)

    assert (refused.status_code, refused.json()["code"]) == (409, "effects-refused")
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        (f"/households/{candidate}", "household-not-noticed")
    ]
    assert (await statuses_of(registry))[kept] == "registered"


async def test_who_announces(registry: Harness) -> None:
    await filed(registry, 1)
    round_id = await confirmed(registry)
    clerk_elsewhere = {"roles": [roles.CLERK], "area": OTHER_TOWNSHIP}

    assert (await announce(registry, round_id, on=ON, roles=[roles.VILLAGE_COMMITTEE])).status_code == 403
    assert (await announce(registry, round_id, on=ON, roles=[roles.AUDITOR])).status_code == 403
    assert (await announce(registry, round_id, on=ON, **clerk_elsewhere)).status_code == 404
    assert (await get(registry, f"/rounds/{round_id}/announcements", roles=[roles.BANK])).status_code == 403


async def test_each_village_is_announced_by_itself(registry: Harness) -> None:
    here, there = await filed(registry, 1), await filed(registry, 2, village_code=NEXT_VILLAGE)
    round_id = str((await opened(registry))["id"])
    await stand_at(registry, round_id, "township-review")
    await closed(registry, round_id, "second-notice")
    await stand_at(registry, round_id, "county-confirmation", here, on=date(2016, 6, 8))

    await announce(registry, round_id, on=ON)

    assert await statuses_of(registry) == {here: "verified", there: "registered"}


async def test_a_whole_county_procedure_of_notices_needs_both(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    first = await posted(registry, round_id, "first-notice")

    skipped = await announce(registry, round_id)
    await close(registry, first["id"])

    assert skipped.json()["code"] == "step-out-of-order"
    assert await statuses_of(registry) == {household_id: "registered"}
