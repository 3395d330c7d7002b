"""A claim for industrial support: plant or raise first, show it, have it accepted, and then be paid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.events.subsidy import (
    ClaimAccepted,
    ClaimApproved,
    ClaimCorrected,
    ClaimOutcome,
    ClaimRejected,
    ClaimSubmitted,
    Evidence,
    SubsidyDisbursed,
)
from services.subsidy.domain import rules
from services.subsidy.domain.errors import (
    ClaimAlreadyDecided,
    ClaimNotInspected,
    HouseholdNotOnRegister,
    InspectorMayNotApprove,
    NothingToCorrect,
    UnitNotOfProgramme,
)
from services.subsidy.domain.household import is_on_the_register
from services.subsidy.domain.programme import Programme, edition_in_force

SUBMITTED, ACCEPTED, REJECTED, APPROVED, PAID = "submitted", "accepted", "rejected", "approved", "paid"
STATUSES = (SUBMITTED, ACCEPTED, REJECTED, APPROVED, PAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim in its present state; the version counts its changes."""

    id: UUID
    household_id: UUID
    area_code: str
    programme_id: UUID
    programme_code: str
    item: str
    unit: str
    declared_quantity: Decimal
    status: str
    version: int
    submitted_on: date
    submitted_by: str
    accepted_quantity: Decimal | None = None
    amount_fen: int | None = None
    inspector_id: str | None = None
    accepted_on: date | None = None
    approver_id: str | None = None
    approved_on: date | None = None
    rejected_on: date | None = None
    paid_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """The household on the day of its claim."""

    household_id: UUID
    area_code: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a household says it planted or raised."""

    programme_code: str
    item: str
    unit: str
    quantity: Decimal
    evidence: tuple[Evidence, ...]


def submit(
    declaration: Declaration,
    applicant: Applicant,
    editions: Sequence[Programme],
    *,
    claim_id: UUID,
    by: str,
    on: date,
) -> tuple[Claim, ClaimSubmitted]:
    """File a claim of a household on the register, under the edition in force that day."""
    if not is_on_the_register(applicant.status):
        raise HouseholdNotOnRegister(pointer="/household_id")
    programme = edition_in_force(editions, on)
    if declaration.unit != programme.unit:
        raise UnitNotOfProgramme(pointer="/unit")
    rules.check_quantity(declaration.quantity, declaration.unit, "/declared_quantity")
    worth = rules.amount_of(declaration.quantity, programme.rate_fen, programme.cap_fen)
    rules.check_amount(worth, "/declared_quantity")
    rules.check_evidence(declaration.evidence, on)
    claim = Claim(
        id=claim_id,
        household_id=applicant.household_id,
        area_code=applicant.area_code,
        programme_id=programme.id,
        programme_code=programme.code,
        item=declaration.item,
        unit=declaration.unit,
        declared_quantity=declaration.quantity,
        status=SUBMITTED,
        version=1,
        submitted_on=on,
        submitted_by=by,
    )
    return claim, _submitted(claim, declaration)


def _submitted(claim: Claim, declaration: Declaration) -> ClaimSubmitted:
    return ClaimSubmitted(
        claim_id=claim.id,
        household_id=claim.household_id,
        programme_code=claim.programme_code,
        item=claim.item,
        declared_quantity=rules.quantity_text(claim.declared_quantity),
        unit=claim.unit,
        evidence=declaration.evidence,
        submitted_on=claim.submitted_on,
    )


def accept(
    claim: Claim, quantity: Decimal, programme: Programme, *, by: str, on: date
) -> tuple[Claim, ClaimAccepted]:
    """Accept what an inspector saw; the amount follows from the accepted quantity alone."""
    if claim.status != SUBMITTED:
        raise ClaimAlreadyDecided(f"The claim is {claim.status}.")
    rules.check_accepted_quantity(quantity, claim.declared_quantity, claim.unit)
    amount = rules.amount_of(quantity, programme.rate_fen, programme.cap_fen)
    rules.check_amount(amount, "/accepted_quantity")
    accepted = replace(
        claim,
        status=ACCEPTED,
        version=claim.version + 1,
        accepted_quantity=quantity,
        amount_fen=amount,
        inspector_id=by,
        accepted_on=on,
    )
    return accepted, ClaimAccepted(
        claim_id=claim.id,
        household_id=claim.household_id,
        accepted_quantity=rules.quantity_text(quantity),
        amount_fen=amount,
        inspector_id=by,
        accepted_on=on,
    )


def reject(claim: Claim, reason: str, *, on: date) -> tuple[Claim, ClaimRejected]:
    """Refuse a claim that was not approved yet."""
    if claim.status not in {SUBMITTED, ACCEPTED}:
        raise ClaimAlreadyDecided(f"The claim is {claim.status}.")
    return take_back(claim, reason, on=on)


def take_back(claim: Claim, reason: str, *, on: date) -> tuple[Claim, ClaimRejected]:
    """Reject a claim in whatever state: after its approval only finance knows whether money is on its way."""
    rejected = replace(claim, status=REJECTED, version=claim.version + 1, reason=reason, rejected_on=on)
    return rejected, ClaimRejected(
        claim_id=claim.id, household_id=claim.household_id, reason=reason, rejected_on=on
    )


def approve(claim: Claim, *, by: str, on: date) -> tuple[Claim, ClaimApproved]:
    """Approve an accepted claim for payment; inspector and approver are two people."""
    if claim.status == SUBMITTED:
        raise ClaimNotInspected
    if claim.status != ACCEPTED or claim.amount_fen is None:
        raise ClaimAlreadyDecided(f"The claim is {claim.status}.")
    if not rules.are_two_people(claim.inspector_id, by):
        raise InspectorMayNotApprove
    approved = replace(claim, status=APPROVED, version=claim.version + 1, approver_id=by, approved_on=on)
    return approved, ClaimApproved(
        claim_id=claim.id,
        household_id=claim.household_id,
        programme_code=claim.programme_code,
        period=rules.period_of(claim.submitted_on),
        amount_fen=claim.amount_fen,
        approved_on=on,
    )


def correct(
    claim: Claim, quantity: Decimal, programme: Programme, *, reason: str, on: date
) -> tuple[Claim, ClaimCorrected]:
    """Correct the accepted quantity, before or after payment; before and after are kept and published.

    A difference to what was paid is not hidden here: supervision compares the amounts.
    """
    if claim.accepted_quantity is None or claim.amount_fen is None:
        raise ClaimNotInspected
    if claim.status == REJECTED:
        raise ClaimAlreadyDecided(f"The claim is {claim.status}.")
    rules.check_accepted_quantity(quantity, claim.declared_quantity, claim.unit)
    if quantity == claim.accepted_quantity:
        raise NothingToCorrect(pointer="/accepted_quantity")
    amount = rules.amount_of(quantity, programme.rate_fen, programme.cap_fen)
    rules.check_amount(amount, "/accepted_quantity")
    corrected = replace(
        claim, version=claim.version + 1, accepted_quantity=quantity, amount_fen=amount, reason=reason
    )
    return corrected, ClaimCorrected(
        claim_id=claim.id,
        household_id=claim.household_id,
        corrected_on=on,
        reason=reason,
        before=ClaimOutcome(
            accepted_quantity=rules.quantity_text(claim.accepted_quantity), amount_fen=claim.amount_fen
        ),
        after=ClaimOutcome(accepted_quantity=rules.quantity_text(quantity), amount_fen=amount),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that the bank credited for a claim."""

    payment_id: UUID
    claim_id: UUID
    household_id: UUID
    programme_code: str
    period: str
    amount_fen: int
    paid_on: date


def disburse(claim: Claim, payment: Payment, *, status: str) -> tuple[Claim, SubsidyDisbursed]:
    """Note that money arrived; a fact of the bank is never refused, even for a claim that did not await it."""
    paid = replace(claim, status=PAID, version=claim.version + 1, paid_on=payment.paid_on)
    return paid, SubsidyDisbursed(
        claim_id=claim.id,
        household_id=payment.household_id,
        payment_id=payment.payment_id,
        programme_code=payment.programme_code,
        period=payment.period,
        amount_fen=payment.amount_fen,
        paid_on=payment.paid_on,
        status_on_payment_date=status,
        registered_on_payment_date=is_on_the_register(status),
    )
