"""What the service does about facts of the registry and of finance, in whatever order they come."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from chassis.events import decode_envelope
from chassis.ids import new_id
from contracts.events.registry import (
    ExitAssessment,
    HouseholdClosed,
    HouseholdExited,
    HouseholdPreExited,
    HouseholdRegistered,
    HouseholdReturned,
    HouseholdVerified,
    HouseholdWithdrawn,
)
from contracts.events.subsidy import SubsidyDisbursed
from services.subsidy.domain.errors import ClaimUnknown
from tests.kit import Harness
from tests.services.subsidy import builders
from tests.services.subsidy.builders import (
    TODAY,
    VILLAGE,
    approved_claim,
    hear,
    hear_envelopes,
    on_register,
    read,
    rejected,
    settled,
    submit,
)

EXIT_DAY = date(2016, 5, 20)


async def disbursed(harness: Harness) -> list[SubsidyDisbursed]:
    """Return the recorded disbursements."""
    return [
        msgspec.json.decode(fact.data, type=SubsidyDisbursed)
        for fact in await harness.facts()
        if fact.type == SubsidyDisbursed.event_type
    ]


async def test_money_that_arrived_is_published_with_the_standing_of_that_day(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    payment = settled(claim_id, household)

    await hear(subsidy, payment)

    (fact,) = await disbursed(subsidy)
    assert fact == SubsidyDisbursed(
        claim_id=UUID(claim_id),
        household_id=household,
        payment_id=payment.payment_id,
        programme_code=builders.CODE,
        period="2016",
        amount_fen=480_000,
        paid_on=TODAY,
        status_on_payment_date="verified",
        registered_on_payment_date=True,
    )
    shown = await read(subsidy, f"claims/{claim_id}")
    assert (shown["status"], shown["paid_on"], shown["version"]) == ("paid", "2016-06-01", 4)


async def test_a_disbursement_names_the_payment_as_its_cause(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    sender = subsidy.unit()
    event_id = sender.record(settled(claim_id, household), sequence=3, area=VILLAGE)

    await hear_envelopes(subsidy, [decode_envelope(sender.recorded[0].payload)])

    last = (await subsidy.facts())[-1]
    assert (last.causationid, last.sequence) == (str(event_id), 4)


async def test_a_payment_heard_twice_counts_once(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    payment = settled(await approved_claim(subsidy, household), household)

    await hear(subsidy, payment, payment)
    await hear(subsidy, payment)

    assert len(await disbursed(subsidy)) == 1


async def test_a_second_payment_of_one_claim_is_not_hidden(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)

    await hear(subsidy, settled(claim_id, household), settled(claim_id, household))

    assert len(await disbursed(subsidy)) == 2
    assert len((await read(subsidy, "disbursements"))["items"]) == 2


async def test_a_household_that_had_exited_by_then_is_said_to_be_off_the_register(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    await hear(
        subsidy,
        HouseholdExited(household_id=household, exited_on=EXIT_DAY, reason="income-stable"),
        first_sequence=2,
    )

    await hear(subsidy, settled(claim_id, household))

    (fact,) = await disbursed(subsidy)
    assert (fact.status_on_payment_date, fact.registered_on_payment_date) == ("exited", False)


async def test_an_exit_after_the_payment_date_does_not_change_the_standing_of_that_day(
    subsidy: Harness,
) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    exit_after = HouseholdExited(household_id=household, exited_on=date(2016, 6, 2), reason="income-stable")
    await hear(subsidy, exit_after, first_sequence=2)
    subsidy.clock.move_to(date(2016, 6, 3))

    await hear(subsidy, settled(claim_id, household))

    (shown,) = (await read(subsidy, "disbursements"))["items"]
    assert (shown["status_on_payment_date"], shown["status_now"]) == ("verified", "exited")


async def test_what_the_bank_credited_is_what_the_household_has(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)

    await hear(subsidy, settled(claim_id, household, bank_amount_fen=450_000))

    (fact,) = await disbursed(subsidy)
    assert fact.amount_fen == 450_000


async def test_a_payment_of_a_household_not_heard_of_waits_and_is_published_when_it_is(
    subsidy: Harness,
) -> None:
    household, stranger = await on_register(subsidy), new_id()
    claim_id = await approved_claim(subsidy, household)
    await hear(subsidy, settled(claim_id, stranger))
    assert await disbursed(subsidy) == []

    await hear(
        subsidy,
        HouseholdVerified(
            household_id=stranger,
            village_code=VILLAGE,
            persons=3,
            category="general",
            verified_on=date(2016, 2, 1),
        ),
    )

    (fact,) = await disbursed(subsidy)
    assert (fact.household_id, fact.status_on_payment_date) == (stranger, "verified")
    await hear(subsidy, HouseholdExited(household_id=stranger, exited_on=TODAY, reason="x"), first_sequence=2)
    assert len(await disbursed(subsidy)) == 1


async def test_a_payment_for_an_unknown_claim_is_left_to_an_operator(subsidy: Harness) -> None:
    household = await on_register(subsidy)

    with pytest.raises(ClaimUnknown):
        await hear(subsidy, settled(str(new_id()), household))

    assert await disbursed(subsidy) == []


async def test_a_house_payment_is_none_of_ours(subsidy: Harness) -> None:
    household = await on_register(subsidy)

    await hear(subsidy, settled(str(new_id()), household, source_kind="house-stage"))

    assert await disbursed(subsidy) == []


async def test_a_refused_payment_shows_on_its_claim_until_it_is_paid(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)

    await hear(subsidy, rejected(claim_id, household, reason="AC04"))

    shown = await read(subsidy, f"claims/{claim_id}")
    assert (shown["status"], shown["payment_problem"]["reason"]) == ("approved", "AC04")
    await hear(subsidy, settled(claim_id, household))
    assert (await read(subsidy, f"claims/{claim_id}"))["payment_problem"] is None


async def test_a_whole_life_in_one_batch_leaves_the_last_state(subsidy: Harness) -> None:
    household = new_id()
    village: dict[str, Any] = {"village_code": VILLAGE, "persons": 4, "category": "dibao"}

    await hear(
        subsidy,
        HouseholdRegistered(household_id=household, registered_on=date(2016, 1, 6), **village),
        HouseholdVerified(household_id=household, verified_on=date(2016, 1, 25), **village),
        HouseholdExited(household_id=household, exited_on=date(2016, 3, 1), reason="income-stable"),
        HouseholdReturned(household_id=household, returned_on=date(2016, 4, 1), reason="illness"),
    )

    (row,) = await subsidy.sql("SELECT status, sequence, category FROM subsidy.household_copy")
    assert (row["status"], row["sequence"], row["category"]) == ("returned", 4, "dibao")
    assert len(await subsidy.sql("SELECT 1 FROM subsidy.household_standing")) == 4


async def test_a_withdrawn_household_was_never_on_the_register(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    withdrawn = HouseholdWithdrawn(
        household_id=household, withdrawn_on=date(2016, 6, 9), reason="import-undone"
    )
    await hear(subsidy, withdrawn, first_sequence=2)

    await hear(subsidy, settled(claim_id, household))

    (fact,) = await disbursed(subsidy)
    assert (fact.status_on_payment_date, fact.registered_on_payment_date) == ("withdrawn", False)


async def test_a_household_removed_by_a_round_cannot_claim(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    closed = HouseholdClosed(
        household_id=household, closed_on=TODAY, reason="ruled-out", was_on_register=True, persons=4
    )
    await hear(subsidy, closed, first_sequence=2)

    response = await submit(subsidy, household)

    assert (response.status_code, response.json()["code"]) == (409, "household-not-on-register")


async def test_a_household_whose_exit_is_being_noticed_may_still_claim(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    assessment = ExitAssessment(
        visit_id=new_id(),
        rule_pack="national-2014",
        per_capita_income_fen=350_000,
        line_fen=285_500,
        assurances_met=True,
        guarantees_met=True,
        signed=True,
    )
    pre_exited = HouseholdPreExited(household_id=household, pre_exited_on=TODAY, assessment=assessment)
    await hear(subsidy, pre_exited, first_sequence=2)

    response = await submit(subsidy, household)

    assert response.status_code == 201, response.text
