"""How each event changes a dossier. Events of different topics may come in any order; the result is the same."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from contracts.events import finance, registry, relocation, subsidy
from contracts.values import (
    ACCEPTED,
    ALLOCATED,
    CLOSED,
    COMPLETED,
    EXITED,
    MOVED_IN,
    PRE_EXIT,
    REGISTERED,
    RETURNED,
    STARTED,
    TOPPED_OUT,
    VERIFIED,
    WITHDRAWN,
)
from services.supervision.domain.dossier import Claim, Dated, Dossier, House, Instalment, Payment, Standing
from services.supervision.domain.rule import CAP, DEADLINE, ELIGIBILITY, FLOOR, SEQUENCE, THREE_WAY

SUBMITTED: Final = "submitted"
APPROVED: Final = "approved"
REJECTED: Final = "rejected"
NOTHING: Final[frozenset[str]] = frozenset()
STANDING_RULES: Final = frozenset({ELIGIBILITY, FLOOR})
MONEY_RULES: Final = frozenset({DEADLINE, ELIGIBILITY, THREE_WAY, SEQUENCE, FLOOR})

Fold = Callable[[Dossier, Any, UUID], None]


class Folded(NamedTuple):
    """How an event type changes a dossier, and which kinds of rule must then be asked again."""

    fold: Fold
    kinds: frozenset[str]


def _stand(status: str, day: str) -> Fold:
    def fold(dossier: Dossier, fact: Any, event_id: UUID) -> None:
        dossier.standings.append(Standing(getattr(fact, day), status, event_id))

    return fold


def _placed(fold: Fold) -> Fold:
    def placed(dossier: Dossier, fact: Any, event_id: UUID) -> None:
        _place(dossier, fact.village_code)
        fold(dossier, fact, event_id)

    return placed


def _changed(dossier: Dossier, fact: registry.HouseholdChanged, _event_id: UUID) -> None:
    _place(dossier, fact.after.village_code)


def _place(dossier: Dossier, village_code: str) -> None:
    dossier.area_code, dossier.is_placed = village_code, True


def settle_area(dossier: Dossier, area_code: str) -> None:
    """Keep the registry's village; before it is known, the last of all codes heard, whatever their order."""
    if not dossier.is_placed:
        dossier.area_code = max(dossier.area_code, area_code)


def _claim(dossier: Dossier, claim_id: UUID) -> Claim:
    claim = dossier.claims.get(claim_id)
    if claim is None:
        claim = dossier.claims[claim_id] = Claim()
    return claim


def _submitted(dossier: Dossier, fact: subsidy.ClaimSubmitted, event_id: UUID) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.steps[SUBMITTED] = Dated(fact.submitted_on, event_id)
    claim.photos = tuple(sorted({photo.photo_sha256 for photo in fact.evidence}))


def _accepted(dossier: Dossier, fact: subsidy.ClaimAccepted, event_id: UUID) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.steps[ACCEPTED] = Dated(fact.accepted_on, event_id)
    claim.amount_fen, claim.amount_event = fact.amount_fen, event_id


def _approved(dossier: Dossier, fact: subsidy.ClaimApproved, event_id: UUID) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.steps[APPROVED] = Dated(fact.approved_on, event_id)
    claim.amount_fen, claim.amount_event = fact.amount_fen, event_id


def _rejected(dossier: Dossier, fact: subsidy.ClaimRejected, event_id: UUID) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.steps[REJECTED] = Dated(fact.rejected_on, event_id)
    claim.amount_fen, claim.amount_event = 0, event_id


def _corrected(dossier: Dossier, fact: subsidy.ClaimCorrected, event_id: UUID) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.amount_fen, claim.amount_event = fact.after.amount_fen, event_id


def _settled(dossier: Dossier, fact: finance.PaymentSettled, event_id: UUID) -> None:
    dossier.payments[fact.payment_id] = Payment(
        source_kind=fact.source_kind,
        source_id=fact.source_id,
        programme_code=fact.programme_code,
        period=fact.period,
        amount_fen=fact.amount_fen,
        bank_amount_fen=fact.bank_amount_fen,
        paid_on=fact.paid_on,
        event_id=event_id,
    )


def _house(dossier: Dossier, house_id: UUID) -> House:
    house = dossier.houses.get(house_id)
    if house is None:
        house = dossier.houses[house_id] = House()
    return house


def _stage(stage: str, day: str = "happened_on") -> Fold:
    def fold(dossier: Dossier, fact: Any, event_id: UUID) -> None:
        on: date = getattr(fact, day)
        _house(dossier, fact.house_id).steps[stage] = Dated(on, event_id)

    return fold


def _completed(dossier: Dossier, fact: relocation.HouseCompleted, event_id: UUID) -> None:
    house = _house(dossier, fact.house_id)
    house.steps[COMPLETED] = Dated(fact.completed_on, event_id)
    house.floor_area_m2, house.persons, house.measured_event = fact.floor_area_m2, fact.persons, event_id


def _redated(dossier: Dossier, fact: relocation.HouseStageCorrected, event_id: UUID) -> None:
    _house(dossier, fact.house_id).steps[fact.stage] = Dated(fact.after, event_id)


def _due(dossier: Dossier, fact: relocation.HousingSubsidyDue, event_id: UUID) -> None:
    dossier.instalments[fact.due_id] = Instalment(
        house_id=fact.house_id,
        stage=fact.stage,
        stage_on=fact.stage_on,
        amount_fen=fact.amount_fen,
        event_id=event_id,
    )


CLAIM_STEP: Final = frozenset({DEADLINE})
CLAIM_WORTH: Final = frozenset({DEADLINE, THREE_WAY})
HOUSE_STEP: Final = frozenset({DEADLINE, SEQUENCE})
# An instalment names the house that a payment was for: until then the payment's rules could not be asked.
NAMED: Final = frozenset({ELIGIBILITY, THREE_WAY, SEQUENCE})

FOLDS: Final[dict[Any, Folded]] = {
    registry.HouseholdRegistered: Folded(_placed(_stand(REGISTERED, "registered_on")), STANDING_RULES),
    registry.HouseholdVerified: Folded(_placed(_stand(VERIFIED, "verified_on")), STANDING_RULES),
    registry.HouseholdPreExited: Folded(_stand(PRE_EXIT, "pre_exited_on"), STANDING_RULES),
    registry.HouseholdExited: Folded(_stand(EXITED, "exited_on"), STANDING_RULES),
    registry.HouseholdClosed: Folded(_stand(CLOSED, "closed_on"), STANDING_RULES),
    registry.HouseholdReturned: Folded(_stand(RETURNED, "returned_on"), STANDING_RULES),
    registry.HouseholdWithdrawn: Folded(_stand(WITHDRAWN, "withdrawn_on"), STANDING_RULES),
    registry.HouseholdChanged: Folded(_changed, NOTHING),
    subsidy.ClaimSubmitted: Folded(_submitted, CLAIM_STEP),
    subsidy.ClaimAccepted: Folded(_accepted, CLAIM_WORTH),
    subsidy.ClaimApproved: Folded(_approved, CLAIM_WORTH),
    subsidy.ClaimRejected: Folded(_rejected, CLAIM_WORTH),
    subsidy.ClaimCorrected: Folded(_corrected, frozenset({THREE_WAY})),
    finance.PaymentSettled: Folded(_settled, MONEY_RULES),
    relocation.HouseholdAllocated: Folded(_stage(ALLOCATED, "allocated_on"), HOUSE_STEP),
    relocation.HouseStarted: Folded(_stage(STARTED), HOUSE_STEP),
    relocation.HouseToppedOut: Folded(_stage(TOPPED_OUT), HOUSE_STEP),
    relocation.HouseCompleted: Folded(_completed, HOUSE_STEP | {CAP}),
    relocation.HouseAccepted: Folded(_stage(ACCEPTED), HOUSE_STEP),
    relocation.HouseholdMovedIn: Folded(_stage(MOVED_IN, "moved_in_on"), HOUSE_STEP),
    relocation.HouseStageCorrected: Folded(_redated, HOUSE_STEP | {CAP}),
    relocation.HousingSubsidyDue: Folded(_due, NAMED),
}
