"""Facts, requests and a running service for the subsidy tests."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from chassis.auth import Principal
from chassis.events import Envelope, Fact, decode_envelope
from chassis.ids import new_id
from chassis.service import raw
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from contracts.events.finance import PaymentRejected, PaymentSettled, PaymentWithdrawn
from contracts.events.registry import HouseholdVerified
from tests.kit import Harness

COUNTY = "532930"
TOWNSHIP = "532930100"
VILLAGE = "532930100201"
OTHER_TOWNSHIP = "532930101"
OTHER_VILLAGE = "532930101205"
TODAY = date(2016, 6, 1)
CODE = "industry-planting"
CLERK, INSPECTOR, OFFICER = "clerk-1", "inspector-1", "officer-1"


def photo(number: int = 1) -> dict[str, Any]:
    """Return a photo of evidence as it is sent."""
    return {
        "photo_sha256": f"{number:064x}",
        "taken_at": "2016-05-30T09:30:00+08:00",
        "latitude": 26.11,
        "longitude": 99.95,
    }


def programme(**changes: Any) -> dict[str, Any]:
    """Return a programme request: 600.00 a mu, floor 3,000.00."""
    return {
        "code": CODE,
        "kind": "industry",
        "unit": "mu",
        "rate": {"amount": "600.00"},
        "floor": {"amount": "3000.00"},
        "effective_from": "2016-01-01",
        "effective_to": "2016-12-31",
        "basis_document": "sample document 1",
    } | changes


def claim(household: UUID, **changes: Any) -> dict[str, Any]:
    """Return a claim request of 10 mu."""
    return {
        "household_id": str(household),
        "programme_code": CODE,
        "item": "山菠菜",
        "unit": "mu",
        "declared_quantity": "10.00",
        "evidence": [photo()],
    } | changes


async def hear(harness: Harness, *facts: Fact, area: str = VILLAGE, first_sequence: int = 1) -> None:
    """Let the service hear facts as one batch, in one transaction, as its consumer does."""
    sender = harness.unit()
    for number, fact in enumerate(facts):
        sender.record(fact, sequence=first_sequence + number, area=area)
    await hear_envelopes(harness, [decode_envelope(row.payload) for row in sender.recorded])


async def hear_envelopes(harness: Harness, envelopes: Sequence[Envelope]) -> None:
    """Let the service hear a batch of envelopes."""
    principal = Principal(actor_id="consumer", roles=frozenset({roles.SERVICE}), area="")
    unit = UnitOfWork(harness.runtime, principal)
    consume = harness.service.batch_consumer
    assert consume is not None
    async with unit:
        await consume([raw(envelope) for envelope in envelopes], unit)


async def on_register(
    harness: Harness, *, since: date = date(2016, 1, 25), area: str = VILLAGE, persons: int = 4
) -> UUID:
    """Return a household that the service has heard to be verified."""
    household = new_id()
    await hear(
        harness,
        HouseholdVerified(
            household_id=household, village_code=area, persons=persons, category="general", verified_on=since
        ),
        area=area,
    )
    return household


async def publish(harness: Harness, **changes: Any) -> httpx.Response:
    """Publish a programme as a county officer."""
    return await harness.call(
        "POST",
        "/subsidy/v1/programmes",
        roles=[roles.OFFICER],
        area=COUNTY,
        actor=OFFICER,
        json=programme(**changes),
    )


async def submit(
    harness: Harness, household: UUID, *, area: str = TOWNSHIP, **changes: Any
) -> httpx.Response:
    """File a claim as a township's clerk."""
    return await harness.call(
        "POST",
        "/subsidy/v1/claims",
        roles=[roles.CLERK],
        area=area,
        actor=CLERK,
        json=claim(household, **changes),
    )


async def accept(
    harness: Harness, claim_id: str, quantity: str = "8.00", *, actor: str = INSPECTOR, area: str = TOWNSHIP
) -> httpx.Response:
    """Accept a claim as an inspector of the township."""
    return await harness.call(
        "POST",
        f"/subsidy/v1/claims/{claim_id}/acceptances",
        roles=[roles.CLERK],
        area=area,
        actor=actor,
        json={"accepted_quantity": quantity},
    )


async def approve(
    harness: Harness, claim_id: str, *, actor: str = OFFICER, role: str = roles.OFFICER
) -> httpx.Response:
    """Approve a claim as a county officer."""
    return await harness.call(
        "POST", f"/subsidy/v1/claims/{claim_id}/approvals", roles=[role], area=COUNTY, actor=actor
    )


async def approved_claim(harness: Harness, household: UUID, quantity: str = "8.00", **changes: Any) -> str:
    """Return the id of a claim that went through submission, acceptance and approval."""
    claim_id = str((await submit(harness, household, **changes)).json()["id"])
    assert (await accept(harness, claim_id, quantity)).status_code == 200
    assert (await approve(harness, claim_id)).status_code == 200
    return claim_id


def settled(claim_id: str, household: UUID, *, fen: int = 480_000, **changes: Any) -> PaymentSettled:
    """Return the fact that a claim's payment arrived."""
    fields: dict[str, Any] = {
        "payment_id": new_id(),
        "batch_id": new_id(),
        "source_kind": "claim",
        "source_id": UUID(claim_id),
        "household_id": household,
        "programme_code": CODE,
        "period": "2016",
        "amount_fen": fen,
        "bank_amount_fen": fen,
        "paid_on": TODAY,
        "attempt": 1,
    }
    return PaymentSettled(**(fields | changes))


def rejected(claim_id: str, household: UUID, *, reason: str = "AC04") -> PaymentRejected:
    """Return the fact that the bank refused a claim's payment."""
    return PaymentRejected(
        payment_id=new_id(),
        batch_id=new_id(),
        source_kind="claim",
        source_id=UUID(claim_id),
        household_id=household,
        amount_fen=480_000,
        reason=reason,
        rejected_on=TODAY,
        attempt=1,
    )


def withdrawn(claim_id: str, household: UUID, *, reason: str = "claim-mistaken") -> PaymentWithdrawn:
    """Return the fact that the county took a claim's payment back."""
    return PaymentWithdrawn(
        payment_id=new_id(),
        source_kind="claim",
        source_id=UUID(claim_id),
        household_id=household,
        amount_fen=480_000,
        reason=reason,
        withdrawn_on=TODAY,
        attempt=1,
    )


async def read(harness: Harness, path: str, **request: Any) -> Any:
    """Return what a county officer reads under a path."""
    response = await harness.call(
        "GET", f"/subsidy/v1/{path}", roles=[roles.OFFICER], area=COUNTY, actor=OFFICER, **request
    )
    assert response.status_code == 200, response.text
    return response.json()
