"""Who may be merged with whom: nobody comes onto the register, or back to it, by a merge."""

from typing import Any

import httpx
import pytest

from services.registry.domain.household import LEFT_THE_REGISTER, NOT_YET_REGISTERED
from tests.kit import Harness
from tests.services.registry.builders import member
from tests.services.registry.changes import OFFICER, aged, changed, ids, review, submit, submitted
from tests.services.registry.noticing import statuses_of
from tests.services.registry.rounds import stand

ON_IT = ("registered", "verified", "pre-exit", "returned")
OFF_IT = sorted(NOT_YET_REGISTERED | LEFT_THE_REGISTER - {"closed"})


async def standing(registry: Harness, number: int, status: str, since: str = "2016-01-01") -> str:
    """File a household, as if a decision had brought it to a state."""
    household_id = await aged(registry, number, candidate=True)
    if status != "candidate":
        await stand(registry, household_id, status, on=since)
    return household_id


async def merging(registry: Harness, joined: str) -> dict[str, Any]:
    """Return how everybody of a household joins another one."""
    return {
        "joined_id": joined,
        "members": [{"person_id": each, "relation": "97"} for each in await ids(registry, joined)],
    }


async def merge(registry: Harness, kept: str, joined: str, **body: Any) -> httpx.Response:
    return await submit(registry, "merge", kept, OFFICER, **(await merging(registry, joined) | body))


@pytest.mark.parametrize("status", OFF_IT)
async def test_only_households_that_stand_alike_are_merged(registry: Harness, status: str) -> None:
    off, like = await standing(registry, 1, status), await standing(registry, 2, status)
    others = {other: await standing(registry, number, other) for number, other in enumerate(ON_IT, start=3)}
    others |= {
        other: await standing(registry, number, other)
        for number, other in enumerate(set(OFF_IT) - {status}, start=10)
    }

    for other in others.values():
        for refused in (await merge(registry, other, off), await merge(registry, off, other)):
            assert (refused.status_code, refused.json()["code"]) == (409, "merge-not-allowed")
            assert refused.json()["errors"][0]["pointer"] == "/joined_id"
    await changed(registry, "merge", off, OFFICER, **await merging(registry, like))

    states = await statuses_of(registry)
    assert (states[off], states[like]) == (status, "closed")


@pytest.mark.parametrize("kept", ON_IT)
async def test_households_on_the_register_are_merged_whatever_their_step(
    registry: Harness, kept: str
) -> None:
    household_id = await standing(registry, 1, kept)
    for number, other in enumerate(ON_IT, start=2):
        joined = await standing(registry, number, other)

        await changed(registry, "merge", household_id, OFFICER, **await merging(registry, joined))

    assert len(await ids(registry, household_id)) == 10


async def test_a_merge_is_not_dated_back_to_when_the_other_was_on_the_register(registry: Harness) -> None:
    kept = await standing(registry, 1, "exited", since="2016-05-01")
    joined = await standing(registry, 2, "exited", since="2016-02-01")

    answers = [await merge(registry, kept, joined, effective_on=day) for day in ("2016-04-30", "2016-05-01")]

    assert [each.status_code for each in answers] == [422, 201]
    assert answers[0].json()["code"] == "date-before-standing"


async def test_a_merge_is_tried_again_when_it_is_agreed_to(registry: Harness) -> None:
    kept, joined = await standing(registry, 1, "registered"), await standing(registry, 2, "registered")
    request_id = await submitted(registry, "merge", kept, **await merging(registry, joined))
    # Planted past the version, which would refuse the request as stale.
    await registry.sql("UPDATE registry.household SET status = 'exited' WHERE id = $1::uuid", joined)

    refused = await review(registry, request_id, **OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (409, "merge-not-allowed")


async def test_the_last_who_marries_away_closes_the_file_that_was_left(registry: Harness) -> None:
    candidate = await aged(registry, 1, candidate=True, members=[member(2)])
    other = await standing(registry, 2, "registered")
    (head,) = await ids(registry, candidate)
    into = {"household_id": other, "relation": "38"}

    await changed(registry, "marriage-out", candidate, OFFICER, person_id=head, into=into)

    assert await statuses_of(registry) == {candidate: "closed", other: "registered"}
    reasons = await registry.sql(
        "SELECT reason FROM registry.household_standing WHERE household_id = $1::uuid AND status = 'closed'",
        candidate,
    )
    assert [row["reason"] for row in reasons] == ["married-out"]
