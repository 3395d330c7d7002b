"""Answers."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.money import Amount
from chassis.pagination import Page
from services.subsidy.fields import (
    Quantity,
)
from services.subsidy.schemas.request import EvidencePhoto


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


class StoredPhoto(EvidencePhoto):
    """A photo of a claim, with the caller's other claims that it was handed in with."""

    also_in: list[UUID]


class ClaimInFull(Claim):
    """A claim with its photos and its history."""

    evidence: list[StoredPhoto]
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
    """Households that received money, by their standing on a payment date and on the day of the figures."""

    households: int
    registered_on_payment_date: int
    registered_as_of: int
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
