"""What is on record of a meeting: checked as a whole, sealed, and read by those who may."""

from typing import Any

import pytest

from chassis.ids import new_id
from contracts import roles
from contracts.values import EVALUATIONS, PARTY_MEETING
from services.registry.domain.procedure import CHECKED, OPENED
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_NAME,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    VILLAGE,
    filed,
    get,
    household,
    member,
    post,
    put,
    spouse,
)
from tests.services.registry.changes import changed, ids
from tests.services.registry.evaluating import (
    AUDITOR,
    CANARY_MINUTES,
    CANARY_PLACE,
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
    reach,
    result,
    stand,
    standing,
)
from tests.services.registry.sheet import household_draft, send


async def test_faults_are_named_one_by_one_and_nothing_is_recorded(registry: Harness) -> None:
    round_id, (first, second, third) = await standing(registry, OPENED, 1, 2, 3)
    await reach(registry, round_id, CHECKED, first, second)
    neighbour = await filed(registry, 9, village_code=NEXT_VILLAGE)
    votes = [
        result(first),
        result(second, 5, 1, 0),
        result(first),
        result(third),
        result(str(new_id())),
        result(neighbour),
        result(second, 4, 0, 0),
    ]

    answer = await hold(registry, round_id, meeting(votes))

    assert faults(answer) == [
        ("/results/1", "votes-do-not-add-up"),
        ("/results/2", "household-twice"),
        ("/results/3", "step-out-of-order"),
        ("/results/4", "household-outside-round"),
        ("/results/5", "household-outside-round"),
        ("/results/6", "household-twice"),
    ]
    assert (await entry(registry, round_id, first))["step"] == CHECKED
    assert (await get(registry, f"/rounds/{round_id}/meetings")).json()["items"] == []


async def test_at_most_a_hundred_faults_are_named(registry: Harness) -> None:
    round_id, _ = await standing(registry, CHECKED)

    answer = await hold(registry, round_id, meeting([result(str(new_id())) for _ in range(101)]))

    assert len(answer.json()["errors"]) == 100


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": "身份证532930197001010010"},
        {"minutes": "bell\x07"},
        {"convenor": "532930197001010010"},
        {"convenor": "13988887777"},
        {"convenor": "金丝雀"},
        {"minutes_sha256": "B" * 64},
        {"roll": []},
        {"results": []},
        {"evaluation": "street-meeting"},
        {"present": 5},
    ],
)
async def test_a_malformed_meeting_is_refused(registry: Harness, changes: dict[str, Any]) -> None:
    round_id, (household,) = await standing(registry, CHECKED)

    answer = await hold(registry, round_id, meeting([result(household)]) | changes)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


async def test_a_meeting_is_read_with_names_by_those_who_may(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    meeting_id = (await held(registry, round_id, household))["id"]

    for who in (COMMITTEE, TEAM, CLERK, OFFICER):
        shown = (await get(registry, f"/meetings/{meeting_id}", **who)).json()
        assert (shown["roll"], shown["minutes"], shown["place"]) == (
            ROLL,
            CANARY_MINUTES,
            CANARY_PLACE,
        )
        (vote,) = shown["results"]
        assert (vote["head_name"], vote["file_number"], vote["votes_for"]) == (CANARY_NAME, "F-00001", 5)
    shown = (await get(registry, f"/meetings/{meeting_id}", **AUDITOR)).json()

    assert (shown["roll"], shown["minutes"], shown["place"]) == (["金***"] * 5, None, None)
    assert (shown["results"][0]["head_name"], shown["minutes_sha256"]) == ("金***", "b" * 64)
    assert "金丝雀" not in str(shown)


async def renamed(registry: Harness, household_id: str, on: str) -> None:
    """Let the wife become head, and the file be numbered anew, from a day on."""
    husband, wife = await ids(registry, household_id)
    relations = [{"person_id": wife, "relation": "02"}, {"person_id": husband, "relation": "10"}]
    await changed(registry, "head-change", household_id, relations=relations, effective_on=on)
    people = [
        member(2, id=husband, relation="10"),
        spouse(3, id=wife, relation="02", name="欧阳一"),
    ]
    version = (await get(registry, f"/households/{household_id}")).json()["version"]
    stated = household(1, members=people, file_number="F-90001", effective_on=on)
    answer = await put(registry, household_id, version, json=stated)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("known_before", "on", "shown"),
    [
        (True, "2016-06-06", ("欧阳一", "F-90001")),
        (True, "2016-06-07", (CANARY_NAME, "F-00001")),
        (False, "2016-06-06", (CANARY_NAME, "F-00001")),
        (False, "2016-06-08", (CANARY_NAME, "F-00001")),
    ],
)
async def test_minutes_name_the_head_and_the_file_as_known_when_they_were_recorded(
    registry: Harness, known_before: bool, on: str, shown: tuple[str, str]
) -> None:
    round_id, (household_id,) = await standing(registry, CHECKED)
    registry.clock.move_to(registry.clock.today().replace(day=8))
    if known_before:
        await renamed(registry, household_id, on)
    answer = await hold(registry, round_id, meeting([result(household_id)], held_on="2016-06-06"))
    if not known_before:
        await renamed(registry, household_id, on)

    (vote,) = (await get(registry, f"/meetings/{answer.json()['id']}")).json()["results"]

    assert (vote["head_name"], vote["file_number"]) == shown


async def test_minutes_name_whoever_was_filed_after_the_meetings_day(registry: Harness) -> None:
    round_id, _ = await standing(registry, CHECKED)
    registry.clock.move_to(registry.clock.today().replace(day=8))
    late = await filed(registry, 9, candidate=True)
    item = {"household_id": late, "reason": "missed-before"}
    await post(registry, f"/rounds/{round_id}/entries", json={"items": [item]}, **OFFICER)
    await reach(registry, round_id, CHECKED, late, on="2016-06-06")
    answer = await hold(registry, round_id, meeting([result(late)], held_on="2016-06-06"))

    (vote,) = (await get(registry, f"/meetings/{answer.json()['id']}")).json()["results"]

    assert (vote["head_name"], vote["file_number"]) == (CANARY_NAME, "F-00009")


async def test_meetings_of_another_area_are_not_found(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    meeting_id = (await held(registry, round_id, household))["id"]

    for area in (NEXT_VILLAGE, OTHER_TOWNSHIP):
        assert (await get(registry, f"/meetings/{meeting_id}", area=area)).status_code == 404
        assert (await get(registry, f"/rounds/{round_id}/meetings", area=area)).json()["items"] == []
    for path in (f"/meetings/{meeting_id}", f"/rounds/{round_id}/meetings"):
        assert (await get(registry, path, roles=[roles.BANK], area="")).status_code == 403


async def test_meetings_are_listed_page_by_page_in_the_order_of_recording(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    await evaluated(registry, round_id, household)
    path = f"/rounds/{round_id}/meetings"

    first = (await get(registry, f"{path}?limit=2")).json()
    second = (await get(registry, f"{path}?limit=2&cursor={first['next']}")).json()
    one_kind = (await get(registry, f"{path}?evaluation={PARTY_MEETING}&village={VILLAGE}")).json()

    listed = [each["evaluation"] for each in first["items"] + second["items"]]
    assert (listed, second["next"]) == (list(EVALUATIONS), None)
    assert [each["evaluation"] for each in one_kind["items"]] == [PARTY_MEETING]
    assert {each["passed"] for each in first["items"]} == {1}


async def test_no_name_of_a_meeting_lies_open_in_the_database(registry: Harness) -> None:
    round_id, (household,) = await standing(registry, CHECKED)
    await held(registry, round_id, household)

    rows = await registry.sql("SELECT m::text, v::text FROM registry.meeting m, registry.evaluation_vote v")
    facts = [bytes(fact.data).decode() for fact in await registry.facts()]

    assert rows
    assert "金丝雀" not in str(rows) + str(facts)


@pytest.mark.timeout(120)
async def test_two_thousand_households_are_voted_on_in_one_meeting(registry: Harness) -> None:
    assert (await send(registry, [household_draft(n) for n in range(1, 2_001)])).status_code == 201
    round_id = await opened(registry)
    await stand(registry, round_id, CHECKED)
    rows = await registry.sql("SELECT id FROM registry.household ORDER BY id")
    body = meeting([result(str(row["id"])) for row in rows])

    answer = await hold(registry, round_id, body)

    assert (answer.status_code, answer.json()["passed"]) == (201, 2_000)
    shown = (await get(registry, f"/meetings/{answer.json()['id']}")).json()
    assert [vote["household_id"] for vote in shown["results"]] == [str(row["id"]) for row in rows]
