"""Answers: numbers that identify are masked, amounts are decimal strings, every count says of whom and as of when."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.money import YuanOut

YesOrNo = Literal["yes", "no"]


class Division(BaseModel):
    """One unit of the division tree."""

    code: str
    level: str
    parent_code: str | None
    name: str


class DivisionImport(BaseModel):
    """What an import of divisions held."""

    divisions: int
    by_level: dict[str, int]


class Finding(BaseModel):
    """One fault at one cell of a workbook; the value is not repeated."""

    pointer: str
    row: int
    column: str
    name: str
    code: str
    message: str
    message_zh: str


class Report(BaseModel):
    """What was found in a workbook."""

    rows: int
    households: int
    faultless_households: int
    finding_count: int
    suppressed: int
    findings: list[Finding]


class ChangeSet(BaseModel):
    """An import or its undoing."""

    id: UUID
    kind: Literal["import", "undo"]
    outcome: Literal["refused", "checked", "committed"]
    households: int
    persons: int
    reverts: UUID | None
    undone_by: UUID | None
    document_sha256: str | None
    actor_id: str
    happened_on: date
    recorded_at: datetime
    report: Report | None


class HouseholdSummary(BaseModel):
    """Where a household stands, without anything personal."""

    id: UUID
    file_number: str
    village_code: str
    status: str
    status_since: date
    category: str
    persons: int
    version: int


class ListedHousehold(HouseholdSummary):
    """A household in a list, with its head's name as far as the caller may see it."""

    head_name: str


class Member(BaseModel):
    """A person of a household; the identity number is masked."""

    id: UUID
    name: str
    identity_number: str
    sex: str
    relation: str
    ethnic_group: str
    education: str
    schooling: str
    health: str
    labour: str
    work: str
    medical_scheme: bool


class Household(HouseholdSummary):
    """A household's file; account and telephone show their last digits only."""

    attribute: str
    standard: str
    cause: str
    address: str | None
    bank_code: str | None
    account: str | None
    phone: str | None
    housing_area_m2: str
    wage_income: YuanOut
    business_income: YuanOut
    transfer_income: YuanOut
    property_income: YuanOut
    production_cost: YuanOut
    net_income: YuanOut
    per_capita_income: YuanOut
    members: list[Member]
    valid_from: date
    recorded_at: datetime
    as_of: date


class HistoryEntry(BaseModel):
    """One version of a household: what was stated, from which day on, by whom and when."""

    version: int
    status: str | None
    valid_from: date
    valid_to: date | None
    village_code: str
    category: str | None
    persons: int | None
    reason: str | None
    actor_id: str
    change_set_id: UUID | None
    recorded_at: datetime


class History(BaseModel):
    """Everything ever stated of a household: its file and its state, each in the order of recording."""

    household_id: UUID
    contents: list[HistoryEntry]
    standings: list[HistoryEntry]


class ItemResult(BaseModel):
    """What became of one item of a bulk request."""

    index: int
    reference_id: str | None = None
    outcome: Literal["done", "refused"]
    household_id: UUID
    version: int | None = None
    code: str | None = None
    message: str | None = None
    pointer: str | None = None


class BulkResult(BaseModel):
    """What became of a bulk request, item by item, in its order."""

    done: int
    refused: int
    results: list[ItemResult]


class Unmasked(BaseModel):
    """A person's name and identity number in full; that it was shown is on record."""

    id: UUID
    name: str
    identity_number: str


class Payee(BaseModel):
    """Who receives a household's money, and where."""

    household_id: UUID
    name: str
    account: str | None
    bank_code: str | None


class Payees(BaseModel):
    """Payment data of households; those outside the caller's area are missing."""

    items: list[Payee]
    missing: list[UUID]


class Eligibility(BaseModel):
    """Whether a person was on the register on the day, or still kept its policies, and no more."""

    registered: YesOrNo
    category: str | None
    policies_kept: YesOrNo = Field(
        description="yes while a household that left the register keeps what it was entitled to (脱贫不脱政策)."
    )
    valid_on: date
