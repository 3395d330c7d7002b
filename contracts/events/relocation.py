"""What relocation publishes: sites, houses with their stages, and the housing subsidy that falls due."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts import topics
from contracts.values import INTERNAL, PUBLIC, Fen, HouseStage, Period, Quantity, SiteKind


class SiteRegistered(Struct, frozen=True, kw_only=True):
    """A resettlement site was entered with the households and people it is planned for."""

    event_type: ClassVar[str] = "relocation.site-registered.v1"
    topic: ClassVar[str] = topics.SITE
    data_class: ClassVar[str] = PUBLIC
    subject_kind: ClassVar[str] = "site"

    site_id: UUID
    kind: SiteKind
    planned_households: int
    planned_persons: int

    def subject_id(self) -> str:
        """Return the site's id."""
        return str(self.site_id)


class HouseFact(Struct, frozen=True, kw_only=True):
    """Every fact about one house carries its id and the household it is for."""

    topic: ClassVar[str] = topics.HOUSE
    data_class: ClassVar[str] = INTERNAL
    subject_kind: ClassVar[str] = "house"

    house_id: UUID
    household_id: UUID

    def subject_id(self) -> str:
        """Return the house's id."""
        return str(self.house_id)


class HouseholdAllocated(HouseFact, frozen=True, kw_only=True):
    """A household was given a house at a site; it can be given only one."""

    event_type: ClassVar[str] = "relocation.household-allocated.v1"

    site_id: UUID
    persons: int
    floor_area_m2: Quantity
    allocated_on: date


class HouseStarted(HouseFact, frozen=True, kw_only=True):
    """Building of a house began."""

    event_type: ClassVar[str] = "relocation.house-started.v1"

    happened_on: date


class HouseToppedOut(HouseFact, frozen=True, kw_only=True):
    """The shell of a house reached its full height."""

    event_type: ClassVar[str] = "relocation.house-topped-out.v1"

    happened_on: date


class HouseCompleted(HouseFact, frozen=True, kw_only=True):
    """A house was finished; its measured floor area is known."""

    event_type: ClassVar[str] = "relocation.house-completed.v1"

    site_id: UUID
    floor_area_m2: Quantity
    persons: int
    completed_on: date


class HouseAccepted(HouseFact, frozen=True, kw_only=True):
    """A finished house passed every check of its acceptance; its area is the one last measured."""

    event_type: ClassVar[str] = "relocation.house-accepted.v1"

    happened_on: date
    floor_area_m2: Quantity | None = None


class HouseRejected(HouseFact, frozen=True, kw_only=True):
    """A finished house failed its acceptance, with the codes of the failed checks; its area is the one last measured."""

    event_type: ClassVar[str] = "relocation.house-rejected.v1"

    failed: tuple[str, ...]
    happened_on: date
    floor_area_m2: Quantity | None = None


class HouseholdMovedIn(HouseFact, frozen=True, kw_only=True):
    """The household lives in its new house."""

    event_type: ClassVar[str] = "relocation.household-moved-in.v1"

    moved_in_on: date


class HouseStageCorrected(HouseFact, frozen=True, kw_only=True):
    """The date recorded for a stage was wrong and was corrected."""

    event_type: ClassVar[str] = "relocation.house-stage-corrected.v1"

    stage: HouseStage
    before: date
    after: date
    reason: str
    corrected_on: date


class HousingSubsidyDue(HouseFact, frozen=True, kw_only=True):
    """An instalment of the housing subsidy fell due for a stage; finance makes a payment item of it."""

    event_type: ClassVar[str] = "relocation.housing-subsidy-due.v1"

    due_id: UUID
    programme_code: str
    period: Period
    stage: HouseStage
    stage_on: date
    amount_fen: Fen
    due_on: date


EVENTS = (
    SiteRegistered,
    HouseholdAllocated,
    HouseStarted,
    HouseToppedOut,
    HouseCompleted,
    HouseAccepted,
    HouseRejected,
    HouseholdMovedIn,
    HouseStageCorrected,
    HousingSubsidyDue,
)
