"""The housing subsidy: asked of finance once, shown as paid when the bank says so."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from chassis.ids import new_id
from contracts.events.finance import PaymentRejected, PaymentSettled, PaymentWithdrawn
from services.relocation.domain.errors import DueUnknown
from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import (
    HOUSING,
    allocated,
    clerk,
    completed,
    officer,
    problem,
    read,
    registered_site,
    rule,
    types_of,
)


async def ask(harness: Harness, house: dict[str, Any], stage: str = "completed") -> Any:
    """Ask for an instalment as an officer."""
    return await officer(harness, "/subsidy-requests", {"house_id": house["id"], "stage": stage})


def settled(house: dict[str, Any], due_id: str, **changes: Any) -> PaymentSettled:
    """Return the bank's report that an instalment was credited."""
    fields: dict[str, Any] = {
        "payment_id": new_id(),
        "batch_id": new_id(),
        "source_kind": "house-stage",
        "source_id": UUID(due_id),
        "household_id": UUID(house["household_id"]),
        "programme_code": "housing-subsidy",
        "period": "2016",
        "amount_fen": 2_000_000,
        "bank_amount_fen": 2_000_000,
        "paid_on": date(2016, 11, 28),
        "attempt": 1,
    }
    return PaymentSettled(**(fields | changes))


def rejected(house: dict[str, Any], due_id: str, **changes: Any) -> PaymentRejected:
    """Return the bank's report that an instalment was sent back."""
    fields: dict[str, Any] = {
        "payment_id": new_id(),
        "batch_id": new_id(),
        "source_kind": "house-stage",
        "source_id": UUID(due_id),
        "household_id": UUID(house["household_id"]),
        "amount_fen": 2_000_000,
        "reason": "AC04",
        "rejected_on": date(2016, 11, 27),
        "attempt": 1,
    }
    return PaymentRejected(**(fields | changes))


async def instalment(harness: Harness, house: dict[str, Any]) -> dict[str, Any]:
    """Return the one instalment of a house as it is read."""
    (found,) = (await read(harness, f"/houses/{house['id']}")).json()["subsidies"]
    return dict(found)


async def test_the_instalment_of_a_reached_stage_falls_due(relocation: Harness) -> None:
    house = await completed(relocation)

    response = await ask(relocation, house)

    assert response.status_code == 200
    fact = (await relocation.facts())[-1]
    assert (fact.type, fact.sequence) == ("relocation.housing-subsidy-due.v1", 5)
    assert msgspec.json.decode(fact.data) == {
        "due_id": response.json()["due_id"],
        "house_id": house["id"],
        "household_id": house["household_id"],
        "programme_code": "housing-subsidy",
        "period": "2016",
        "stage": "completed",
        "stage_on": "2016-11-07",
        "amount_fen": 2_000_000,
        "due_on": "2016-12-01",
    }
    assert (await instalment(relocation, house))["state"] == "due"


async def test_an_instalment_is_asked_for_once_for_ever(relocation: Harness) -> None:
    house = await completed(relocation)
    await ask(relocation, house)

    response = await ask(relocation, house)

    assert problem(response) == (409, "subsidy-already-requested", ["/stage"])


async def test_ten_requests_at_once_ask_once(relocation: Harness) -> None:
    house = await completed(relocation)

    answers = await asyncio.gather(*(ask(relocation, house) for _ in range(10)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert (await types_of(relocation)).count("relocation.housing-subsidy-due.v1") == 1


async def test_a_stage_not_reached_pays_nothing(relocation: Harness) -> None:
    house = await allocated(relocation)

    response = await ask(relocation, house)

    assert problem(response) == (409, "stage-not-reached", ["/stage"])


async def test_a_stage_without_instalment_pays_nothing(relocation: Harness) -> None:
    house = await completed(relocation)

    response = await ask(relocation, house, "started")

    assert problem(response) == (409, "instalment-not-set", ["/stage"])


async def test_without_a_programme_in_force_nothing_falls_due(bare: Harness) -> None:
    await officer(bare, "/rules", rule(builders.AREA_CAP))
    await officer(bare, "/rules", rule(builders.STANDARD))
    await officer(bare, "/rules", rule(HOUSING, effective_from="2016-11-08"))
    house = await completed(bare)

    response = await ask(bare, house)

    assert problem(response)[:2] == (409, "rule-not-in-force")


async def test_an_instalment_can_be_set_for_each_person(bare: Harness) -> None:
    await officer(bare, "/rules", rule(builders.AREA_CAP))
    await officer(bare, "/rules", rule(builders.STANDARD))
    value = {
        "programme_code": "relocation-cash",
        "unit": "person",
        "instalments": [{"stage": "allocated", "amount": {"amount": "6000.00"}}],
    }
    await officer(bare, "/rules", rule(HOUSING, value=value))
    house = await allocated(bare, persons=4)

    await ask(bare, house, "allocated")

    found = await instalment(bare, house)
    assert (found["amount"]["amount"], found["programme_code"]) == ("24000.00", "relocation-cash")


async def test_a_stage_has_one_instalment(bare: Harness) -> None:
    each = {"stage": "completed", "amount": {"amount": "1.00"}}
    value = {"programme_code": "housing-subsidy", "instalments": [each, each]}

    response = await officer(bare, "/rules", rule(HOUSING, value=value))

    assert problem(response)[:2] == (422, "invalid-request")


async def test_a_clerk_cannot_ask_for_a_subsidy(relocation: Harness) -> None:
    house = await completed(relocation)

    response = await clerk(relocation, "/subsidy-requests", {"house_id": house["id"], "stage": "completed"})

    assert problem(response)[:2] == (403, "forbidden")


async def test_a_correction_after_the_request_keeps_the_day_it_was_asked_for(relocation: Harness) -> None:
    house = await completed(relocation)
    await ask(relocation, house)
    body = {"stage": "completed", "on": "2016-12-01", "reason": "date-misread"}

    await clerk(relocation, f"/houses/{house['id']}/stage-corrections", body)

    assert (await instalment(relocation, house))["stage_on"] == "2016-11-07"


async def test_a_settled_payment_shows_as_paid(relocation: Harness) -> None:
    house = await completed(relocation)
    due_id = (await ask(relocation, house)).json()["due_id"]

    await relocation.hear(settled(house, due_id))

    found = await instalment(relocation, house)
    assert (found["state"], found["paid"]["amount"], found["settled_on"]) == (
        "paid",
        "20000.00",
        "2016-11-28",
    )


async def test_a_rejected_payment_shows_its_reason_until_it_is_paid(relocation: Harness) -> None:
    house = await completed(relocation)
    due_id = (await ask(relocation, house)).json()["due_id"]
    await relocation.hear(rejected(house, due_id))
    sent_back = await instalment(relocation, house)

    await relocation.hear(settled(house, due_id, paid_on=date(2016, 12, 1)))

    paid = await instalment(relocation, house)
    assert (sent_back["state"], sent_back["rejection_reason"]) == ("rejected", "AC04")
    assert (paid["state"], paid["rejection_reason"]) == ("paid", None)


async def test_reports_heard_twice_or_in_another_order_come_to_the_same(relocation: Harness) -> None:
    house = await completed(relocation)
    due_id = (await ask(relocation, house)).json()["due_id"]
    payment = settled(house, due_id)

    for fact in (payment, rejected(house, due_id), payment):
        await relocation.hear(fact)

    found = await instalment(relocation, house)
    assert (found["state"], found["paid"]["amount"]) == ("paid", "20000.00")


async def test_payments_of_claims_are_none_of_its_business(relocation: Harness) -> None:
    site = await registered_site(relocation)
    house = await allocated(relocation, site)

    await relocation.hear(settled(house, str(new_id()), source_kind="claim"))
    await relocation.hear(rejected(house, str(new_id()), source_kind="claim"))

    assert await relocation.sql("SELECT 1 FROM relocation.subsidy_payment") == []


async def test_a_payment_for_an_instalment_nobody_asked_for_is_not_swallowed(relocation: Harness) -> None:
    house = await allocated(relocation)

    with pytest.raises(DueUnknown):
        await relocation.hear(settled(house, str(new_id())))


async def test_an_instalment_that_was_taken_back_says_why_and_is_not_asked_for_again(
    relocation: Harness,
) -> None:
    house = await completed(relocation)
    due_id = (await ask(relocation, house)).json()["due_id"]
    refused = rejected(house, due_id)

    await relocation.hear(refused)
    await relocation.hear(
        PaymentWithdrawn(
            payment_id=new_id(),
            source_kind="house-stage",
            source_id=UUID(due_id),
            household_id=UUID(house["household_id"]),
            amount_fen=2_000_000,
            reason="house-given-up",
            withdrawn_on=date(2016, 11, 28),
            attempt=2,
        )
    )

    found = await instalment(relocation, house)
    assert (found["state"], found["withdrawal_reason"]) == ("withdrawn", "house-given-up")
    assert problem(await ask(relocation, house)) == (409, "subsidy-already-requested", ["/stage"])
