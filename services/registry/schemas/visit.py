"""Visits and the five checks on the wire: amounts are strings, evidence is hashes, findings are codes."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.money import YuanOut
from services.registry import fields
from services.registry.schemas.answer import ItemResult
from services.registry.schemas.request import Reference, Request

MAX_VISITS = 500
MAX_PEOPLE = 99

Count = Annotated[int, Field(ge=0, le=MAX_PEOPLE)]
Stock = Annotated[int, Field(ge=0, le=99_999)]
MemberOfTeam = Annotated[
    fields.Name, Field(description="Who went: a staff number or a name; kept encrypted.")
]
Codes = Annotated[list[fields.ReasonCode], Field(max_length=20)]


class Check(Request):
    """What one of the five checks found, and its evidence."""

    finding: fields.Finding
    evidence_sha256: fields.Sha256


class IncomeCheck(Check):
    """Income of the last twelve months; the net income must be the four sources minus the costs."""

    wage_income: fields.Income
    business_income: fields.Income
    transfer_income: fields.Income
    property_income: fields.Income
    production_cost: fields.Income
    net_income: fields.NetIncome


class HousingCheck(Check):
    """The house: its area, structure, safety grade and year."""

    area_m2: fields.HousingArea
    structure: Literal["frame", "brick-concrete", "brick-wood", "earth-wood", "stone", "other"]
    safety: Annotated[
        Literal["A", "B", "C", "D"], Field(description="Grade of safety (JGJ 125): C and D are unsafe.")
    ]
    built_year: Annotated[int, Field(ge=1800, le=2100)]


class PropertyCheck(Check):
    """What the household owns, by code; none if it owns nothing of note."""

    items: Codes


class FamilyCheck(Check):
    """Who can work, who depends on others, who is at school and who left it too early."""

    labour: Count
    dependants: Count
    students: Count
    dropouts: Count


class ProductionCheck(Check):
    """Land, animals, and what reaches the house."""

    land_mu: fields.LandArea
    livestock: Stock
    poultry: Stock
    has_water: bool
    has_power: bool
    has_road: bool


class Checks(Request):
    """The five checks as far as they were done."""

    income: IncomeCheck | None = None
    housing: HousingCheck | None = None
    property: PropertyCheck | None = None
    family: FamilyCheck | None = None
    production: ProductionCheck | None = None


class VisitContent(Request):
    """Who went, where, and what they found."""

    members: Annotated[list[MemberOfTeam], Field(min_length=1, max_length=20)]
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    photos: Annotated[list[fields.Sha256], Field(min_length=1, max_length=20)]
    signature_sha256: fields.Sha256 | None = Field(
        default=None, description="The household's signature; an exit needs it."
    )
    cause: fields.Cause
    checks: Checks
    assurances_met: Codes = Field(default=[], description="Of the two assurances, by the rule pack's codes.")
    guarantees_met: Codes = Field(
        default=[], description="Of the three guarantees, by the rule pack's codes."
    )


class VisitRequest(VisitContent):
    """A visit to record."""

    visited_on: fields.Day
    round_id: UUID | None = Field(default=None, description="The round that the visit belongs to, if any.")


class VisitItem(VisitRequest):
    """One visit of many."""

    household_id: UUID
    reference_id: Reference = None


class BulkVisits(Request):
    """Up to 500 visits; with `atomic` all are recorded or none."""

    items: Annotated[list[VisitItem], Field(min_length=1, max_length=MAX_VISITS)]
    atomic: bool = Field(default=False, description="With true, one refusal refuses all.")


class VisitCorrection(VisitContent):
    """The whole content of a visit as it should have been."""

    reason: fields.ReasonCode


class VisitAnnulment(Request):
    """Why a visit counts for nothing."""

    reason: fields.ReasonCode


class VisitSummary(BaseModel):
    """A visit, without what was seen."""

    id: UUID
    household_id: UUID
    village_code: str
    round_id: UUID | None
    visited_on: date
    version: int
    is_valid: bool
    checks_complete: bool
    missing_checks: list[str]
    persons: int
    per_capita_income: YuanOut | None
    recorded_at: datetime


class Visit(VisitSummary):
    """A visit with everything that was found; who went and where is shown to clerks and officers."""

    members: list[str] | None
    latitude: float | None
    longitude: float | None
    photos: list[str]
    photos_seen_elsewhere: list[str]
    signature_sha256: str | None
    cause: str
    checks: dict[str, dict[str, str | int | bool | list[str]]]
    assurances_met: list[str]
    guarantees_met: list[str]
    history: list["VisitVersion"]


class VisitVersion(BaseModel):
    """One statement of a visit: recorded, corrected or annulled, by whom and when."""

    version: int
    kind: Literal["recorded", "corrected", "annulled"]
    reason: str | None
    actor_id: str
    recorded_at: datetime


class VisitResult(ItemResult):
    """What became of one visit of many."""

    visit_id: UUID | None = None
    checks_complete: bool | None = None


class BulkVisitsResult(BaseModel):
    """What became of many visits, in their order."""

    done: int
    refused: int
    results: list[VisitResult]
