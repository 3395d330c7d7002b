"""Requests, facts and prepared houses for the relocation tests."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from chassis.ids import new_id
from contracts import roles
from contracts.events.registry import HouseholdVerified
from tests.kit import Harness

COUNTY = "532930"
TOWNSHIP = "532930101"
VILLAGE = "532930101201"
OTHER_TOWNSHIP = "532930102"
OTHER_VILLAGE = "532930102201"

AREA_CAP = {"kind": "area-cap", "value": {"m2_per_person": "25.00"}}
STANDARD = {
    "kind": "infrastructure-standard",
    "value": {"centralized": {"amount": "200000.00"}, "interspersed": {"amount": "100000.00"}},
}
HOUSING = {
    "kind": "housing-subsidy",
    "value": {
        "programme_code": "housing-subsidy",
        "instalments": [{"stage": "completed", "amount": {"amount": "20000.00"}}],
    },
}
CHECKS = {
    "kitchen_inside": True,
    "bathroom_inside": True,
    "animals_separate": True,
    "structure_safe": True,
    "water": True,
    "power": True,
}


def rule(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a rule request in force in 2016."""
    period = {"effective_from": "2016-01-01", "effective_to": "2016-12-31"}
    return body | period | {"basis_document": "sample document 1"} | changes


async def officer(harness: Harness, path: str, json: Any, *, area: str = COUNTY) -> httpx.Response:
    """Post as a county officer."""
    return await harness.call(
        "POST", f"/relocation/v1{path}", roles=[roles.OFFICER], area=area, actor="officer-1", json=json
    )


async def clerk(harness: Harness, path: str, json: Any, *, area: str = TOWNSHIP) -> httpx.Response:
    """Post as a township's clerk."""
    return await harness.call(
        "POST", f"/relocation/v1{path}", roles=[roles.CLERK], area=area, actor="clerk-1", json=json
    )


async def read(
    harness: Harness, path: str, *, area: str = COUNTY, role: str = roles.AUDITOR
) -> httpx.Response:
    """Get as an auditor."""
    return await harness.call("GET", f"/relocation/v1{path}", roles=[role], area=area)


async def lay_down_rules(harness: Harness) -> None:
    """Publish the three rules of 2016."""
    for body in (AREA_CAP, STANDARD, HOUSING):
        response = await officer(harness, "/rules", rule(body))
        assert response.status_code == 201, response.text


def site(**changes: Any) -> dict[str, Any]:
    """Return a site request."""
    return {
        "name": "样点集中01",
        "kind": "centralized",
        "area_code": VILLAGE,
        "planned_households": 50,
        "planned_persons": 200,
    } | changes


async def registered_site(harness: Harness, *, on: date = date(2016, 2, 16), **changes: Any) -> str:
    """Register a site and return its id."""
    today = harness.clock.today()
    harness.clock.move_to(on)
    response = await officer(harness, "/sites", site(**changes))
    harness.clock.move_to(today)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def on_register(harness: Harness, *, area: str = VILLAGE, persons: int = 4) -> UUID:
    """Return a household that the service has heard to be verified."""
    household = new_id()
    fact = HouseholdVerified(
        household_id=household,
        village_code=area,
        persons=persons,
        category="general",
        verified_on=date(2016, 1, 25),
    )
    await harness.hear(fact, sequence=2, area=area)
    return household


def allocation(household: UUID | str, site_id: str, **changes: Any) -> dict[str, Any]:
    """Return an allocation request of 96.50 m2 for four persons."""
    return {
        "household_id": str(household),
        "site_id": site_id,
        "floor_area_m2": "96.50",
        "on": "2016-02-18",
    } | changes


async def allocated(harness: Harness, site_id: str | None = None, *, persons: int = 4) -> dict[str, Any]:
    """Return a house just allocated."""
    site_id = site_id or await registered_site(harness)
    household = await on_register(harness, persons=persons)
    response = await clerk(harness, "/allocations", allocation(household, site_id))
    assert response.status_code == 201, response.text
    return dict(response.json())


STAGES = (
    {"stage": "started", "on": "2016-04-11"},
    {"stage": "topped-out", "on": "2016-08-15"},
    {"stage": "completed", "on": "2016-11-07", "floor_area_m2": "97.00"},
)


async def advance(harness: Harness, house: dict[str, Any], *steps: dict[str, Any]) -> dict[str, Any]:
    """Take a house through stages and return it."""
    for step in steps:
        response = await clerk(harness, f"/houses/{house['id']}/stages", step)
        assert response.status_code == 200, response.text
        house = dict(response.json())
    return house


async def completed(
    harness: Harness, site_id: str | None = None, *, area_m2: str = "97.00", persons: int = 4
) -> dict[str, Any]:
    """Return a completed house."""
    house = await allocated(harness, site_id, persons=persons)
    return await advance(harness, house, *STAGES[:2], {**STAGES[2], "floor_area_m2": area_m2})


async def accept(harness: Harness, house: dict[str, Any], **changes: Any) -> httpx.Response:
    """Inspect a house as an officer."""
    body = CHECKS | {"on": "2016-11-21"} | changes
    return await officer(harness, f"/houses/{house['id']}/acceptances", body)


async def types_of(harness: Harness) -> list[str]:
    """Return the types of the recorded facts in order."""
    return [fact.type for fact in await harness.facts()]


def problem(response: httpx.Response) -> tuple[int, str, Sequence[str]]:
    """Return status, code and pointers of a problem."""
    body = response.json()
    return response.status_code, body["code"], [error["pointer"] for error in body.get("errors", [])]
