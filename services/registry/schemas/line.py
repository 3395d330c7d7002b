"""Answers about the two lines, and who is below which."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from chassis.money import YuanOut
from services.registry.schemas.rule_pack import PackName


class Line(BaseModel):
    """A line, in yuan a person and year; it holds until a later year has one. `area` is where it was set."""

    kind: str
    year: int
    area: str
    amount: YuanOut
    document: str


class Lines(BaseModel):
    """Both lines of an area; `are_one` when the allowance's is at least the poverty line, null while one is missing."""

    year: int
    area: str
    rule_pack: PackName
    poverty: Line | None
    dibao: Line | None
    are_one: bool | None
    rule: str
    basis: str


class LineCount(BaseModel):
    """Households by the two lists they may stand on and the two lines they may be below."""

    on_register: bool
    category: str
    below_poverty: bool
    below_dibao: bool
    households: int
    persons: int


class HouseholdBelow(BaseModel):
    """A household below a line; `mismatches` says on which office's list it is missing."""

    household_id: UUID
    village_code: str
    status: str
    category: str
    persons: int
    per_capita_income: YuanOut
    poverty_line: YuanOut | None
    dibao_line: YuanOut | None
    below: list[str]
    mismatches: list[str]


class LineMismatches(BaseModel):
    """Everybody on file by list and line, and who is below a line, for both offices."""

    as_of: date
    recorded_before: datetime | None
    area: str
    population: str
    source: str
    lines: Lines
    counts: list[LineCount]
    items: list[HouseholdBelow]
    next: str | None
