"""The three evaluations over HTTP: who may hold them, when they count, and what their votes do."""

import pytest

from chassis.ids import new_id
from contracts import roles
from contracts.values import EVALUATIONS, INTERNAL_MEETING, PARTY_MEETING, VILLAGERS_MEETING
from services.registry.domain.procedure import CHECKED, OPENED, STEPS, step_before
from tests.kit import Harness
from tests.services.registry.builders import (
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
)
from tests.services.registry.evaluating import (
    ADDING,
    AUDITOR,
    CLERK,
    COMMITTEE,
    OFFICER,
    ROLL,
    TEAM,
    entry,
    evaluated,
    faults,
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


async def test_a_meeting_passes_households_and_is_told_of(registry: Harness) -> None:
    round_id, (first, second) = await standing(registry, CHECKED, 1, 2)

    answer = await hold(registry, round_id, meeting([result(first), result(second, 3, 1, 1)]))

    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["present"], body["passed"], body["turned_down"], body["not_carried"]) == (5, 2, 0, 0)
    assert [each["outcome"] for each in body["results"]] == ["passed", "passed"]
    assert (await entry(registry, round_id, second))["step"] == INTERNAL_MEETING
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.areacode, fact.sequence) == ("registry.evaluation-held.v1", VILLAGE, 1)
    assert fact.subject_id == body["id"]
    assert f'"passed":["{first}","{second}"],"turned_down":[]' in bytes(fact.data).decode()


@pytest.mark.parametrize("evaluation", EVALUATIONS)
async def test_a_meeting_out_of_its_order_is_refused_with_rule_and_document(
    registry: Harness, evaluation: str
) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    body = meeting([result(household)], evaluation=evaluation)

    for step in STEPS:
        await stand(registry, round_id, step)
        answer = await hold(registry, round_id, body)
        if step == step_before(evaluation):
            assert answer.status_code == 201, answer.text
            continue
        assert (answer.status_code, answer.json()["code"]) == (409, "meeting-refused")
        assert answer.json()["rule"] == "three-evaluations-in-order"
        assert "24号" in answer.json()["basis"]
        assert faults(answer) == [("/results/0", "step-out-of-order")]


@pytest.mark.parametrize(
    ("evaluation", "eligible", "status"),
    [
        (INTERNAL_MEETING, 10, 201),
        (INTERNAL_MEETING, 11, 409),
        (PARTY_MEETING, 9, 201),
        (PARTY_MEETING, 10, 201),
        (PARTY_MEETING, 11, 409),
        (VILLAGERS_MEETING, 7, 201),
        (VILLAGERS_MEETING, 8, 409),
    ],
)
async def test_a_meeting_needs_its_quorum(
    registry: Harness, evaluation: str, eligible: int, status: int
) -> None:
    round_id, (household,) = await standing(registry, step_before(evaluation))

    answer = await hold(
        registry, round_id, meeting([result(household)], evaluation=evaluation, eligible=eligible)
    )

    assert answer.status_code == status
    if status != 201:
        problem = answer.json()
        assert (problem["code"], problem["rule"]) == ("meeting-not-quorate", "evaluation-quorum")
        assert "two thirds" in problem["basis"]
        assert (await entry(registry, round_id, household))["step"] == step_before(evaluation)


async def test_the_roll_is_no_longer_than_those_entitled(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)

    too_many = await hold(registry, round_id, meeting([result(household)], eligible=4))
    everybody = await hold(registry, round_id, meeting([result(household)], eligible=5))

    assert (too_many.status_code, too_many.json()["code"]) == (422, "roll-too-long")
    assert everybody.status_code == 201


async def test_nobody_stands_on_the_roll_twice(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)

    answer = await hold(registry, round_id, meeting([result(household)], roll=[*ROLL[:4], ROLL[0]]))

    assert (answer.status_code, answer.json()["code"]) == (422, "name-twice")
    assert answer.json()["errors"][0]["pointer"] == "/roll/4"
    assert (await entry(registry, round_id, household))["step"] == CHECKED


@pytest.mark.parametrize(("evaluation", "status"), list(zip(EVALUATIONS, (201, 409, 409), strict=True)))
async def test_a_team_member_attends_the_second_and_third_meeting(
    registry: Harness, evaluation: str, status: int
) -> None:
    round_id, (household,) = await standing(registry, step_before(evaluation))
    body = meeting([result(household)], evaluation=evaluation, team_member_present=False)

    answer = await hold(registry, round_id, body)

    assert answer.status_code == status
    if status != 201:
        assert (answer.json()["code"], answer.json()["rule"]) == (
            "team-member-missing",
            "team-member-attends",
        )
        assert answer.json()["basis"]


@pytest.mark.parametrize(("votes", "outcome"), [((2, 3, 0), "turned-down"), ((3, 2, 0), "passed")])
async def test_an_addition_needs_more_than_half_of_those_present(
    registry: Harness, votes: tuple[int, int, int], outcome: str
) -> None:
    round_id, (household,) = await standing(registry, CHECKED, candidate=True)
    reason = "votes-against" if outcome == "turned-down" else None

    answer = await hold(registry, round_id, meeting([result(household, *votes, reason=reason)]))

    assert answer.json()["results"] == [{"household_id": household, "outcome": outcome, "proposal": "add"}]
    now = await entry(registry, round_id, household)
    assert (now["outcome"], now["reason"]) == (
        ("turned-down", "votes-against") if reason else ("open", "missed-before")
    )


async def test_exactly_half_of_those_present_is_no_majority(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED, candidate=True)
    body = meeting([result(household, 2, 1, 1, reason="votes-against")], roll=ROLL[:4])

    assert (await hold(registry, round_id, body)).json()["turned_down"] == 1


@pytest.mark.parametrize("reason", [None, "no-such-reason"])
async def test_turning_down_needs_a_reason_of_the_pack(registry: Harness, reason: str | None) -> None:
    round_id, (household,) = await standing(registry, CHECKED, candidate=True)

    answer = await hold(registry, round_id, meeting([result(household, 0, 5, 0, reason=reason)]))

    assert faults(answer) == [("/results/0/reason", "turn-down-reason")]
    assert answer.json()["rule"] == "reason-of-turning-down"
    assert answer.json()["basis"]


async def test_a_removal_that_is_turned_down_becomes_a_keep_and_is_evaluated_again(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    await proposed(registry, round_id, household, proposal="remove", reason="moved-away")
    await held(registry, round_id, household)
    votes = [result(household, 1, 4, 0, reason="votes-against")]

    answer = await hold(registry, round_id, meeting(votes, evaluation=PARTY_MEETING))

    assert answer.json()["results"][0] == {
        "household_id": household,
        "outcome": "turned-down",
        "proposal": "keep",
    }
    now = await entry(registry, round_id, household)
    assert (now["proposal"], now["reason"], now["step"], now["outcome"]) == ("keep", None, CHECKED, "open")
    await evaluated(registry, round_id, household)


@pytest.mark.parametrize(("proposal", "reason"), [("keep", None), ("correct", "persons-changed")])
async def test_what_is_kept_or_corrected_stays_where_it_stands_without_a_majority(
    registry: Harness, proposal: str, reason: str | None
) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    if reason:
        await proposed(registry, round_id, household, proposal=proposal, reason=reason)

    answer = await hold(registry, round_id, meeting([result(household, 1, 4, 0)]))

    body = answer.json()
    assert (body["passed"], body["not_carried"], body["results"][0]["outcome"]) == (0, 1, "not-carried")
    now = await entry(registry, round_id, household)
    assert (now["proposal"], now["step"], now["outcome"]) == (proposal, CHECKED, "open")
    data = bytes((await registry.facts())[-1].data).decode()
    assert '"passed":[],"turned_down":[]' in data


@pytest.mark.parametrize(
    ("held_on", "status", "code"),
    [
        ("2016-06-05", 409, "meeting-refused"),
        ("2016-06-06", 201, None),
        ("2016-06-08", 201, None),
        ("2016-06-09", 422, "date-in-future"),
        ("2016-05-31", 422, "meeting-before-round"),
    ],
)
async def test_a_meeting_lies_between_the_last_step_and_today(
    registry: Harness, held_on: str, status: int, code: str | None
) -> None:
    round_id, (household,) = await standing(registry, OPENED)
    registry.clock.move_to(registry.clock.today().replace(day=8))
    await reach(registry, round_id, CHECKED, household, on="2016-06-06")

    answer = await hold(registry, round_id, meeting([result(household)], held_on=held_on))

    assert (answer.status_code, answer.json().get("code")) == (status, code)
    if code == "meeting-refused":
        assert faults(answer) == [("/results/0", "step-dated-too-early")]
        assert answer.json()["rule"] == "three-evaluations-in-order"


async def test_a_candidate_is_evaluated_with_the_third_meeting(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED, candidate=True)
    seen = []

    for evaluation in EVALUATIONS:
        await held(registry, round_id, household, evaluation=evaluation)
        shown = (await get(registry, f"/households/{household}")).json()
        seen.append((shown["status"], shown["version"]))

    assert seen == [("candidate", 1), ("candidate", 1), ("evaluated", 2)]
    standings = (await get(registry, f"/households/{household}/history")).json()["standings"]
    assert [each["status"] for each in standings] == ["candidate", "evaluated"]


async def test_a_candidate_is_not_evaluated_before_it_was_filed(registry: Harness) -> None:
    registry.clock.move_to(registry.clock.today().replace(day=8))
    household = await filed(registry, candidate=True, on="2016-06-08")
    round_id = await opened(registry, **ADDING)
    await stand(registry, round_id, PARTY_MEETING)
    await registry.sql("UPDATE registry.round SET opened_on = '2016-06-01'")
    body = meeting([result(household)], evaluation=VILLAGERS_MEETING, held_on="2016-06-07")

    answer = await hold(registry, round_id, body)

    assert (answer.status_code, answer.json()["code"]) == (422, "date-before-standing")
    assert answer.json()["errors"][0]["pointer"] == "/held_on"
    assert (await entry(registry, round_id, household))["step"] == PARTY_MEETING


async def test_a_household_on_the_register_keeps_its_state(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)

    await evaluated(registry, round_id, household)

    assert (await get(registry, f"/households/{household}")).json()["status"] == "registered"


async def test_only_those_of_the_village_and_its_clerk_hold_meetings(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    body = meeting([result(household)])

    strangers = [OFFICER, AUDITOR, {"roles": [roles.CHECKER], "area": TOWNSHIP}]
    neighbours = [{"area": NEXT_VILLAGE}, CLERK | {"area": OTHER_TOWNSHIP}]
    forbidden = [(await hold(registry, round_id, body, **who)).status_code for who in strangers]
    hidden = [(await hold(registry, round_id, body, **who)).status_code for who in neighbours]
    unknown = await hold(registry, str(new_id()), body)

    assert forbidden == [403, 403, 403]
    assert hidden == [404, 404]
    assert unknown.status_code == 404
    for who, evaluation in zip((COMMITTEE, TEAM, CLERK), EVALUATIONS, strict=True):
        answer = await hold(registry, round_id, body | {"evaluation": evaluation}, **who)
        assert answer.status_code == 201, answer.text


async def test_a_closed_round_takes_no_meeting(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    await registry.sql("UPDATE registry.round SET is_open = false, closed_at = now()")

    answer = await hold(registry, round_id, meeting([result(household)]))

    assert (answer.status_code, answer.json()["code"]) == (409, "round-closed")
