"""Decisions about claims, one by one and as a state machine."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.errors import Refusal
from services.subsidy.domain import claim as domain
from services.subsidy.domain.claim import (
    ACCEPTED,
    APPROVED,
    PAID,
    REJECTED,
    SUBMITTED,
    Applicant,
    Claim,
    Declaration,
    Payment,
)
from services.subsidy.domain.errors import (
    ClaimAlreadyDecided,
    ClaimNotInspected,
    HouseholdNotOnRegister,
    InspectorMayNotApprove,
    NothingToCorrect,
    ProgrammeNotInForce,
    UnitNotOfProgramme,
)
from tests.services.subsidy.domain.test_programme import edition
from tests.services.subsidy.domain.test_rules import photo

TODAY = date(2016, 6, 1)
PROGRAMME = edition(date(2016, 1, 1), date(2016, 12, 31))
INSPECTOR, OFFICER = "inspector", "officer"


def declaration(*, unit: str = "mu") -> Declaration:
    """Return a declaration of ten units."""
    return Declaration(
        programme_code=PROGRAMME.code,
        item="山菠菜",
        unit=unit,
        quantity=Decimal("10.00"),
        evidence=(photo(),),
    )


def submitted(*, status: str = "verified", on: date = TODAY, unit: str = "mu") -> Claim:
    """Return a freshly submitted claim."""
    applicant = Applicant(household_id=UUID(int=7), area_code="532930100201", status=status)
    claim, _ = domain.submit(
        declaration(unit=unit), applicant, [PROGRAMME], claim_id=uuid4(), by="clerk", on=on
    )
    return claim


def accepted() -> Claim:
    """Return a claim accepted with eight units."""
    claim, _ = domain.accept(submitted(), Decimal("8.00"), PROGRAMME, by=INSPECTOR, on=TODAY)
    return claim


def approved() -> Claim:
    """Return an approved claim."""
    claim, _ = domain.approve(accepted(), by=OFFICER, on=TODAY)
    return claim


def test_only_a_household_on_the_register_may_claim() -> None:
    for status in ("registered", "verified", "returned"):
        assert submitted(status=status).status == SUBMITTED
    for status in ("candidate", "exited", "withdrawn", "unknown"):
        with pytest.raises(HouseholdNotOnRegister):
            submitted(status=status)


def test_a_claim_needs_an_edition_in_force() -> None:
    with pytest.raises(ProgrammeNotInForce):
        submitted(on=date(2017, 1, 1))


def test_another_unit_than_the_programmes_is_refused() -> None:
    with pytest.raises(UnitNotOfProgramme):
        submitted(unit="head")


def test_an_acceptance_sets_quantity_amount_and_inspector() -> None:
    claim, fact = domain.accept(submitted(), Decimal("8.00"), PROGRAMME, by=INSPECTOR, on=TODAY)

    assert (claim.status, claim.version, claim.amount_fen) == (ACCEPTED, 2, 480_000)
    assert (fact.accepted_quantity, fact.amount_fen, fact.inspector_id) == ("8.00", 480_000, INSPECTOR)


def test_the_cap_of_the_programme_limits_the_amount() -> None:
    claim, _ = domain.accept(
        submitted(), Decimal("8.00"), replace(PROGRAMME, cap_fen=400_000), by=INSPECTOR, on=TODAY
    )

    assert claim.amount_fen == 400_000


def test_the_inspector_may_not_approve() -> None:
    with pytest.raises(InspectorMayNotApprove):
        domain.approve(accepted(), by=INSPECTOR, on=TODAY)


def test_a_claim_is_not_approved_before_it_was_inspected() -> None:
    with pytest.raises(ClaimNotInspected):
        domain.approve(submitted(), by=OFFICER, on=TODAY)


def test_no_claim_is_decided_twice() -> None:
    rejected, _ = domain.reject(submitted(), "nothing-planted", on=TODAY)

    for claim in (accepted(), approved(), rejected):
        with pytest.raises(ClaimAlreadyDecided):
            domain.accept(claim, Decimal("8.00"), PROGRAMME, by=INSPECTOR, on=TODAY)
    for claim in (approved(), rejected):
        with pytest.raises(ClaimAlreadyDecided):
            domain.approve(claim, by=OFFICER, on=TODAY)
        with pytest.raises(ClaimAlreadyDecided):
            domain.reject(claim, "late", on=TODAY)


def test_the_county_may_reject_what_was_accepted() -> None:
    claim, fact = domain.reject(accepted(), "wrong-household", on=TODAY)

    assert (claim.status, fact.reason) == (REJECTED, "wrong-household")


def test_a_correction_tells_before_and_after() -> None:
    claim, fact = domain.correct(approved(), Decimal("7.50"), PROGRAMME, reason="measured-again", on=TODAY)

    assert (claim.status, claim.amount_fen) == (APPROVED, 450_000)
    assert (fact.before.accepted_quantity, fact.before.amount_fen) == ("8.00", 480_000)
    assert (fact.after.accepted_quantity, fact.after.amount_fen) == ("7.50", 450_000)


def test_a_correction_that_changes_nothing_is_refused() -> None:
    with pytest.raises(NothingToCorrect):
        domain.correct(approved(), Decimal(8), PROGRAMME, reason="measured-again", on=TODAY)


def test_what_was_never_accepted_cannot_be_corrected() -> None:
    with pytest.raises(ClaimNotInspected):
        domain.correct(submitted(), Decimal(8), PROGRAMME, reason="measured-again", on=TODAY)


def test_a_rejected_claim_cannot_be_corrected() -> None:
    rejected, _ = domain.reject(accepted(), "wrong-household", on=TODAY)

    with pytest.raises(ClaimAlreadyDecided):
        domain.correct(rejected, Decimal(7), PROGRAMME, reason="measured-again", on=TODAY)


@given(status=st.sampled_from(["registered", "verified", "exited", "withdrawn", "unknown"]))
def test_arrived_money_is_never_refused_and_says_the_standing(status: str) -> None:
    claim = accepted()
    payment = Payment(
        payment_id=uuid4(),
        claim_id=claim.id,
        household_id=claim.household_id,
        programme_code=claim.programme_code,
        period="2016",
        amount_fen=480_000,
        paid_on=TODAY,
    )

    paid, fact = domain.disburse(claim, payment, status=status)

    assert (paid.status, paid.version) == (PAID, claim.version + 1)
    assert fact.registered_on_payment_date is (status in {"registered", "verified"})


class ClaimLife(RuleBasedStateMachine):
    """Any order of decisions by any people, against the few states there are."""

    @initialize()
    def file(self) -> None:
        self.claim = submitted()
        self.steps = 0

    def attempt(self, allowed: bool, decide: object) -> None:
        assert callable(decide)
        try:
            claim, _ = decide()
        except Refusal:
            assert not allowed
            return
        assert allowed
        self.steps += 1
        self.claim = claim

    @rule(units=st.integers(1, 12), who=st.sampled_from([INSPECTOR, OFFICER]))
    def accept(self, units: int, who: str) -> None:
        self.attempt(
            self.claim.status == SUBMITTED and units <= 10,
            lambda: domain.accept(self.claim, Decimal(units), PROGRAMME, by=who, on=TODAY),
        )

    @rule(who=st.sampled_from([INSPECTOR, OFFICER]))
    def approve(self, who: str) -> None:
        self.attempt(
            self.claim.status == ACCEPTED and self.claim.inspector_id != who,
            lambda: domain.approve(self.claim, by=who, on=TODAY),
        )

    @rule()
    def reject(self) -> None:
        self.attempt(
            self.claim.status in {SUBMITTED, ACCEPTED},
            lambda: domain.reject(self.claim, "no-reason", on=TODAY),
        )

    @rule(units=st.integers(1, 12))
    def correct(self, units: int) -> None:
        self.attempt(
            self.claim.status in {ACCEPTED, APPROVED}
            and units <= 10
            and self.claim.accepted_quantity != units,
            lambda: domain.correct(self.claim, Decimal(units), PROGRAMME, reason="again", on=TODAY),
        )

    @invariant()
    def every_change_is_a_version_and_the_amount_follows_the_quantity(self) -> None:
        if not hasattr(self, "claim"):
            return
        assert self.claim.version == 1 + self.steps
        quantity = self.claim.accepted_quantity
        assert self.claim.amount_fen == (None if quantity is None else int(quantity) * PROGRAMME.rate_fen)
        if self.claim.status == APPROVED:
            assert self.claim.inspector_id != self.claim.approver_id


TestClaimLife = ClaimLife.TestCase
