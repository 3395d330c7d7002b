"""Bulk requests: a result for each item, all or nothing on demand, a thousand in one."""

import httpx

from chassis.ids import new_id
from contracts import roles
from contracts.events.registry import HouseholdVerified
from tests.kit import Harness
from tests.services.subsidy import builders
from tests.services.subsidy.builders import COUNTY, INSPECTOR, OFFICER, TOWNSHIP, VILLAGE, hear, on_register


async def bulk(
    harness: Harness, path: str, items: list[dict[str, object]], *, atomic: bool = False
) -> httpx.Response:
    """Send a bulk request as the one who may, and return the response."""
    role, area, actor = {
        "claims": (roles.CLERK, TOWNSHIP, "clerk-1"),
        "acceptances": (roles.CLERK, TOWNSHIP, INSPECTOR),
        "approvals": (roles.OFFICER, COUNTY, OFFICER),
    }[path]
    return await harness.call(
        "POST",
        f"/subsidy/v1/{path}/bulk",
        roles=[role],
        area=area,
        actor=actor,
        json={"atomic": atomic, "items": items},
    )


async def test_one_refused_item_leaves_the_others_filed(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    items = [
        builders.claim(household) | {"reference_id": "a"},
        builders.claim(new_id()) | {"reference_id": "b"},
    ]

    result = (await bulk(subsidy, "claims", items)).json()

    assert (result["done"], result["refused"]) == (1, 1)
    good, bad = result["results"]
    assert (good["index"], good["reference_id"], good["outcome"], good["version"]) == (0, "a", "done", 1)
    assert (bad["reference_id"], bad["code"], bad["pointer"]) == (
        "b",
        "household-unknown",
        "/items/1/household_id",
    )
    assert len((await subsidy.facts())[1:]) == 1


async def test_all_or_nothing_files_nothing_when_one_is_refused(subsidy: Harness) -> None:
    household = await on_register(subsidy)

    response = await bulk(
        subsidy, "claims", [builders.claim(household), builders.claim(new_id())], atomic=True
    )

    assert (response.status_code, response.json()["code"]) == (422, "bulk-refused")
    assert response.json()["errors"][0]["pointer"] == "/items/1/household_id"
    assert await subsidy.sql("SELECT 1 FROM subsidy.claim") == []
    assert (await subsidy.facts())[1:] == []


async def test_a_claim_decided_twice_in_one_request_is_decided_once(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    filed = (await bulk(subsidy, "claims", [builders.claim(household)])).json()
    item = {"claim_id": filed["results"][0]["claim_id"], "accepted_quantity": "5.00"}

    result = (await bulk(subsidy, "acceptances", [item, item])).json()

    assert [each["outcome"] for each in result["results"]] == ["done", "refused"]
    assert result["results"][1]["code"] == "claim-already-decided"


async def test_an_empty_or_oversized_bulk_is_refused(subsidy: Harness) -> None:
    item: dict[str, object] = {"claim_id": str(new_id())}

    assert (await bulk(subsidy, "approvals", [])).status_code == 422
    assert (await bulk(subsidy, "approvals", [item] * 1001)).status_code == 422


async def test_a_thousand_claims_go_through_in_one_request_a_step(subsidy: Harness) -> None:
    households = [new_id() for _ in range(1000)]
    verified = [
        HouseholdVerified(
            household_id=household,
            village_code=VILLAGE,
            persons=3,
            category="general",
            verified_on=builders.TODAY,
        )
        for household in households
    ]

    await hear(subsidy, *verified)
    filed = (await bulk(subsidy, "claims", [builders.claim(household) for household in households])).json()
    ids = [each["claim_id"] for each in filed["results"]]
    accepted = (
        await bulk(subsidy, "acceptances", [{"claim_id": i, "accepted_quantity": "6.00"} for i in ids])
    ).json()
    approved = (await bulk(subsidy, "approvals", [{"claim_id": i} for i in ids])).json()
    await hear(
        subsidy,
        *(builders.settled(i, household, fen=360_000) for i, household in zip(ids, households, strict=True)),
    )

    assert (filed["done"], accepted["done"], approved["done"]) == (1000, 1000, 1000)
    figures = await builders.read(subsidy, "statistics")
    assert figures["recipients"]["amount"]["amount"] == "3600000.00"
    assert figures["floor"] == {
        "floor": {"amount": "3000.00", "currency": "CNY"},
        "households_on_register": 1000,
        "met": 1000,
        "unmet": 0,
    }
