"""Each rule fires on its planted case and only there, and its finding closes when the cause is gone."""

import pytest

from tests.kit import Harness
from tests.services.supervision.builders import (
    OTHER_VILLAGE,
    Family,
    day,
    findings,
    hear,
    hear_envelopes,
    reach,
)


async def test_what_is_in_order_is_left_alone(supervision: Harness) -> None:
    family = Family()
    house = [family.completed(), family.due(), family.subsidy_paid(day(11, 28)), family.moved_in(day(12, 5))]

    await hear(supervision, *family.paid_in_order(), *house)
    await reach(supervision, day(1, 1, 2017))

    assert await findings(supervision) == []
    assert await findings(supervision, "closed") == []


async def test_an_unpaid_claim_is_found_by_the_clock_alone(supervision: Harness) -> None:
    family = Family()
    await reach(supervision, day(3, 23))
    await hear(supervision, family.registered(), family.submitted(), family.accepted(), family.approved())

    await reach(supervision, day(4, 20))
    assert await findings(supervision) == []
    await reach(supervision, day(4, 21))

    assert await findings(supervision) == [("claim-unpaid", f"claim/{family.claim_id}")]


async def test_a_late_payment_closes_the_unpaid_claim_and_says_so(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.submitted(), family.accepted(), family.approved())
    await reach(supervision, day(5, 1))

    (paid,) = await hear(supervision, family.claim_paid(on=day(5, 2)))

    (row,) = await supervision.sql("SELECT * FROM supervision.finding")
    assert row["state"] == "closed"
    assert row["closed_by"] == paid.id
    assert "finance.payment-settled.v1" in row["reason"]
    opened, closed = await supervision.facts()
    assert (opened.type, opened.sequence) == ("supervision.finding-opened.v1", 1)
    assert (closed.type, closed.sequence) == ("supervision.finding-closed.v1", 2)
    assert closed.causationid == str(paid.id)


async def test_a_rejected_claim_need_not_be_paid(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.submitted(), family.accepted(), family.rejected())

    await reach(supervision, day(6, 1))

    assert await findings(supervision) == []


async def test_money_for_a_household_off_the_register_is_found(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, *family.paid_in_order()[:5])
    await hear(supervision, family.exited(day(3, 26)), family.returned(day(5, 25)))
    await hear(supervision, family.claim_paid(on=day(3, 28)))

    assert await findings(supervision) == [("paid-off-register", f"claim/{family.claim_id}")]


async def test_money_for_a_withdrawn_household_is_found(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, *family.paid_in_order(), family.withdrawn(day(6, 1)))

    assert await findings(supervision) == [("paid-off-register", f"claim/{family.claim_id}")]


async def test_money_for_a_household_that_a_round_removed_is_found(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, *family.paid_in_order()[:5], family.closed(day(3, 26)))
    await hear(supervision, family.claim_paid(on=day(3, 28)))

    assert await findings(supervision) == [("paid-off-register", f"claim/{family.claim_id}")]
    (row,) = await supervision.sql("SELECT observed FROM supervision.finding")
    assert row["observed"] == "paid on 2016-03-28, household closed"


async def test_money_for_a_household_whose_exit_was_taken_back_is_in_order(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, *family.paid_in_order()[:5], family.exited(day(3, 24)))
    await hear(supervision, family.stays_after_all(day(3, 26)), family.claim_paid(on=day(3, 28)))

    assert await findings(supervision) == []


async def test_a_household_never_heard_of_is_not_judged_until_the_registry_speaks(
    supervision: Harness,
) -> None:
    family = Family()

    await hear(supervision, family.accepted(), family.claim_paid(on=day(1, 2)))
    assert await findings(supervision) == []
    await hear(supervision, family.registered(day(1, 6)))

    assert await findings(supervision) == [("paid-off-register", f"claim/{family.claim_id}")]


async def test_a_correction_after_payment_makes_the_amounts_differ(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, *family.paid_in_order())

    await hear(supervision, family.corrected(360_000))

    assert await findings(supervision) == [("amounts-differ", f"claim/{family.claim_id}")]
    (row,) = await supervision.sql("SELECT observed FROM supervision.finding")
    assert row["observed"] == "granted 3600.00, payment 4000.00, bank 4000.00"


async def test_a_second_correction_closes_it_and_a_third_is_a_new_finding(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, *family.paid_in_order(), family.corrected(360_000))

    await hear(supervision, family.corrected(400_000))
    await hear(supervision, family.corrected(350_000))

    assert await findings(supervision) == [("amounts-differ", f"claim/{family.claim_id}")]
    assert await findings(supervision, "closed") == [("amounts-differ", f"claim/{family.claim_id}")]


async def test_a_bank_that_credits_another_sum_is_found(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, *family.paid_in_order()[:5], family.claim_paid(bank_fen=399_999))

    assert await findings(supervision) == [("amounts-differ", f"claim/{family.claim_id}")]


async def test_a_house_nobody_moves_into_is_found_after_ninety_days(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.completed(day(5, 10)))

    await reach(supervision, day(8, 8))
    assert await findings(supervision) == []
    await reach(supervision, day(8, 9))
    assert await findings(supervision) == [("house-empty", f"house/{family.house_id}")]
    await hear(supervision, family.moved_in(day(8, 10)))

    assert await findings(supervision) == []
    assert await findings(supervision, "closed") == [("house-empty", f"house/{family.house_id}")]


async def test_a_house_above_the_area_of_its_persons_is_found(supervision: Harness) -> None:
    at_the_cap, above = Family(), Family()

    await hear(supervision, at_the_cap.completed(area="100.00"), above.completed(area="100.01"))

    assert await findings(supervision) == [("house-over-area", f"house/{above.house_id}")]


async def test_an_area_measured_again_at_acceptance_closes_the_finding(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.completed(area="110.00"))

    await hear(supervision, family.house_rejected(area="105.00"))
    (held,) = await supervision.sql("SELECT observed, state FROM supervision.finding")
    (accepted,) = await hear(supervision, family.house_accepted(area="99.00"))

    assert (held["observed"], held["state"]) == ("105.00 m2 for 4 persons", "open")
    (row,) = await supervision.sql("SELECT state, closed_by, reason FROM supervision.finding")
    assert (row["state"], row["closed_by"]) == ("closed", accepted.id)
    assert row["reason"] == "relocation.house-accepted.v1 of 2016-06-01 removed the cause"


@pytest.mark.parametrize("is_accepted", [True, False])
async def test_a_house_first_measured_too_large_at_its_acceptance_is_found(
    supervision: Harness, is_accepted: bool
) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.completed(area="99.00"))
    assert await findings(supervision) == []

    fact = family.house_accepted(area="110.00") if is_accepted else family.house_rejected(area="110.00")
    (measured,) = await hear(supervision, fact)

    assert await findings(supervision) == [("house-over-area", f"house/{family.house_id}")]
    (row,) = await supervision.sql("SELECT observed, evidence FROM supervision.finding")
    assert row["observed"] == "110.00 m2 for 4 persons"
    assert row["evidence"] == [measured.id]


@pytest.mark.parametrize("area", [None, "110.00"])
async def test_an_acceptance_that_measures_nothing_new_leaves_the_finding_as_it_is(
    supervision: Harness, area: str | None
) -> None:
    family = Family()
    _, completed = await hear(supervision, family.registered(), family.completed(area="110.00"))

    await hear(supervision, family.house_accepted(area=area))

    (row,) = await supervision.sql("SELECT state, evidence FROM supervision.finding")
    assert (row["state"], row["evidence"]) == ("open", [completed.id])


async def test_a_stage_corrected_to_a_day_after_its_money_is_found(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.completed(), family.due())
    await hear(supervision, family.subsidy_paid(day(11, 28)))
    assert await findings(supervision) == []

    await hear(supervision, family.redated(day(11, 7), day(12, 1)))

    assert await findings(supervision) == [("subsidy-before-stage", f"house/{family.house_id}")]


async def test_a_photo_in_two_claims_is_found_and_closed_when_one_is_rejected(supervision: Harness) -> None:
    first = Family()
    second = Family(photo=first.photo, village=OTHER_VILLAGE)
    await hear(supervision, first.registered(), first.submitted())
    await hear(supervision, second.submitted(), area=OTHER_VILLAGE)
    assert await findings(supervision) == [("photo-reused", f"photo/{first.photo}")]
    (row,) = await supervision.sql("SELECT area_code, households FROM supervision.finding")
    assert row["area_code"] == "532930000000"
    assert set(row["households"]) == {first.id, second.id}

    await hear(supervision, second.rejected())

    assert await findings(supervision) == []


async def test_the_floor_is_judged_at_year_end_and_only_for_the_registered(supervision: Harness) -> None:
    poor, exited = Family(), Family()
    await hear(supervision, *poor.paid_in_order()[:5], poor.claim_paid(fen=400_000, bank_fen=400_000))
    await hear(supervision, poor.corrected(400_000), exited.registered(), exited.exited(day(12, 31)))
    low = Family()
    await hear(supervision, low.registered(), low.accepted(fen=299_999), low.claim_paid(fen=299_999))

    await reach(supervision, day(12, 31))
    assert await findings(supervision) == []
    await reach(supervision, day(1, 1, 2017))

    assert await findings(supervision) == [("floor-unmet", f"household/{low.id}")]


async def test_the_same_event_heard_twice_counts_once(supervision: Harness) -> None:
    family = Family()
    heard = await hear(supervision, *family.paid_in_order(), family.corrected(360_000))

    await hear_envelopes(supervision, heard)
    await hear_envelopes(supervision, [heard[-1], heard[-1]])

    (row,) = await supervision.sql("SELECT count(*) AS entries FROM supervision.trail")
    assert row["entries"] == len(heard)
    assert len(await supervision.facts()) == 1


async def test_open_findings_follow_a_household_to_its_new_village(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, *family.paid_in_order(), family.corrected(360_000))

    await hear(supervision, family.moved(OTHER_VILLAGE))

    (row,) = await supervision.sql("SELECT area_code FROM supervision.finding")
    assert row["area_code"] == OTHER_VILLAGE


async def test_a_house_not_finished_yet_has_no_area_to_judge(supervision: Harness) -> None:
    family = Family()

    await hear(supervision, family.redated(day(11, 7), day(12, 1)))

    assert await findings(supervision) == []


async def test_an_unannounced_instalment_waits_for_its_house(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.completed(day(12, 1)))
    await hear(supervision, family.subsidy_paid(day(11, 28)))
    assert await findings(supervision) == []

    await hear(supervision, family.due(day(12, 1)))

    assert await findings(supervision) == [("subsidy-before-stage", f"house/{family.house_id}")]


async def test_an_instalment_of_another_sum_than_granted_is_found(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), family.completed(), family.due(fen=1_500_000))

    await hear(supervision, family.subsidy_paid(day(11, 28)), family.moved_in(day(12, 5)))

    assert await findings(supervision) == [("amounts-differ", f"house/{family.house_id}")]
