"""What callers send; unknown fields are refused."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.relocation.domain.rule import AREA_CAP, HOUSING_SUBSIDY, INFRASTRUCTURE_STANDARD
from services.relocation.fields import (
    MAX_ITEMS,
    AnyStage,
    BuildingStage,
    Code,
    Division,
    On,
    PerPerson,
    PositiveAmount,
    Reference,
    SiteKind,
    SquareMetres,
    SubsidyUnit,
    Words,
)


class Request(BaseModel):
    """A request."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Edition(Request):
    """When a rule is in force, first and last day included, and the document it rests on."""

    effective_from: date
    effective_to: date | None = None
    basis_document: Words = Field(max_length=200)


class AreaCapValue(Request):
    """Floor area for each person."""

    m2_per_person: PerPerson


class AreaCapRule(Edition):
    """The area cap."""

    kind: Literal["area-cap"] = AREA_CAP
    value: AreaCapValue


class InfrastructureValue(Request):
    """Infrastructure money for each household, by kind of site."""

    centralized: PositiveAmount
    interspersed: PositiveAmount


class InfrastructureRule(Edition):
    """The infrastructure budget standard."""

    kind: Literal["infrastructure-standard"] = INFRASTRUCTURE_STANDARD
    value: InfrastructureValue


class Instalment(Request):
    """What is paid when a stage is reached."""

    stage: AnyStage
    amount: PositiveAmount


class HousingValue(Request):
    """Instalments by stage, for each household or each of its persons."""

    programme_code: Code
    unit: SubsidyUnit = "household"
    instalments: list[Instalment] = Field(min_length=1, max_length=6)

    @model_validator(mode="after")
    def _each_stage_once(self) -> "HousingValue":
        if len({each.stage for each in self.instalments}) < len(self.instalments):
            raise ValueError("A stage has one instalment")
        return self


class HousingRule(Edition):
    """The housing subsidy programme."""

    kind: Literal["housing-subsidy"] = HOUSING_SUBSIDY
    value: HousingValue


RuleRequest = Annotated[AreaCapRule | InfrastructureRule | HousingRule, Field(discriminator="kind")]


class SiteRequest(Request):
    """A site to register."""

    name: Words = Field(max_length=100)
    kind: SiteKind
    area_code: Division
    planned_households: int = Field(ge=1, le=100_000)
    planned_persons: int = Field(ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _somebody_in_each_household(self) -> "SiteRequest":
        if self.planned_persons < self.planned_households:
            raise ValueError("There are at least as many persons as households")
        return self


class AllocationRequest(Request):
    """A household and the house designed for it."""

    household_id: UUID
    site_id: UUID
    floor_area_m2: SquareMetres
    on: On = None


class StageRequest(Request):
    """A stage that a house reached; the floor area is measured at completion."""

    stage: BuildingStage
    on: On = None
    floor_area_m2: SquareMetres | None = None


class AcceptanceRequest(Request):
    """What the inspector found; without a new measure the area of completion counts."""

    kitchen_inside: bool
    bathroom_inside: bool
    animals_separate: bool
    structure_safe: bool
    water: bool
    power: bool
    floor_area_m2: SquareMetres | None = None
    on: On = None


class MoveRequest(Request):
    """A household moves in."""

    on: On = None


class CorrectionRequest(Request):
    """The date a stage really had, and why it was wrong, as a code."""

    stage: AnyStage
    on: date
    reason: Code


class SubsidyRequest(Request):
    """A house and the stage whose instalment is asked for."""

    house_id: UUID
    stage: AnyStage


class BulkAllocation(AllocationRequest):
    """One allocation of many."""

    reference_id: Reference = None


class BulkStage(StageRequest):
    """One stage of many."""

    house_id: UUID
    reference_id: Reference = None


class BulkAcceptance(AcceptanceRequest):
    """One inspection of many."""

    house_id: UUID
    reference_id: Reference = None


class BulkMove(MoveRequest):
    """One move of many."""

    house_id: UUID
    reference_id: Reference = None


class BulkSubsidyRequest(SubsidyRequest):
    """One instalment of many."""

    reference_id: Reference = None


class Bulk(Request):
    """Up to 1,000 items; with `atomic` all are done or none."""

    atomic: bool = True


class BulkAllocations(Bulk):
    """Many allocations."""

    items: list[BulkAllocation] = Field(min_length=1, max_length=MAX_ITEMS)


class BulkStages(Bulk):
    """Many stages, applied in their order."""

    items: list[BulkStage] = Field(min_length=1, max_length=MAX_ITEMS)


class BulkAcceptances(Bulk):
    """Many inspections."""

    items: list[BulkAcceptance] = Field(min_length=1, max_length=MAX_ITEMS)


class BulkMoves(Bulk):
    """Many moves."""

    items: list[BulkMove] = Field(min_length=1, max_length=MAX_ITEMS)


class BulkSubsidyRequests(Bulk):
    """Many instalments."""

    items: list[BulkSubsidyRequest] = Field(min_length=1, max_length=MAX_ITEMS)
