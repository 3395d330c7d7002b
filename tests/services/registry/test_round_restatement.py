"""A closed round whose numbers are stated anew, after something dated inside it became known later."""

from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import TOWNSHIP, filed, post
from tests.services.registry.changes import left_alone
from tests.services.registry.rounds import OFFICER, close_round, decide, opened, shown


async def restated(registry: Harness, round_id: str, **who: Any) -> Any:
    """State a round's numbers anew."""
    body = {"reason": "late-report"}
    return await post(registry, f"/rounds/{round_id}/restatements", json=body, **(OFFICER | who))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({"roles": [roles.CLERK]}, 403),
        ({"roles": [roles.AUDITOR]}, 403),
        ({"area": TOWNSHIP}, 404),
        ({"area": "532931"}, 404),
    ],
)
async def test_a_round_is_closed_and_restated_by_the_county_that_sees_all_of_it(
    registry: Harness, who: dict[str, Any], status: int
) -> None:
    one = await opened(registry)

    assert (await close_round(registry, one["id"], **who)).status_code == status
    assert (await restated(registry, one["id"], **who)).status_code == status


async def test_what_is_known_later_is_shown_beside_and_stated_anew(registry: Harness) -> None:
    household_id = await filed(registry, 1, on="2016-05-01")
    one = await opened(registry)
    registry.clock.move_to(registry.clock.today().replace(day=20))
    await decide(registry, one["id"], household_id)
    closed = (await close_round(registry, one["id"])).json()
    registry.clock.move_to(registry.clock.today().replace(month=7))
    await left_alone(registry, household_id, effective_on="2016-06-10")

    before = await shown(registry, one["id"])
    answer = await restated(registry, one["id"])

    assert before["as_closed"]["counts"] == closed["counts"]
    now = closed["counts"] | {"changed_persons": -1, "closing_persons": 1}
    assert before["as_known_now"]["counts"] == now
    assert (answer.status_code, answer.json()["counts"], answer.json()["number"]) == (201, now, 2)
    after = await shown(registry, one["id"])
    assert (after["as_closed"]["counts"], after["restated"]["counts"]) == (closed["counts"], now)
    assert (after["restated"]["reason"], after["restated"]["stated_on"]) == ("late-report", "2016-07-20")
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.round-restated.v1", 3)
    assert b'"reason":"late-report"' in bytes(fact.data)
    again = await restated(registry, one["id"])
    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-restate")


async def test_what_is_dated_after_the_round_changes_nothing_in_it(registry: Harness) -> None:
    household_id = await filed(registry, 1)
    one = await opened(registry)
    await decide(registry, one["id"], household_id)
    await close_round(registry, one["id"])
    registry.clock.move_to(registry.clock.today().replace(day=20))
    await left_alone(registry, household_id)

    refused = await restated(registry, one["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-to-restate")
    township = await shown(registry, one["id"], area=TOWNSHIP, roles=[roles.CLERK])
    assert township["as_closed"]["counts"]["closing_persons"] == 2
    assert township["as_known_now"] is None


async def test_an_open_round_has_no_numbers_to_restate(registry: Harness) -> None:
    one = await opened(registry)

    refused = await restated(registry, one["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "round-still-open")
