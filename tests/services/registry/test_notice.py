"""Public notices over HTTP: a computed masked list, frozen by hash, that hangs its days before anything goes on."""

import hashlib
import json
from typing import Any

import asyncpg
import pytest

from contracts import roles
from services.registry.domain.procedure import STEPS
from services.registry.rules import shipped_packs
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_ACCOUNT,
    CANARY_NAME,
    CANARY_PHONE,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    identity,
)
from tests.services.registry.noticing import (
    post_notice,
    posted,
    show,
    stand_at,
    standing_round,
    types_since,
)
from tests.services.registry.rounds import OFFICER, opened, propose

BEFORE = {"first-notice": "representatives", "second-notice": "township-review"}
COMMITTEE = {"roles": [roles.VILLAGE_COMMITTEE], "area": VILLAGE, "actor": "committee-1"}


async def test_a_notice_lists_whoever_stands_before_it_masked(registry: Harness) -> None:
    kept, removed = await filed(registry, 2), await filed(registry, 1)
    elsewhere = await filed(registry, 3, village_code=NEXT_VILLAGE)
    one = await opened(registry)
    await propose(
        registry, one["id"], {"household_id": removed, "proposal": "remove", "reason": "owns-vehicle"}
    )
    await stand_at(registry, one["id"], "representatives")

    notice = await posted(registry, one["id"], "first-notice", **COMMITTEE)

    shown = await show(registry, notice["id"])
    listed = json.loads(shown["list"])
    assert listed["items"] == [
        {
            "household_id": removed,
            "name": "金***",
            "persons": 2,
            "proposal": "remove",
            "reason": "owns-vehicle",
        },
        {"household_id": kept, "name": "金***", "persons": 2, "proposal": "keep", "reason": None},
    ]
    assert (listed["kind"], listed["area_code"], listed["round_id"]) == ("first-notice", VILLAGE, one["id"])
    for hidden in (CANARY_NAME, CANARY_ACCOUNT, CANARY_PHONE, identity(2), identity(4), elsewhere):
        assert hidden not in shown["list"]
    assert (notice["households"], notice["min_days"], notice["closes_on"]) == (2, 7, "2016-06-08")


async def test_the_hash_covers_the_whole_list_as_canonical_json(registry: Harness) -> None:
    await filed(registry, 1)
    notice = await posted(registry, await standing_round(registry, "representatives"), "first-notice")

    shown = await show(registry, notice["id"])

    assert hashlib.sha256(shown["list"].encode()).hexdigest() == shown["list_sha256"]
    plain = json.dumps(json.loads(shown["list"]), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert plain == shown["list"]
    altered = shown["list"].replace('"persons":2', '"persons":3')
    assert hashlib.sha256(altered.encode()).hexdigest() != shown["list_sha256"]
    (fact,) = [one for one in await registry.facts() if one.type == "registry.notice-posted.v1"]
    assert shown["list_sha256"].encode() in bytes(fact.data)
    assert (fact.sequence, fact.areacode) == (1, VILLAGE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notice SET list = 'x'",
        "UPDATE notice SET list_sha256 = 'x'",
        "UPDATE notice SET posted_on = '2016-05-01'",
        "UPDATE notice_item SET persons = 1",
        "DELETE FROM notice_item",
        "DELETE FROM notice",
        "UPDATE objection SET filed_on = '2016-05-01'",
        "UPDATE announcement SET list = 'x'",
        "DELETE FROM announcement",
        "UPDATE pre_exit SET line_fen = 1",
    ],
)
async def test_what_hung_in_public_cannot_be_rewritten(registry: Harness, statement: str) -> None:
    unit = registry.unit(roles.OFFICER)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with unit:
            await unit.driver.execute(statement)


@pytest.mark.parametrize("kind", sorted(BEFORE))
@pytest.mark.parametrize("step", STEPS)
async def test_a_notice_follows_the_step_before_it_only(registry: Harness, kind: str, step: str) -> None:
    household_id = await filed(registry, 1)
    round_id = await standing_round(registry, step)

    answer = await post_notice(registry, round_id, kind)

    if step == BEFORE[kind]:
        assert answer.status_code == 201, answer.text
        return
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "step-out-of-order")
    assert problem["rule"] == "two-notices-one-announcement"
    assert problem["basis"] == shipped_packs()["national-2016"].document
    if STEPS.index(step) < STEPS.index(BEFORE[kind]):
        assert [error["pointer"] for error in problem["errors"]] == [f"/households/{household_id}"]
    assert "notice-posted" not in await types_since(registry, 0)


async def test_nobody_of_the_village_is_left_behind(registry: Harness) -> None:
    ready, late = await filed(registry, 1), await filed(registry, 2)
    round_id = await standing_round(registry, "representatives")
    await stand_at(registry, round_id, "village-initial", late)

    refused = await post_notice(registry, round_id, "first-notice")

    assert (refused.status_code, refused.json()["code"]) == (409, "step-out-of-order")
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/households/{late}"]
    assert ready not in refused.text


async def test_a_refusal_names_a_hundred_households_at_most(registry: Harness) -> None:
    for number in range(1, 103):
        await filed(registry, number)
    round_id = await standing_round(registry, "opened")

    refused = await post_notice(registry, round_id, "first-notice")

    assert len(refused.json()["errors"]) == 100
    assert refused.json()["detail"].startswith("102 households")


async def test_a_straggler_gets_a_notice_of_its_own(registry: Harness) -> None:
    on_time, late = await filed(registry, 1), await filed(registry, 2)
    round_id = await standing_round(registry, "township-review")
    await stand_at(registry, round_id, "representatives", late)

    notice = await posted(registry, round_id, "first-notice")

    items = json.loads((await show(registry, notice["id"]))["list"])["items"]
    assert [item["household_id"] for item in items] == [late]
    assert on_time not in str(items)


async def test_who_hangs_already_is_not_posted_again(registry: Harness) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    await posted(registry, round_id, "first-notice")

    again = await post_notice(registry, round_id, "first-notice")

    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-post")


@pytest.mark.parametrize(
    ("posted_on", "status", "code"),
    [
        ("2016-06-01", 201, None),
        ("2016-05-31", 409, "step-dated-too-early"),
        ("2016-06-02", 422, "date-in-future"),
    ],
)
async def test_a_notice_is_dated_between_the_step_before_and_today(
    registry: Harness, posted_on: str, status: int, code: str | None
) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")

    answer = await post_notice(registry, round_id, "first-notice", posted_on=posted_on)

    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_every_office_reads_what_hangs_in_its_area(registry: Harness) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")
    notice = await posted(registry, round_id, "first-notice")
    path, listed = f"/notices/{notice['id']}", f"/rounds/{round_id}/notices"

    for role in sorted(roles.ALL_ROLES):
        expected = 403 if role in {roles.BANK, roles.INSURER} else 200
        assert (await get(registry, path, roles=[role])).status_code == expected, role
        assert (await get(registry, listed, roles=[role])).status_code == expected, role
    assert (await get(registry, path, area=OTHER_TOWNSHIP)).status_code == 404
    assert (await get(registry, listed, area=OTHER_TOWNSHIP)).json()["items"] == []


async def test_notices_are_filtered_and_paged(registry: Harness) -> None:
    await filed(registry, 1)
    await filed(registry, 2, village_code=NEXT_VILLAGE)
    round_id = await standing_round(registry, "representatives")
    first = await posted(registry, round_id, "first-notice")
    second = await posted(registry, round_id, "first-notice", village_code=NEXT_VILLAGE)

    page = (await get(registry, f"/rounds/{round_id}/notices?limit=1")).json()
    rest = (await get(registry, f"/rounds/{round_id}/notices?limit=1&cursor={page['next']}")).json()
    of_village = (await get(registry, f"/notices?village={NEXT_VILLAGE}&kind=first-notice")).json()

    assert [one["id"] for one in page["items"] + rest["items"]] == [first["id"], second["id"]]
    assert [one["id"] for one in of_village["items"]] == [second["id"]]


@pytest.mark.parametrize(
    ("kind", "who", "status"),
    [
        ("first-notice", {"roles": [roles.VILLAGE_COMMITTEE], "area": VILLAGE}, 201),
        ("first-notice", {"roles": [roles.WORK_TEAM], "area": VILLAGE}, 201),
        ("second-notice", {"roles": [roles.VILLAGE_COMMITTEE], "area": VILLAGE}, 403),
        ("second-notice", {"roles": [roles.CLERK], "area": TOWNSHIP}, 201),
        ("first-notice", {"roles": [roles.AUDITOR], "area": ""}, 403),
        ("first-notice", {"roles": [roles.VILLAGE_COMMITTEE], "area": NEXT_VILLAGE}, 404),
        ("first-notice", {"roles": [roles.CLERK], "area": OTHER_TOWNSHIP}, 404),
    ],
)
async def test_who_posts_which_notice(registry: Harness, kind: str, who: dict[str, Any], status: int) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, BEFORE[kind])

    assert (await post_notice(registry, round_id, kind, **who)).status_code == status


async def test_a_village_without_entries_has_nothing_to_post(registry: Harness) -> None:
    await filed(registry, 1)
    round_id = await standing_round(registry, "representatives")

    empty = await post_notice(registry, round_id, "first-notice", village_code=OTHER_VILLAGE, **OFFICER)

    assert (empty.status_code, empty.json()["code"]) == (409, "nothing-to-post")
