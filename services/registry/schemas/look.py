"""What looks at a household come to: its income over time, and whether the record is fresh."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.money import YuanOut
from chassis.pagination import Page


class Look(BaseModel):
    """One look at a household's income: a file as it was stated, or a visit."""

    on: date
    source: Literal["file", "visit"]
    visit_id: UUID | None
    version: int
    wage_income: YuanOut
    business_income: YuanOut
    transfer_income: YuanOut
    property_income: YuanOut
    production_cost: YuanOut
    net_income: YuanOut
    persons: int
    per_capita_income: YuanOut
    line: YuanOut | None
    line_document: str
    is_above_line: bool
    earned_percent: str


class IncomeLedger(BaseModel):
    """Every look at a household's income, the latest last, and whether it counts as stable."""

    household_id: UUID
    looks: list[Look]
    is_stable: bool
    looks_needed: int
    earned_percent_needed: str
    rule_pack: str
    rule_document: str


class StaleRecord(BaseModel):
    """A household on the register that nobody has looked at for too long."""

    household_id: UUID
    file_number: str
    village_code: str
    status: str
    last_seen_on: date
    stale_since: date


class Freshness(BaseModel):
    """How many records of the area are stale, village by village, each by the months of its county.

    `months` is what the area itself sets, or stands under.
    """

    as_of: date
    recorded_before: datetime
    months: int
    months_by_county: dict[str, int]
    rule_document: str
    population: str
    households: int
    stale: int
    by_village: dict[str, int]


class StaleRecords(Page[StaleRecord]):
    """One page of stale records; the counts stand on the first."""

    counts: Freshness | None


class CauseCount(BaseModel):
    """How many households are poor by one cause, and what the last visits said of it."""

    cause: str
    term: str
    households: int
    persons: int
    confirmed_by_visit: int
    differing_at_visit: int


class Causes(BaseModel):
    """Households on the register by cause."""

    as_of: date
    recorded_before: datetime
    area: str
    population: str
    causes: list[CauseCount]
