"""What the four determinations do to households: confirmed, turned down, sent back, kept off by another list."""

import pytest

from chassis.ids import new_id
from contracts import roles
from contracts.values import (
    COUNTY_CONFIRMATION,
    DETERMINATIONS,
    REPRESENTATIVES,
    SECOND_NOTICE,
    TOWNSHIP_REVIEW,
    VILLAGE_INITIAL,
    VILLAGERS_MEETING,
)
from services.registry.domain.procedure import CHECKED, step_before
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    DIVISIONS,
    NEXT_VILLAGE,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    get,
    import_divisions,
)
from tests.services.registry.evaluating import (
    determine,
    determined,
    entry,
    evaluated,
    opened,
    proposed,
    stand,
    standing,
)
from tests.services.registry.lists import csv, matches, resolve, sent
from tests.services.registry.noticing import closed
from tests.services.registry.sheet import household_draft, send


async def test_an_addition_turned_down_ends_there_and_its_household_is_a_candidate_again(
    registry: Harness,
) -> None:
    round_id, (first, second) = await standing(registry, CHECKED, 1, 2, candidate=True)
    await evaluated(registry, round_id, first, second)
    turned_down = [{"household_id": second, "reason": "runs-business"}]

    body = await determined(registry, round_id, VILLAGE_INITIAL, turned_down=turned_down)

    assert (body["confirmed"], body["turned_down"]) == (1, 1)
    now = await entry(registry, round_id, second)
    assert (now["outcome"], now["reason"]) == ("turned-down", "runs-business")
    states = [(await get(registry, f"/households/{each}")).json()["status"] for each in (first, second)]
    assert states == ["evaluated", "candidate"]
    assert f'"confirmed":1,"turned_down":["{second}"]' in bytes((await registry.facts())[-1].data).decode()
    assert (await determined(registry, round_id, REPRESENTATIVES))["confirmed"] == 1


async def test_a_removal_turned_down_is_evaluated_again_as_a_keep(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, CHECKED, 1, 2)
    await proposed(registry, round_id, second, proposal="remove", reason="moved-away")
    await evaluated(registry, round_id, first, second)
    turned_down = [{"household_id": second, "reason": "objection-upheld"}]

    body = await determined(registry, round_id, VILLAGE_INITIAL, turned_down=turned_down)
    next_one = await determine(registry, round_id, REPRESENTATIVES)

    now = await entry(registry, round_id, second)
    assert (body["turned_down"], now["proposal"], now["step"], now["outcome"]) == (1, "keep", CHECKED, "open")
    assert next_one.json()["code"] == "determination-too-early"
    await evaluated(registry, round_id, second)
    assert (await determined(registry, round_id, VILLAGE_INITIAL))["confirmed"] == 1
    assert (await determined(registry, round_id, REPRESENTATIVES))["confirmed"] == 2
    assert (await entry(registry, round_id, first))["step"] == REPRESENTATIVES


async def test_a_keep_that_is_not_agreed_to_is_sent_back_and_stops_the_area(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, VILLAGERS_MEETING, 1, 2)
    sent_back = [{"household_id": second, "reason": "income-above-line"}]

    body = await determined(registry, round_id, VILLAGE_INITIAL, turned_down=sent_back)

    assert (body["confirmed"], body["turned_down"], body["sent_back"]) == (1, 0, 1)
    assert (await entry(registry, round_id, second))["step"] == VILLAGERS_MEETING
    assert (await entry(registry, round_id, first))["step"] == VILLAGE_INITIAL
    stopped = await determine(registry, round_id, REPRESENTATIVES)
    assert [each["pointer"] for each in stopped.json()["errors"]] == [f"/households/{second}"]


async def test_faults_in_what_is_turned_down_are_named_and_nothing_is_determined(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, VILLAGE_INITIAL, 1, 2)
    await proposed(registry, round_id, first, proposal="correct", reason="persons-changed")
    await evaluated(registry, round_id, first)
    listed = [
        {"household_id": first, "reason": "votes-against"},
        {"household_id": first, "reason": "votes-against"},
        {"household_id": second, "reason": "votes-against"},
        {"household_id": str(new_id()), "reason": "votes-against"},
        {"household_id": first, "reason": "no-such-reason"},
    ]

    answer = await determine(registry, round_id, VILLAGE_INITIAL, turned_down=listed)

    assert (answer.status_code, answer.json()["code"]) == (409, "determination-refused")
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/turned_down/1", "household-twice"),
        ("/turned_down/2", "step-out-of-order"),
        ("/turned_down/3", "household-outside-round"),
        ("/turned_down/4/reason", "turn-down-reason"),
    ]
    assert (await entry(registry, round_id, first))["step"] == VILLAGERS_MEETING


async def test_the_county_adds_nobody_who_stands_on_a_list_that_rules_out(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, SECOND_NOTICE, 1, 2, candidate=True)
    await sent(registry, csv(4))

    stopped = await determine(registry, round_id, COUNTY_CONFIRMATION)
    turned_down = [{"household_id": second, "reason": "owns-vehicle"}]
    without = await determined(registry, round_id, COUNTY_CONFIRMATION, turned_down=turned_down)

    problem = stopped.json()
    assert (stopped.status_code, problem["code"], problem["rule"]) == (409, "ruled-out", "not-ruled-out")
    assert problem["basis"]
    assert [each["pointer"] for each in problem["errors"]] == [f"/households/{second}"]
    assert (without["confirmed"], without["turned_down"]) == (1, 1)
    assert (await entry(registry, round_id, first))["step"] == COUNTY_CONFIRMATION
    states = [(await get(registry, f"/households/{each}")).json()["status"] for each in (first, second)]
    assert states == ["noticed", "candidate"]


@pytest.mark.parametrize("area", [TOWNSHIP, COUNTY])
async def test_a_list_rules_out_whichever_area_the_officer_answers_for(registry: Harness, area: str) -> None:
    await sent(registry, csv(2))
    round_id, (unmatched,) = await standing(registry, SECOND_NOTICE, 1, candidate=True)

    stopped = await determine(registry, round_id, COUNTY_CONFIRMATION, area=TOWNSHIP, as_area=area)

    assert await matches(registry) == []
    assert (stopped.status_code, stopped.json()["code"]) == (409, "ruled-out")
    assert [each["pointer"] for each in stopped.json()["errors"]] == [f"/households/{unmatched}"]


async def test_a_list_of_another_county_rules_nobody_out(registry: Harness) -> None:
    await import_divisions(registry, DIVISIONS + "532931000000,county,532900000000,剑川县\n")
    assert (await sent(registry, csv(2), area="532931")).status_code == 201
    round_id, _ = await standing(registry, SECOND_NOTICE, 1, candidate=True)

    assert (await determined(registry, round_id, COUNTY_CONFIRMATION))["confirmed"] == 1


async def test_an_explained_match_rules_nobody_out(registry: Harness) -> None:
    round_id, _ = await standing(registry, SECOND_NOTICE, 1, candidate=True)
    await sent(registry, csv(2))
    (match,) = await matches(registry)
    assert (await determine(registry, round_id, COUNTY_CONFIRMATION)).status_code == 409

    await resolve(registry, match["id"])

    assert (await determined(registry, round_id, COUNTY_CONFIRMATION))["confirmed"] == 1


async def test_a_household_on_the_register_is_kept_whatever_the_lists_say(registry: Harness) -> None:
    round_id, _ = await standing(registry, SECOND_NOTICE)
    await sent(registry, csv(2))

    assert (await determined(registry, round_id, COUNTY_CONFIRMATION))["confirmed"] == 1


async def test_a_whole_village_goes_through_every_evaluation_and_determination(registry: Harness) -> None:
    round_id, ids = await standing(registry, CHECKED, *range(1, 6), candidate=True)

    await evaluated(registry, round_id, *ids)
    for kind in DETERMINATIONS:
        if kind in {TOWNSHIP_REVIEW, COUNTY_CONFIRMATION}:
            early = await determine(registry, round_id, kind)
            assert early.json()["code"] == "determination-too-early"
            today = registry.clock.today().isoformat()
            await closed(registry, round_id, step_before(kind), posted_on=today)
        await determined(registry, round_id, kind)

    steps = {(await entry(registry, round_id, each))["step"] for each in ids}
    assert steps == {COUNTY_CONFIRMATION}
    rows = await registry.sql(
        "SELECT count(*) AS n FROM registry.determination_entry WHERE outcome = 'confirmed'"
    )
    assert rows[0]["n"] == len(ids) * len(DETERMINATIONS)


@pytest.mark.timeout(120)
async def test_a_county_is_confirmed_in_one_request(registry: Harness) -> None:
    villages = (VILLAGE, NEXT_VILLAGE, OTHER_VILLAGE)
    drafts = [household_draft(number, village_code=villages[number % 3]) for number in range(1, 4_387)]
    assert (await send(registry, drafts, area=COUNTY, roles=[roles.OFFICER])).status_code == 201
    round_id = await opened(registry)
    await stand(registry, round_id, SECOND_NOTICE)

    body = await determined(registry, round_id, COUNTY_CONFIRMATION)

    assert body["confirmed"] == 4_386
