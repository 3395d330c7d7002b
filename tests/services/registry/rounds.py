"""Rounds and visits for the registry's tests, over HTTP."""

from datetime import date
from typing import Any

import httpx

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, VILLAGE, get, post

OFFICER = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"}
COMMITTEE = {"roles": [roles.VILLAGE_COMMITTEE], "area": VILLAGE, "actor": "committee-1"}


async def opened(registry: Harness, **changes: Any) -> dict[str, Any]:
    """Open a round as the county's officer."""
    answer = await open_round(registry, **changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def open_round(registry: Harness, **changes: Any) -> httpx.Response:
    """Ask to open a round over the county."""
    who = {name: changes.pop(name) for name in ("roles", "area", "actor") if name in changes}
    body = {"scope": COUNTY, "kind": "look-back"} | changes
    return await post(registry, "/rounds", json=body, **(OFFICER | who))


async def entries(registry: Harness, round_id: str, **query: str) -> list[dict[str, Any]]:
    """Return the entries of a round as the county's officer sees them."""
    answer = await get(registry, f"/rounds/{round_id}/entries", params=query, **OFFICER)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def propose(registry: Harness, round_id: str, *items: dict[str, Any], **more: Any) -> httpx.Response:
    """Change proposals as the county's officer unless told otherwise."""
    body = {"items": list(items), "atomic": more.pop("atomic", False)}
    return await post(registry, f"/rounds/{round_id}/proposals/bulk", json=body, **(OFFICER | more))


def photo(number: int = 1) -> str:
    """Return the hash of a photo that nobody took."""
    return f"{number:064x}"


def checks(**changes: Any) -> dict[str, Any]:
    """Return all five checks of a household of two with 1,500 yuan a head."""
    return {
        "income": {
            "wage_income": "2000.00",
            "business_income": "1500.00",
            "transfer_income": "500.00",
            "property_income": "0.00",
            "production_cost": "1000.00",
            "net_income": "3000.00",
        }
        | seen("stable"),
        "housing": {"area_m2": "80.5", "structure": "earth-wood", "safety": "C", "built_year": 1985}
        | seen("leaking-roof"),
        "property": {"items": []} | seen("none"),
        "family": {"labour": 1, "dependants": 1, "students": 0, "dropouts": 0} | seen("one-worker"),
        "production": {
            "land_mu": "3.25",
            "livestock": 2,
            "poultry": 10,
            "has_water": True,
            "has_power": True,
            "has_road": False,
        }
        | seen("no-road"),
    } | changes


def seen(finding: str) -> dict[str, str]:
    """Return a check's finding with its evidence."""
    return {"finding": finding, "evidence_sha256": photo(9)}


def visit(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a visit with all five checks complete."""
    return {
        "visited_on": "2016-06-01",
        "members": ["W-001", "W-002"],
        "latitude": 26.111,
        "longitude": 99.951,
        "photos": [photo(number)],
        "signature_sha256": photo(8),
        "cause": "01",
        "checks": checks(),
        "assurances_met": ["food", "clothing"],
        "guarantees_met": ["education", "medical", "housing"],
    } | changes


async def visited(registry: Harness, household_id: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """Record a visit as the township's clerk and return its summary."""
    body = visit(number, **changes)
    answer = await post(registry, f"/households/{household_id}/visits", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def entry_of(registry: Harness, round_id: str, household_id: str) -> dict[str, Any]:
    """Return a household's entry."""
    found = {entry["household_id"]: entry for entry in await entries(registry, round_id)}
    return found[household_id]


async def decide(registry: Harness, round_id: str, household_id: str, outcome: str = "effective") -> None:
    """Let an entry stand as if the procedure had decided it."""
    await registry.sql(
        "UPDATE registry.round_entry SET outcome = $3 WHERE round_id = $1::uuid AND household_id = $2::uuid",
        *(round_id, household_id, outcome),
    )


async def stand(
    registry: Harness, household_id: str, status: str, reason: str | None = None, *, on: str | None = None
) -> None:
    """Let a household stand as if a decision had taken effect on a day, today if absent."""
    day = date.fromisoformat(on) if on else registry.clock.today()
    await registry.sql(
        "WITH h AS (UPDATE registry.household SET status = $2, status_since = $4, version = version + 1 "
        "WHERE id = $1::uuid RETURNING id, area_code, version) INSERT INTO registry.household_standing "
        "SELECT id, version, area_code, $2, $4, $3, 'officer-1', NULL, now() FROM h",
        *(household_id, status, reason, day),
    )


async def close_round(
    registry: Harness, round_id: str, *, end_additions: bool = False, **who: Any
) -> httpx.Response:
    """Sign a round off as another officer than opened it."""
    body = {"end_additions": end_additions}
    who = OFFICER | {"actor": "officer-2"} | who
    return await post(registry, f"/rounds/{round_id}/closures", json=body, **who)


async def shown(registry: Harness, round_id: str, **who: Any) -> dict[str, Any]:
    """Return a round."""
    answer = await get(registry, f"/rounds/{round_id}", **(OFFICER | who))
    found: dict[str, Any] = answer.json()
    return found
