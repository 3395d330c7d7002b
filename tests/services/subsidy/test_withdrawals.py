"""A claim whose payment the county took back is rejected, and may be filed anew as it should have been."""

import msgspec

from contracts.events.finance import PaymentWithdrawn
from contracts.events.subsidy import ClaimRejected
from tests.kit import Harness
from tests.services.subsidy.builders import TODAY, approved_claim, hear, on_register, read, submit, withdrawn


async def test_a_claim_whose_payment_was_taken_back_is_rejected_with_its_reason(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)

    await hear(subsidy, withdrawn(claim_id, household))

    shown = await read(subsidy, f"claims/{claim_id}")
    assert (shown["status"], shown["reason"], shown["rejected_on"]) == (
        "rejected",
        "claim-mistaken",
        TODAY.isoformat(),
    )
    assert [each["status"] for each in shown["history"]] == ["submitted", "accepted", "approved", "rejected"]
    fact = (await subsidy.facts())[-1]
    told = msgspec.json.decode(fact.data, type=ClaimRejected)
    assert (fact.type, fact.sequence) == (ClaimRejected.event_type, 4)
    assert (str(told.claim_id), told.reason) == (claim_id, "claim-mistaken")


async def test_a_withdrawal_heard_again_rejects_once(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    fact = withdrawn(claim_id, household)

    await hear(subsidy, fact, fact)
    await hear(subsidy, fact)

    assert (await read(subsidy, f"claims/{claim_id}"))["version"] == 4


async def test_what_was_taken_back_is_claimed_anew(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    await hear(subsidy, withdrawn(await approved_claim(subsidy, household), household))

    again = await submit(subsidy, household)

    assert again.status_code == 201


async def test_a_house_whose_payment_was_taken_back_is_none_of_its_business(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    other = msgspec.structs.replace(withdrawn(claim_id, household), source_kind="house-stage")

    await hear(subsidy, other)

    assert isinstance(other, PaymentWithdrawn)
    assert (await read(subsidy, f"claims/{claim_id}"))["status"] == "approved"
