"""Claims for industrial support: filed by the clerks of nine townships, inspected, approved, corrected."""

import asyncio
from collections import defaultdict
from typing import Any

from cli.demo.bulk import send_all
from cli.demo.people import TOWNSHIP_DIGITS
from cli.demo.world import World
from cli.sample.plan import SampleClaim
from cli.sample.step import CalendarStep

ACCEPTANCES = "/subsidy/v1/acceptances/bulk"
APPROVALS = "/subsidy/v1/approvals/bulk"
UNHEARD = ("household-unknown",)


async def submit_claims(world: World, step: CalendarStep) -> None:
    """File claims, each township's by its own clerk."""
    clerks = await world.people.clerks()

    async def by_clerk(town: str, keys: list[str]) -> None:
        clerk = clerks[town].api
        items = [_claim(world, world.claim[key]) for key in keys]
        results = await send_all(clerk, "/subsidy/v1/claims/bulk", items, again=UNHEARD)
        world.claims |= {key: result["claim_id"] for key, result in zip(keys, results, strict=True)}

    await asyncio.gather(*(by_clerk(*group) for group in _by_town(world, step.refs).items()))


async def inspect_claims(world: World, step: CalendarStep) -> None:
    """Accept what was seen, each township's claims by its own clerk."""
    clerks = await world.people.clerks()

    async def by_clerk(town: str, keys: list[str]) -> None:
        items = [
            {"claim_id": world.claims[key], "accepted_quantity": str(world.claim[key].accepted)}
            for key in keys
        ]
        await send_all(clerks[town].api, ACCEPTANCES, items)

    await asyncio.gather(*(by_clerk(*group) for group in _by_town(world, step.refs).items()))


async def approve_claims(world: World, step: CalendarStep) -> None:
    """Approve accepted claims in the county office."""
    await send_all(world.officer, APPROVALS, [{"claim_id": world.claims[key]} for key in step.refs])


async def correct_claims(world: World, step: CalendarStep) -> None:
    """Lower the quantity of paid claims after a second inspection."""
    for key in step.refs:
        await world.officer.post(
            f"/subsidy/v1/claims/{world.claims[key]}/corrections",
            {"accepted_quantity": str(world.claim[key].corrected), "reason": "counted-again"},
        )


def _by_town(world: World, keys: tuple[str, ...]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        village = world.household[world.claim[key].file_number].village_code
        groups[village[:TOWNSHIP_DIGITS]].append(key)
    return groups


def _claim(world: World, claim: SampleClaim) -> dict[str, Any]:
    return {
        "household_id": world.households[claim.file_number],
        "programme_code": claim.programme,
        "item": claim.item,
        "unit": claim.unit,
        "declared_quantity": str(claim.declared),
        "evidence": [
            {
                "photo_sha256": claim.photo_sha256,
                "taken_at": claim.taken_at.isoformat(),
                "latitude": claim.latitude,
                "longitude": claim.longitude,
            }
        ],
    }
