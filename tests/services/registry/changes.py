"""Change requests for the tests: submitted by the township's clerk, reviewed by another one or the county's officer."""

from typing import Any

import httpx

from chassis.events import Envelope
from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, get, household, member, post

REVIEWER = {"actor": "clerk-2"}
OFFICER = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"}
AMOUNTS = {
    "housing_area_m2": "40.0",
    "wage_income": "10.00",
    "business_income": "0.00",
    "transfer_income": "0.00",
    "property_income": "0.00",
    "production_cost": "0.00",
}


async def people(registry: Harness, household_id: str, **query: Any) -> list[dict[str, Any]]:
    """Return who is in a household, as the county's officer sees it."""
    shown = await get(registry, f"/households/{household_id}", params=query, **OFFICER)
    return list(shown.json()["members"]) if shown.status_code == 200 else []


async def ids(registry: Harness, household_id: str, **query: Any) -> list[str]:
    """Return the ids of who is in a household."""
    return [member["id"] for member in await people(registry, household_id, **query)]


async def submit(
    registry: Harness, kind: str, household_id: str, who: dict[str, Any] | None = None, **body: Any
) -> httpx.Response:
    """Submit a change request."""
    asked = {"kind": kind, "household_id": household_id, "reason": "reported"} | body
    return await post(registry, "/change-requests", json=asked, **(who or {}))


async def submitted(registry: Harness, kind: str, household_id: str, **body: Any) -> str:
    """Submit a change request and return its id."""
    answer = await submit(registry, kind, household_id, **body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def review(registry: Harness, request_id: str, **who: Any) -> httpx.Response:
    """Agree to a change request as a second clerk unless told otherwise."""
    body = {"outcome": "approved"}
    return await post(registry, f"/change-requests/{request_id}/reviews", json=body, **(REVIEWER | who))


async def changed(
    registry: Harness, kind: str, household_id: str, who: dict[str, Any] | None = None, **body: Any
) -> str:
    """Submit a change request, let a second person agree, and return its id."""
    request_id = await submitted(registry, kind, household_id, **body)
    answer = await review(registry, request_id, **(who or {}))
    assert answer.status_code == 200, answer.text
    return request_id


async def moved(registry: Harness, household_id: str, village_code: str) -> None:
    """Move a household, as one county officer asks and another agrees."""
    asked = await submit(registry, "move", household_id, OFFICER, village_code=village_code)
    agreed = await review(registry, asked.json()["id"], **(OFFICER | {"actor": "officer-2"}))
    assert agreed.status_code == 200, agreed.text


async def left_alone(registry: Harness, household_id: str, **body: Any) -> None:
    """Let everybody but the head be found to be none of the household."""
    (head, *_), shown = await ids(registry, household_id), await get(registry, f"/households/{household_id}")
    number = int(shown.json()["file_number"].removeprefix("F-"))
    alone = household(number, members=[member(number * 2, id=head)])
    await changed(registry, "correction", household_id, OFFICER, **(alone | body))


async def undo(registry: Harness, request_id: str, **who: Any) -> httpx.Response:
    """Take a change back as a second clerk unless told otherwise."""
    return await post(registry, f"/change-requests/{request_id}/undo", **(REVIEWER | who))


async def aged(registry: Harness, number: int = 1, on: str = "2016-01-01", **changes: Any) -> str:
    """File a household, wherever in the county, that has been on the register for some months."""
    answer = await post(registry, "/households", json=household(number, on=on, **changes), **OFFICER)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def child(number: int = 900, **changes: Any) -> dict[str, Any]:
    """Return a son born in 1951, as the builders count years."""
    return member(number, relation="20") | changes


def told(facts: list[Envelope]) -> list[tuple[str, int]]:
    """Return kind and sequence of facts."""
    return [(fact.type.split(".")[1], fact.sequence) for fact in facts]


async def counts(registry: Harness, day: str, area: str = COUNTY) -> tuple[int, int]:
    """Return households and people on the register on a day."""
    counted = (await get(registry, f"/statistics?as_of={day}", **(OFFICER | {"area": area}))).json()
    return counted["households"], counted["persons"]
