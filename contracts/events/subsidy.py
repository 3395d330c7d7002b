"""What subsidy publishes: programmes, claims for industrial support, and what was paid out on them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts import topics
from contracts.values import (
    INTERNAL,
    PUBLIC,
    RESTRICTED,
    Fen,
    HouseholdState,
    Moment,
    Period,
    ProgrammeKind,
    Quantity,
    RateUnit,
    Sha256,
    Unit,
)


class Evidence(Struct, frozen=True, kw_only=True):
    """One photo, by its hash, with the moment and the place it was taken."""

    photo_sha256: Sha256
    taken_at: Moment
    latitude: float
    longitude: float


class ClaimOutcome(Struct, frozen=True, kw_only=True):
    """What was accepted of a claim and what it is worth."""

    accepted_quantity: Quantity
    amount_fen: Fen


class ProgrammePublished(Struct, frozen=True, kw_only=True):
    """An edition of a programme was published; without a last day it holds until the next one begins."""

    event_type: ClassVar[str] = "subsidy.programme-published.v1"
    topic: ClassVar[str] = topics.PROGRAMME
    data_class: ClassVar[str] = PUBLIC
    subject_kind: ClassVar[str] = "programme"

    programme_id: UUID
    code: str
    kind: ProgrammeKind
    rate_fen: Fen
    unit: RateUnit
    floor_fen: Fen | None
    effective_from: date
    effective_to: date | None
    basis_document: str

    def subject_id(self) -> str:
        """Return the id of this edition of the programme."""
        return str(self.programme_id)


class ClaimFact(Struct, frozen=True, kw_only=True):
    """Every fact about one claim carries its id and its household's."""

    topic: ClassVar[str] = topics.BENEFIT
    data_class: ClassVar[str] = INTERNAL
    subject_kind: ClassVar[str] = "claim"

    claim_id: UUID
    household_id: UUID

    def subject_id(self) -> str:
        """Return the claim's id."""
        return str(self.claim_id)


class ClaimSubmitted(ClaimFact, frozen=True, kw_only=True):
    """A clerk filed a household's claim for something planted or raised, with its evidence."""

    event_type: ClassVar[str] = "subsidy.claim-submitted.v1"

    programme_code: str
    item: str
    declared_quantity: Quantity
    unit: Unit
    evidence: tuple[Evidence, ...]
    submitted_on: date


class ClaimAccepted(ClaimFact, frozen=True, kw_only=True):
    """An inspector saw what was claimed and accepted a quantity of it."""

    event_type: ClassVar[str] = "subsidy.claim-accepted.v1"

    accepted_quantity: Quantity
    amount_fen: Fen
    inspector_id: str
    accepted_on: date


class ClaimRejected(ClaimFact, frozen=True, kw_only=True):
    """A claim was refused, on inspection or by the county; nothing will be paid on it."""

    event_type: ClassVar[str] = "subsidy.claim-rejected.v1"

    reason: str
    rejected_on: date


class ClaimApproved(ClaimFact, frozen=True, kw_only=True):
    """The county approved an accepted claim; finance makes a payment item of it."""

    event_type: ClassVar[str] = "subsidy.claim-approved.v1"

    programme_code: str
    period: Period
    amount_fen: Fen
    approved_on: date


class ClaimCorrected(ClaimFact, frozen=True, kw_only=True):
    """The accepted quantity of a claim was corrected, and its amount with it."""

    event_type: ClassVar[str] = "subsidy.claim-corrected.v1"

    corrected_on: date
    reason: str
    before: ClaimOutcome
    after: ClaimOutcome


class SubsidyDisbursed(ClaimFact, frozen=True, kw_only=True):
    """The money of a claim reached the household, whose standing on the payment date is kept with it."""

    event_type: ClassVar[str] = "subsidy.subsidy-disbursed.v1"
    data_class: ClassVar[str] = RESTRICTED

    payment_id: UUID
    programme_code: str
    period: Period
    amount_fen: Fen
    paid_on: date
    status_on_payment_date: HouseholdState
    registered_on_payment_date: bool


EVENTS = (
    ProgrammePublished,
    ClaimSubmitted,
    ClaimAccepted,
    ClaimRejected,
    ClaimApproved,
    ClaimCorrected,
    SubsidyDisbursed,
)
