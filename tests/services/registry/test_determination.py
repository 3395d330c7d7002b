"""The four determinations over HTTP: in order, each by its own body and another person, over whole areas at once."""

import asyncpg
import pytest

from chassis.ids import new_id
from contracts import roles
from contracts.values import (
    COUNTY_CONFIRMATION,
    DETERMINATIONS,
    FIRST_NOTICE,
    PARTY_MEETING,
    REPRESENTATIVES,
    SECOND_NOTICE,
    TOWNSHIP_REVIEW,
    VILLAGE_INITIAL,
    VILLAGERS_MEETING,
)
from services.registry.domain.procedure import CHECKED, OPENED, STEPS, step_before
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
)
from tests.services.registry.evaluating import (
    AREAS,
    BODIES,
    COMMITTEE,
    TEAM,
    determine,
    determined,
    entry,
    evaluated,
    held,
    hold,
    meeting,
    opened,
    proposed,
    reach,
    result,
    stand,
    standing,
)
from tests.services.registry.noticing import closed
from tests.services.registry.sheet import household_draft, send


@pytest.mark.parametrize("kind", DETERMINATIONS)
async def test_a_determination_passes_all_that_stand_before_it_and_is_told_of(
    registry: Harness, kind: str
) -> None:
    round_id, (first, second) = await standing(registry, step_before(kind), 1, 2)

    body = await determined(registry, round_id, kind)

    assert (body["confirmed"], body["turned_down"], body["sent_back"]) == (2, 0, 0)
    assert {(await entry(registry, round_id, each))["step"] for each in (first, second)} == {kind}
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.determination-made.v1", 1)
    assert (fact.areacode, fact.subject_id) == (AREAS[kind].ljust(12, "0"), body["id"])
    assert b'"confirmed":2,"turned_down":[]' in bytes(fact.data)


@pytest.mark.parametrize("kind", DETERMINATIONS)
async def test_a_determination_out_of_its_order_is_refused_with_rule_and_document(
    registry: Harness, kind: str
) -> None:
    round_id, (household,) = await standing(registry, CHECKED)

    for step in STEPS:
        await stand(registry, round_id, step)
        answer = await determine(registry, round_id, kind)
        problem = answer.json()
        if step == step_before(kind):
            assert answer.status_code == 201, answer.text
            continue
        is_early = STEPS.index(step) < STEPS.index(step_before(kind))
        code = "determination-too-early" if is_early else "nothing-to-determine"
        assert (answer.status_code, problem["code"]) == (409, code)
        assert problem["rule"] == "four-determinations-in-order"
        assert problem["basis"]
        if is_early:
            assert problem["errors"][0]["pointer"] == f"/households/{household}"


async def test_one_household_that_has_not_come_so_far_stops_the_whole_area(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, OPENED, 1, 2)
    await reach(registry, round_id, VILLAGERS_MEETING, first)
    await reach(registry, round_id, CHECKED, second)

    answer = await determine(registry, round_id, VILLAGE_INITIAL)

    assert answer.json()["code"] == "determination-too-early"
    assert [each["pointer"] for each in answer.json()["errors"]] == [f"/households/{second}"]
    assert (await entry(registry, round_id, first))["step"] == VILLAGERS_MEETING


async def test_at_most_a_hundred_of_those_behind_are_named(registry: Harness) -> None:
    assert (await send(registry, [household_draft(number) for number in range(1, 102)])).status_code == 201
    round_id = await opened(registry)

    answer = await determine(registry, round_id, VILLAGE_INITIAL)

    assert len(answer.json()["errors"]) == 100
    assert answer.json()["detail"].startswith("101 households")


async def test_a_household_turned_down_before_stops_nobody(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, CHECKED, 1, 2, candidate=True)
    votes = [result(first), result(second, 0, 5, 0, reason="votes-against")]
    await hold(registry, round_id, meeting(votes))
    for evaluation in (PARTY_MEETING, VILLAGERS_MEETING):
        await held(registry, round_id, first, evaluation=evaluation)

    assert (await determined(registry, round_id, VILLAGE_INITIAL))["confirmed"] == 1
    assert (await entry(registry, round_id, first))["step"] == VILLAGE_INITIAL


@pytest.mark.parametrize("kind", DETERMINATIONS)
async def test_another_body_is_refused_with_rule_and_document(registry: Harness, kind: str) -> None:
    round_id, _ = await standing(registry, step_before(kind))
    others = {role for body in BODIES.values() for role in body["roles"]} - set(BODIES[kind]["roles"])

    for role in sorted(others):
        answer = await determine(registry, round_id, kind, roles=[role])
        assert (answer.status_code, answer.json()["rule"]) == (403, "four-determinations-in-order")
        assert answer.json()["basis"]
    for role in (roles.CHECKER, roles.AUDITOR, roles.BANK):
        assert (await determine(registry, round_id, kind, roles=[role])).status_code == 403


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (VILLAGE_INITIAL, [TOWNSHIP, COUNTY]),
        (REPRESENTATIVES, [TOWNSHIP, COUNTY]),
        (TOWNSHIP_REVIEW, [COUNTY]),
        (COUNTY_CONFIRMATION, [VILLAGE]),
    ],
)
async def test_each_determination_has_its_levels_of_area(
    registry: Harness, kind: str, wrong: list[str]
) -> None:
    round_id, _ = await standing(registry, step_before(kind))

    for area in wrong:
        answer = await determine(registry, round_id, kind, area=area, as_area="")
        assert (answer.status_code, answer.json()["code"]) == (422, "area-unfit")


async def test_township_and_county_may_go_part_by_part(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, FIRST_NOTICE)

    assert (await determined(registry, round_id, TOWNSHIP_REVIEW, area=VILLAGE))["area"] == VILLAGE
    await closed(registry, round_id, SECOND_NOTICE, posted_on="2016-06-08")
    whole_code = f"{TOWNSHIP}000"
    assert (await determined(registry, round_id, COUNTY_CONFIRMATION, area=whole_code))["area"] == TOWNSHIP
    assert (await entry(registry, round_id, household))["step"] == COUNTY_CONFIRMATION


@pytest.mark.parametrize(
    ("kind", "area", "as_area"),
    [
        (VILLAGE_INITIAL, NEXT_VILLAGE, VILLAGE),
        (REPRESENTATIVES, OTHER_VILLAGE, VILLAGE),
        (TOWNSHIP_REVIEW, OTHER_TOWNSHIP, TOWNSHIP),
        (COUNTY_CONFIRMATION, "532931", COUNTY),
        (COUNTY_CONFIRMATION, COUNTY, TOWNSHIP),
    ],
)
async def test_another_area_is_not_found(registry: Harness, kind: str, area: str, as_area: str) -> None:
    round_id, _ = await standing(registry, step_before(kind))

    assert (await determine(registry, round_id, kind, area=area, as_area=as_area)).status_code == 404


async def test_an_unknown_or_closed_round_takes_no_determination(registry: Harness) -> None:
    round_id, _ = await standing(registry, VILLAGERS_MEETING)

    assert (await determine(registry, str(new_id()), VILLAGE_INITIAL)).status_code == 404
    await registry.sql("UPDATE registry.round SET is_open = false, closed_at = now()")
    assert (await determine(registry, round_id, VILLAGE_INITIAL)).json()["code"] == "round-closed"


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2016-06-04", "step-dated-too-early"),
        ("2016-06-05", None),
        ("2016-06-08", None),
        ("2016-06-09", "date-in-future"),
    ],
)
async def test_a_determination_lies_between_the_last_step_and_today(
    registry: Harness, on: str, code: str | None
) -> None:
    round_id, (household,) = await standing(registry, OPENED)
    registry.clock.move_to(registry.clock.today().replace(day=8))
    await reach(registry, round_id, VILLAGERS_MEETING, household, on="2016-06-05")

    assert (await determine(registry, round_id, VILLAGE_INITIAL, determined_on=on)).json().get("code") == code


async def test_nobody_makes_two_determinations_over_a_village(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, VILLAGERS_MEETING)
    everything = {"roles": [roles.VILLAGE_COMMITTEE, roles.WORK_TEAM], "actor": "same-1"}
    await determined(registry, round_id, VILLAGE_INITIAL, **everything)

    answer = await determine(registry, round_id, REPRESENTATIVES, **everything)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "same-person-determines")
    assert problem["rule"] == "another-person-determines"
    assert problem["basis"]
    assert (await entry(registry, round_id, household))["step"] == VILLAGE_INITIAL


async def test_the_same_person_may_determine_over_another_village(registry: Harness) -> None:
    here, there = await filed(registry, 1), await filed(registry, 2, village_code=NEXT_VILLAGE)
    round_id = await opened(registry)
    await stand(registry, round_id, VILLAGERS_MEETING, here, there)
    who = {"roles": [roles.VILLAGE_COMMITTEE, roles.WORK_TEAM], "actor": "same-1", "as_area": TOWNSHIP}
    await determined(
        registry, round_id, VILLAGE_INITIAL, area=NEXT_VILLAGE, actor="committee-2", as_area=TOWNSHIP
    )

    await determined(registry, round_id, VILLAGE_INITIAL, **who)

    assert (await determined(registry, round_id, REPRESENTATIVES, area=NEXT_VILLAGE, **who))["confirmed"] == 1


@pytest.mark.parametrize(
    ("table", "columns", "constraint"),
    [
        ("determiner", "round_id, area, actor_id, determination", "pk_determiner"),
        (
            "determination_village",
            "id, area, round_id, actor_id, determination",
            "fk_determination_village_determiner",
        ),
    ],
)
async def test_the_database_refuses_a_second_determination_of_the_same_person(
    registry: Harness, table: str, columns: str, constraint: str
) -> None:
    round_id, _ = await standing(registry, VILLAGERS_MEETING)
    first = await determined(registry, round_id, VILLAGE_INITIAL)
    copied = f"""
        WITH d AS (
            INSERT INTO registry.determination SELECT $1::text::uuid, round_id, 'representatives', area, determined_on,
                document, confirmed, turned_down, sent_back, actor_id, recorded_at
            FROM registry.determination WHERE id = $2::text::uuid RETURNING *
        ) INSERT INTO registry.{table} SELECT {columns} FROM d
    """  # noqa: S608 - our own names

    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=constraint):
        await registry.sql(copied, str(new_id()), first["id"])


async def test_a_household_that_came_back_passes_again_by_the_same_bodies(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, VILLAGERS_MEETING, 1, 2)
    for kind in (VILLAGE_INITIAL, REPRESENTATIVES):
        await determined(registry, round_id, kind)
    await proposed(registry, round_id, second, proposal="correct", reason="persons-changed")
    await evaluated(registry, round_id, second)

    again = await determined(registry, round_id, VILLAGE_INITIAL)
    by_the_other = await determine(registry, round_id, REPRESENTATIVES, actor=COMMITTEE["actor"])
    then = await determined(registry, round_id, REPRESENTATIVES)

    assert (again["confirmed"], then["confirmed"]) == (1, 1)
    assert by_the_other.json()["code"] == "same-person-determines"
    assert {(await entry(registry, round_id, each))["step"] for each in (first, second)} == {REPRESENTATIVES}


async def test_a_village_reads_what_was_determined_over_it_and_above_it(registry: Harness) -> None:
    round_id, _ = await standing(registry, COUNTY_CONFIRMATION)
    path = f"/rounds/{round_id}/determinations"

    village = (await get(registry, path, **TEAM)).json()["items"]
    page = (await get(registry, f"{path}?limit=1", **TEAM)).json()
    rest = (await get(registry, f"{path}?limit=50&cursor={page['next']}", **TEAM)).json()["items"]
    neighbour = (await get(registry, path, area=NEXT_VILLAGE)).json()["items"]
    one = (await get(registry, f"{path}?determination={TOWNSHIP_REVIEW}", **TEAM)).json()["items"]

    assert [each["determination"] for each in village] == list(DETERMINATIONS)
    assert page["items"] + rest == village
    assert [each["area"] for each in neighbour] == [TOWNSHIP, COUNTY]
    assert [each["determination"] for each in one] == [TOWNSHIP_REVIEW]
    assert (await get(registry, path, roles=[roles.BANK])).status_code == 403
