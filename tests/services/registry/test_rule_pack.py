"""Rule packs over HTTP: proposed, reviewed by a second person, brought into force, and read by everybody."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from chassis.errors import NotFound
from contracts import roles
from services.registry.domain.rule_pack import RulePack
from services.registry.rules import load_pack, pack_in_force, shipped_packs
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, TOWNSHIP, get, post
from tests.services.registry.packs import (
    CODE,
    PROPOSER,
    REVIEWER,
    V1,
    activated,
    in_force,
    proposed,
    reviewed,
)
from tests.services.registry.rounds import opened as opened_round

ELSEWHERE: dict[str, Any] = {"roles": [roles.OFFICER], "area": "110109", "actor": "officer-9"}


async def pack_on(registry: Harness, day: str, area: str = COUNTY) -> RulePack:
    """Return the pack in force on a day for a caller of an area."""
    async with registry.unit(roles.OFFICER, area=area) as unit:
        return await pack_in_force(unit.driver, date.fromisoformat(day), area=area)


async def opened(registry: Harness, day: str, scope: str = COUNTY) -> None:
    """Let a round have been opened on a day."""
    await registry.sql(
        "INSERT INTO registry.round (id, scope, number, kind, is_open, rule_pack, rule_pack_version, opened_on, opened_by, "
        "opened_at, opening_households, opening_persons) VALUES (gen_random_uuid(), $1, 1, 'look-back', true, "
        "'national-2014', 1, $2, 'officer-1', now(), 0, 0)",
        scope,
        date.fromisoformat(day),
    )


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2013-12-31", "national-2014"),
        ("2014-01-01", "national-2014"),
        ("2016-04-22", "national-2014"),
        ("2016-04-23", "national-2016"),
        ("2020-01-01", "national-2016"),
    ],
)
async def test_the_national_packs_are_in_force_without_a_command(
    registry: Harness, day: str, code: str
) -> None:
    before = len(await registry.facts())

    assert (await pack_on(registry, day)).code == code
    shown = await get(registry, "/rule-packs/in-force", params={"on": day})
    assert (shown.json()["code"], shown.json()["state"], shown.json()["reviewed_by"]) == (
        code,
        "reviewed",
        "shipped",
    )
    assert len(await registry.facts()) == before


async def test_a_pack_is_proposed_reviewed_and_comes_into_force(registry: Harness) -> None:
    draft = await proposed(registry)
    second = await reviewed(registry)
    active = await activated(registry)

    assert (draft.status_code, draft.json()["state"], draft.json()["version"]) == (201, "draft", 1)
    assert draft.json()["based_on"] == {"code": "national-2016", "version": 1}
    assert (second.status_code, second.json()["state"], second.json()["reviewed_by"]) == (
        201,
        "reviewed",
        "officer-2",
    )
    assert (active.status_code, active.json()["active_from"]) == (201, "2016-05-01")
    assert (await pack_on(registry, "2016-04-30")).code == "national-2016"
    assert (await pack_on(registry, "2016-05-01")).notice_days["first-notice"] == 9
    assert (await pack_on(registry, "2016-06-01", area=TOWNSHIP)).code == CODE
    (fact,) = [fact for fact in await registry.facts() if fact.type == "registry.rule-pack-activated.v1"]
    assert (fact.subject, fact.areacode) == (f"rule-pack/{CODE}", "532930000000")
    assert b'"active_from":"2016-05-01"' in bytes(fact.data)


async def test_a_countys_pack_is_in_force_in_that_county_only(registry: Harness) -> None:
    await in_force(registry)

    assert (await pack_on(registry, "2016-06-01", area="110109")).code == "national-2016"
    assert (await pack_on(registry, "2016-06-01", area="")).code == "national-2016"
    async with registry.unit(roles.SERVICE) as unit:
        asked = await pack_in_force(unit.driver, date(2016, 6, 1), area=COUNTY)
    assert asked.code == CODE


async def test_a_shipped_profile_is_in_force_where_a_county_activates_it(registry: Harness) -> None:
    answer = await activated(registry, "2015-09-01", "/rule-packs/yunnan-2015/versions/1")

    assert answer.status_code == 201, answer.text
    assert (await pack_on(registry, "2015-09-01")).notice_days["first-notice"] == 5
    assert (await pack_on(registry, "2015-08-31")).code == "national-2014"
    assert (await pack_on(registry, "2016-04-23")).code == "national-2016"
    assert (await pack_on(registry, "2015-09-01", area="110109")).code == "national-2014"


async def test_of_two_decisions_for_a_day_the_last_one_holds(registry: Harness) -> None:
    await in_force(registry)

    again = await activated(registry)
    other = await activated(registry, path="/rule-packs/yunnan-2016/versions/1")

    assert (again.status_code, again.json()["code"]) == (409, "rule-pack-in-force")
    assert other.status_code == 201
    assert (await pack_on(registry, "2016-05-01")).code == "yunnan-2016"


async def test_the_proposer_reviews_nothing_of_their_own(registry: Harness) -> None:
    await proposed(registry)

    own = await reviewed(registry, actor="officer-1")
    other = await reviewed(registry)
    third = await reviewed(registry, actor="officer-3")

    assert (own.status_code, own.json()["code"]) == (409, "rule-pack-reviewed-by-proposer")
    assert (other.status_code, third.json()["code"]) == (201, "rule-pack-reviewed")


async def test_the_database_itself_refuses_a_review_by_the_proposer(registry: Harness) -> None:
    await proposed(registry)
    review = (
        "INSERT INTO rule_pack_review (code, version, proposed_by, reviewed_by, reviewed_on, recorded_at) "
        "VALUES ($1, 1, $2, $3, '2016-06-01', now())"
    )

    with pytest.raises(asyncpg.CheckViolationError):
        async with registry.unit(roles.OFFICER) as unit:
            await unit.driver.execute(review, CODE, "officer-1", "officer-1")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with registry.unit(roles.OFFICER) as unit:
            await unit.driver.execute(review, CODE, "officer-3", "officer-1")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rule_pack SET content = ''",
        "DELETE FROM rule_pack_review",
        "UPDATE rule_pack_activation SET active_from = '2014-01-01'",
    ],
)
async def test_what_was_decided_of_packs_cannot_be_rewritten(registry: Harness, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with registry.unit(roles.OFFICER) as unit:
            await unit.driver.execute(statement)


async def test_a_draft_does_not_come_into_force(registry: Harness) -> None:
    await proposed(registry)

    refused = await activated(registry)

    assert (refused.status_code, refused.json()["code"]) == (409, "rule-pack-not-reviewed")
    assert (await pack_on(registry, "2016-06-01")).code == "national-2016"


@pytest.mark.parametrize("scope", [COUNTY, TOWNSHIP])
async def test_no_pack_comes_into_force_under_a_round_that_was_opened(registry: Harness, scope: str) -> None:
    await proposed(registry)
    await reviewed(registry)
    await opened(registry, "2016-05-10", scope)

    before = await activated(registry, "2016-05-09")
    same = await activated(registry, "2016-05-10")
    after = await activated(registry, "2016-05-11")

    assert (before.status_code, before.json()["code"]) == (409, "rule-pack-day-used")
    assert (same.status_code, after.status_code) == (409, 201)


async def test_a_round_of_another_county_binds_nobody_here(registry: Harness) -> None:
    await proposed(registry)
    await reviewed(registry)
    await opened(registry, "2016-05-10", "110109")

    assert (await activated(registry, "2016-05-09")).status_code == 201


async def test_versions_of_a_code_are_numbered_and_stay(registry: Harness) -> None:
    first = await proposed(registry, code="national-2016")
    second = await proposed(registry, code="national-2016", based_on={"code": "national-2016", "version": 2})

    assert [first.json()["version"], second.json()["version"]] == [2, 3]
    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        shipped = await load_pack(unit.driver, "national-2016", 1)
        stored = await load_pack(unit.driver, "national-2016", 3)
        with pytest.raises(NotFound):
            await load_pack(unit.driver, "national-2016", 4)
    assert shipped == shipped_packs()["national-2016"]
    assert (stored.notice_days["first-notice"], stored.version) == (9, 3)


async def test_a_faulty_pack_is_refused_by_each_fault(registry: Harness) -> None:
    content: dict[str, Any] = {"visit_team_min": 0, "checks": []}

    refused = await proposed(registry, content=content)
    shapeless = await proposed(registry, content={"lines": "none"})
    partial = await proposed(registry, based_on=None)

    assert (refused.status_code, refused.json()["code"]) == (422, "rule-pack-invalid")
    assert {(e["pointer"], e["code"]) for e in refused.json()["errors"]} == {
        ("/content/visit_team_min", "out-of-range"),
        ("/content/checks", "list-empty"),
    }
    assert shapeless.json()["errors"][0]["pointer"] == "/content/lines"
    assert partial.json()["errors"][0]["code"] == "shape"


async def test_only_a_countys_officers_set_rules(registry: Harness) -> None:
    await proposed(registry)

    for role in (roles.CLERK, roles.AUDITOR, roles.ADMINISTRATOR):
        who: dict[str, Any] = {"roles": [role]}
        assert (await post(registry, "/rule-packs", json={}, **(PROPOSER | who))).status_code in {403, 422}
        assert (await reviewed(registry, **who)).status_code == 403
        assert (await activated(registry, **who)).status_code == 403
    assert (await reviewed(registry, area=TOWNSHIP)).status_code == 403
    assert (await get(registry, V1, roles=[roles.INSURER])).status_code == 403
    assert (await get(registry, V1, roles=[roles.VILLAGE_COMMITTEE])).status_code == 200


async def test_a_pack_of_another_county_is_not_found(registry: Harness) -> None:
    await proposed(registry)

    assert (await get(registry, V1, **ELSEWHERE)).status_code == 404
    assert (await reviewed(registry, **ELSEWHERE)).status_code == 404
    assert (await activated(registry, **ELSEWHERE)).status_code == 404
    listed = (await get(registry, "/rule-packs", **ELSEWHERE)).json()["items"]
    assert [one["code"] for one in listed] == sorted(shipped_packs())
    prefecture = await get(registry, V1, roles=[roles.AUDITOR], area="5329")
    assert prefecture.status_code == 200


async def test_packs_are_listed_by_code_and_number(registry: Harness) -> None:
    await proposed(registry)
    await proposed(registry)
    await in_force(registry, code="national-2016")

    every = (await get(registry, "/rule-packs", **REVIEWER)).json()["items"]
    paged: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = (await get(registry, "/rule-packs", params=query, **REVIEWER)).json()
        paged += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    only = (await get(registry, "/rule-packs", params={"code": CODE}, **REVIEWER)).json()["items"]
    shown = (await get(registry, "/rule-packs/national-2016/versions/2", **REVIEWER)).json()

    keys = [(one["code"], one["version"]) for one in every]
    assert keys == sorted(
        [*((code, 1) for code in shipped_packs()), (CODE, 1), (CODE, 2), ("national-2016", 2)]
    )
    assert paged == every
    assert [one["version"] for one in only] == [1, 2]
    assert [one["active_from"] for one in shown["activations"]] == ["2016-05-01"]
    assert shown["content"]["notice_days"]["first-notice"] == 9


async def test_a_round_that_is_opened_from_above_keeps_the_countys_own_pack(registry: Harness) -> None:
    await in_force(registry)

    one = await opened_round(registry, area="5329")

    assert (one["rule_pack"], one["scope"]) == (CODE, COUNTY)
