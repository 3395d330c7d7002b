"""What callers get."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.money import Amount
from services.relocation.fields import SquareMetres


class Rule(BaseModel):
    """An edition of a rule; `value` has the shape of its kind."""

    id: UUID
    kind: str
    value: dict[str, Any]
    effective_from: date
    effective_to: date | None
    basis_document: str


class Site(BaseModel):
    """A site; its infrastructure budget is planned households times the standard."""

    id: UUID
    name: str
    kind: str
    area_code: str
    planned_households: int
    planned_persons: int
    infrastructure_budget: Amount
    registered_on: date


class House(BaseModel):
    """A house in its present state; `version` is its ETag."""

    id: UUID
    household_id: UUID
    site_id: UUID
    area_code: str
    persons: int
    area_cap_m2: SquareMetres
    planned_area_m2: SquareMetres
    floor_area_m2: SquareMetres | None
    stage: str
    version: int
    allocated_on: date
    started_on: date | None
    topped_out_on: date | None
    completed_on: date | None
    rejected_on: date | None
    accepted_on: date | None
    moved_in_on: date | None


class DecidedHouse(House):
    """A house after a command: what failed, if it was rejected, and the instalment, if one was asked for."""

    failed: list[str]
    due_id: UUID | None


class Instalment(BaseModel):
    """An instalment asked of finance, and what became of it."""

    id: UUID
    stage: str
    programme_code: str
    period: str
    amount: Amount
    stage_on: date
    due_on: date
    state: Literal["due", "paid", "rejected", "withdrawn"]
    paid: Amount
    settled_on: date | None
    rejection_reason: str | None
    withdrawal_reason: str | None = None


class Step(BaseModel):
    """One line of a house's history: the day it counts for, who recorded it, and when."""

    version: int
    event: str
    stage: str
    happened_on: date
    details: dict[str, Any]
    actor_id: str
    recorded_at: datetime


class HouseInFull(House):
    """A house with its instalments and its history."""

    subsidies: list[Instalment]
    history: list[Step]


class ItemResult(BaseModel):
    """What became of one item of a bulk request."""

    index: int
    reference_id: str | None
    outcome: Literal["done", "refused"]
    house_id: UUID | None = None
    version: int | None = None
    stage: str | None = None
    failed: list[str] = []
    due_id: UUID | None = None
    code: str | None = None
    message: str | None = None
    pointer: str | None = None


class BulkResult(BaseModel):
    """What became of a bulk request, item by item, in its order."""

    done: int
    refused: int
    results: list[ItemResult]


class Figures(BaseModel):
    """Sites, households and houses by how far they have come; each count includes those that went further."""

    sites: int = 0
    planned_households: int = 0
    planned_persons: int = 0
    infrastructure_budget: Amount = Amount(amount="0.00")
    households: int = 0
    persons: int = 0
    started: int = 0
    topped_out: int = 0
    completed: int = 0
    accepted: int = 0
    moved_in: int = 0
    subsidy_requested_households: int = 0
    subsidy_requested: Amount = Amount(amount="0.00")
    subsidised_households: int = 0
    subsidy_paid: Amount = Amount(amount="0.00")


class Statistics(BaseModel):
    """Figures of an area as of a day, with their population and source."""

    as_of: date
    area: str
    population: str
    source: str
    total: Figures
    by_kind: dict[str, Figures]
