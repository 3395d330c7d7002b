"""A void meeting over HTTP: what nothing was built upon is taken back, what has gone on stays and is told of."""

import pytest

from chassis.ids import new_id
from contracts import roles
from contracts.values import EVALUATIONS, INTERNAL_MEETING, PARTY_MEETING, VILLAGE_INITIAL, VILLAGERS_MEETING
from services.registry.domain.procedure import CHECKED, step_before
from tests.kit import Harness
from tests.services.registry.builders import TOWNSHIP, VILLAGE, get, post
from tests.services.registry.evaluating import (
    OFFICER,
    TEAM,
    determine,
    determined,
    entry,
    evaluated,
    held,
    hold,
    meeting,
    proposed,
    result,
    standing,
)

FORGED = {"reason": "roll-forged"}


async def annul(registry: Harness, meeting_id: str, **who: object) -> tuple[int, dict[str, object]]:
    """Annul a meeting as the county's officer unless told otherwise."""
    answer = await post(registry, f"/meetings/{meeting_id}/annulments", json=FORGED, **(OFFICER | who))
    return answer.status_code, answer.json()


@pytest.mark.parametrize("evaluation", EVALUATIONS)
async def test_votes_that_nothing_was_built_upon_are_taken_back(registry: Harness, evaluation: str) -> None:
    round_id, (household,) = await standing(registry, step_before(evaluation))
    before = await entry(registry, round_id, household)
    meeting_id = (await held(registry, round_id, household, evaluation=evaluation))["id"]

    status, body = await annul(registry, meeting_id)

    assert status == 201
    assert (body["taken_back"], body["gone_on"]) == ([household], [])
    assert await entry(registry, round_id, household) == before
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence, fact.areacode) == ("registry.evaluation-annulled.v1", 2, VILLAGE)
    assert f'"reason":"roll-forged","households":["{household}"]' in bytes(fact.data).decode()
    assert (await held(registry, round_id, household, evaluation=evaluation))["passed"] == 1


async def test_a_household_that_has_gone_on_stays_and_is_told_of(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, CHECKED, 1, 2)
    meeting_id = (await held(registry, round_id, first, second))["id"]
    await held(registry, round_id, second, evaluation=PARTY_MEETING)

    _, body = await annul(registry, meeting_id)

    assert (body["taken_back"], body["gone_on"]) == ([first], [second])
    assert (await entry(registry, round_id, first))["step"] == CHECKED
    assert (await entry(registry, round_id, second))["step"] == PARTY_MEETING
    assert f'"households":["{first}","{second}"]' in bytes((await registry.facts())[-1].data).decode()


@pytest.mark.parametrize("void", [0, 1])
async def test_nobody_is_determined_about_who_rests_on_an_annulled_meeting(
    registry: Harness, void: int
) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    await evaluated(registry, round_id, household)
    listed = (await get(registry, f"/rounds/{round_id}/meetings")).json()["items"]
    await annul(registry, listed[void]["id"])

    refused = await determine(registry, round_id, VILLAGE_INITIAL)
    await proposed(registry, round_id, household, proposal="correct", reason="persons-changed")
    await evaluated(registry, round_id, household)

    assert (refused.status_code, refused.json()["code"]) == (409, "not-evaluated")
    assert refused.json()["rule"] == "three-evaluations-in-order"
    assert refused.json()["basis"]
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/households/{household}"]
    assert (await determined(registry, round_id, VILLAGE_INITIAL))["confirmed"] == 1


async def test_a_determination_is_something_built_upon(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    await evaluated(registry, round_id, household)
    listed = (await get(registry, f"/rounds/{round_id}/meetings")).json()["items"]
    await determined(registry, round_id, VILLAGE_INITIAL)

    _, body = await annul(registry, listed[2]["id"])

    assert (body["taken_back"], body["gone_on"]) == ([], [household])
    assert (await entry(registry, round_id, household))["step"] == VILLAGE_INITIAL


async def test_a_turned_down_addition_is_open_again(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED, candidate=True)
    before = await entry(registry, round_id, household)
    votes = [result(household, 0, 5, 0, reason="votes-against")]
    meeting_id = (await hold(registry, round_id, meeting(votes))).json()["id"]
    assert (await entry(registry, round_id, household))["outcome"] == "turned-down"

    _, body = await annul(registry, meeting_id)

    assert body["taken_back"] == [household]
    assert await entry(registry, round_id, household) == before


async def test_a_removal_that_became_a_keep_is_a_removal_again(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    await proposed(registry, round_id, household, proposal="remove", reason="moved-away")
    await held(registry, round_id, household)
    votes = [result(household, 0, 5, 0, reason="votes-against")]
    meeting_id = (await hold(registry, round_id, meeting(votes, evaluation=PARTY_MEETING))).json()["id"]

    await annul(registry, meeting_id)

    now = await entry(registry, round_id, household)
    assert (now["proposal"], now["reason"], now["step"]) == ("remove", "moved-away", INTERNAL_MEETING)


async def test_a_vote_that_was_not_carried_leaves_nothing_to_take_back(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    meeting_id = (await hold(registry, round_id, meeting([result(household, 0, 5, 0)]))).json()["id"]

    _, body = await annul(registry, meeting_id)

    assert (body["taken_back"], body["gone_on"]) == ([], [])
    assert '"households":[]' in bytes((await registry.facts())[-1].data).decode()


async def test_a_household_rests_on_the_last_meeting_of_a_kind(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    first = (await held(registry, round_id, household))["id"]
    await proposed(registry, round_id, household, proposal="correct", reason="persons-changed")
    await held(registry, round_id, household)

    _, body = await annul(registry, first)

    assert (body["taken_back"], body["gone_on"]) == ([], [])
    assert (await entry(registry, round_id, household))["step"] == INTERNAL_MEETING


async def test_an_evaluated_household_is_a_candidate_again(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, PARTY_MEETING, candidate=True)
    meeting_id = (await held(registry, round_id, household, evaluation=VILLAGERS_MEETING))["id"]
    assert (await get(registry, f"/households/{household}")).json()["status"] == "evaluated"

    await annul(registry, meeting_id)

    assert (await get(registry, f"/households/{household}")).json()["status"] == "candidate"


async def test_a_closed_round_is_not_moved_any_more(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    meeting_id = (await held(registry, round_id, household))["id"]
    await registry.sql("UPDATE registry.round SET is_open = false, closed_at = now()")

    status, body = await annul(registry, meeting_id)

    assert (status, body["taken_back"], body["gone_on"]) == (201, [], [household])
    assert (await entry(registry, round_id, household))["step"] == INTERNAL_MEETING


async def test_a_meeting_is_annulled_once(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    meeting_id = (await held(registry, round_id, household))["id"]
    await annul(registry, meeting_id)

    status, body = await annul(registry, meeting_id)

    assert (status, body["code"]) == (409, "meeting-annulled-already")
    shown = (await get(registry, f"/meetings/{meeting_id}")).json()
    assert (shown["annulled_on"], shown["annulment_reason"]) == ("2016-06-01", "roll-forged")


async def test_only_an_officer_of_the_area_annuls(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    meeting_id = (await held(registry, round_id, household))["id"]

    assert (await annul(registry, meeting_id, **TEAM))[0] == 403
    assert (await annul(registry, meeting_id, roles=[roles.CLERK], area=TOWNSHIP))[0] == 403
    assert (await annul(registry, meeting_id, area="532931"))[0] == 404
    assert (await annul(registry, str(new_id())))[0] == 404
