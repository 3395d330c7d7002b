"""Requests and answers of the subsidy service."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.money import Amount
from chassis.pagination import Page
from services.subsidy.fields import (
    MAX_ITEMS,
    ClaimUnit,
    Code,
    Item,
    PositiveAmount,
    ProgrammeKind,
    Quantity,
    RateUnit,
    Reference,
)


class Request(BaseModel):
    """A request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProgrammeRequest(Request):
    """An edition of a programme to publish."""

    code: Code
    kind: ProgrammeKind
    unit: RateUnit
    rate: PositiveAmount
    cap: PositiveAmount | None = Field(default=None, description="At most this much on one claim.")
    floor: PositiveAmount | None = Field(
        default=None, description="At least this much a household and year, over all programmes of the kind."
    )
    effective_from: date
    effective_to: date | None = None
    basis_document: str = Field(min_length=1, max_length=200)


class Programme(BaseModel):
    """An edition of a programme."""

    id: UUID
    code: str
    kind: str
    unit: str
    rate: Amount
    cap: Amount | None
    floor: Amount | None
    effective_from: date
    effective_to: date | None
    basis_document: str


class EvidencePhoto(Request):
    """One photo: its hash, and when and where it was taken."""

    photo_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    taken_at: AwareDatetime
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class ClaimRequest(Request):
    """A claim of a household for something it planted or raised."""

    household_id: UUID
    programme_code: Code
    item: Item
    unit: ClaimUnit
    declared_quantity: Quantity
    evidence: list[EvidencePhoto] = Field(max_length=20)


class BulkClaim(ClaimRequest):
    """One claim of many."""

    reference_id: Reference = None


class BulkClaims(Request):
    """Up to 1,000 claims; with `atomic` all are filed or none."""

    atomic: bool = False
    items: list[BulkClaim] = Field(min_length=1, max_length=MAX_ITEMS)


class AcceptanceRequest(Request):
    """What the inspector saw."""

    accepted_quantity: Quantity


class BulkAcceptance(AcceptanceRequest):
    """One acceptance of many."""

    claim_id: UUID
    reference_id: Reference = None


class BulkAcceptances(Request):
    """Up to 1,000 acceptances; with `atomic` all count or none."""

    atomic: bool = False
    items: list[BulkAcceptance] = Field(min_length=1, max_length=MAX_ITEMS)


class BulkApproval(Request):
    """One approval of many."""

    claim_id: UUID
    reference_id: Reference = None


class BulkApprovals(Request):
    """Up to 1,000 approvals; with `atomic` all count or none."""

    atomic: bool = False
    items: list[BulkApproval] = Field(min_length=1, max_length=MAX_ITEMS)


class RejectionRequest(Request):
    """Why a claim is refused, as a code."""

    reason: Code


class CorrectionRequest(Request):
    """The accepted quantity as it should have been, and why, as a code."""

    accepted_quantity: Quantity
    reason: Code


class PaymentProblem(BaseModel):
    """Why the bank sent the money back (ISO 20022 reason code)."""

    payment_id: UUID
    reason: str
    rejected_on: date


class Claim(BaseModel):
    """A claim in its present state; `version` is its ETag."""

    id: UUID
    household_id: UUID
    area_code: str
    programme_code: str
    item: str
    unit: str
    declared_quantity: Quantity
    status: str
    version: int
    submitted_on: date
    submitted_by: str
    accepted_quantity: Quantity | None
    amount: Amount | None
    inspector_id: str | None
    accepted_on: date | None
    approver_id: str | None
    approved_on: date | None
    rejected_on: date | None
    paid_on: date | None
    reason: str | None
    payment_problem: PaymentProblem | None = None


class ClaimVersion(BaseModel):
    """A state that a claim had: the day it counts from, who set it, and when that was recorded."""

    version: int
    status: str
    accepted_quantity: Quantity | None
    amount: Amount | None
    reason: str | None
    actor_id: str
    happened_on: date
    recorded_at: datetime


class ClaimInFull(Claim):
    """A claim with its photos and its history."""

    evidence: list[EvidencePhoto]
    history: list[ClaimVersion]


class ItemResult(BaseModel):
    """What became of one item of a bulk request."""

    index: int
    reference_id: str | None
    outcome: Literal["done", "refused"]
    claim_id: UUID | None = None
    version: int | None = None
    code: str | None = None
    message: str | None = None
    pointer: str | None = None


class BulkResult(BaseModel):
    """What became of a bulk request, item by item, in its order."""

    done: int
    refused: int
    results: list[ItemResult]


class Disbursement(BaseModel):
    """Money that reached a household, with its standing then and now."""

    payment_id: UUID
    claim_id: UUID
    household_id: UUID
    area_code: str
    programme_code: str
    period: str
    amount: Amount
    paid_on: date
    status_on_payment_date: str
    registered_on_payment_date: bool
    status_now: str


class Floor(BaseModel):
    """A household's paid industrial support of a year against the floor."""

    household_id: UUID
    area_code: str
    year: int
    paid: Amount
    floor: Amount
    missing: Amount
    met: bool


class FloorPage(Page[Floor]):
    """Households on the register on `as_of`, and the floor they are measured by."""

    as_of: date
    floor: Amount
    basis_document: str
    population: str
    source: str


class ClaimCounts(BaseModel):
    """Claims by the state they had on the day."""

    submitted: int = 0
    accepted: int = 0
    rejected: int = 0
    approved: int = 0
    paid: int = 0


class Recipients(BaseModel):
    """Households that received money, by their standing on the payment date."""

    households: int
    registered_on_payment_date: int
    other: int
    payments: int
    amount: Amount
    average_per_household: Amount | None


class FloorCounts(BaseModel):
    """Households on the register, and how many of them had the floor of the year."""

    floor: Amount | None
    households_on_register: int
    met: int
    unmet: int


class Statistics(BaseModel):
    """Figures of an area on a day, each with its population and source."""

    as_of: date
    area: str
    population: str
    source: str
    claims: ClaimCounts
    recipients: Recipients
    floor: FloorCounts
