"""A new house: allocated once, built in stages whose dates never go back, accepted, and moved into."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from contracts.events.relocation import (
    HouseAccepted,
    HouseCompleted,
    HouseholdAllocated,
    HouseholdMovedIn,
    HouseRejected,
    HouseStageCorrected,
    HouseStarted,
    HouseToppedOut,
    HousingSubsidyDue,
)
from contracts.values import ALLOCATED, COMPLETED, HOUSE_STAGES, MOVED_IN, STARTED, TOPPED_OUT
from services.relocation.domain import rules
from services.relocation.domain.due import Due
from services.relocation.domain.errors import (
    AreaAboveCap,
    FloorAreaMissing,
    FloorAreaUnexpected,
    HouseholdNotOnRegister,
    NothingToCorrect,
    SiteFull,
    StageAlreadyReached,
    StageNotReached,
    StageOutOfOrder,
)
from services.relocation.domain.household import Household, is_on_the_register
from services.relocation.domain.site import Site

REJECTED = "rejected"
CORRECTED = "corrected"
SUBSIDY_DUE = "subsidy-due"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A house in its present state; persons and area cap are frozen at allocation, the version counts changes."""

    id: UUID
    household_id: UUID
    site_id: UUID
    area_code: str
    persons: int
    area_cap_m2: Decimal
    planned_area_m2: Decimal
    stage: str
    version: int
    allocated_on: date
    started_on: date | None = None
    topped_out_on: date | None = None
    completed_on: date | None = None
    rejected_on: date | None = None
    accepted_on: date | None = None
    moved_in_on: date | None = None
    floor_area_m2: Decimal | None = None


DATE_OF = {stage: f"{stage.replace('-', '_')}_on" for stage in HOUSE_STAGES}
# In the order of life; a refused acceptance stands between completion and acceptance.
DATES = (
    "allocated_on",
    "started_on",
    "topped_out_on",
    "completed_on",
    "rejected_on",
    "accepted_on",
    "moved_in_on",
)
HouseEvent = (
    HouseholdAllocated
    | HouseStarted
    | HouseToppedOut
    | HouseCompleted
    | HouseAccepted
    | HouseRejected
    | HouseholdMovedIn
    | HouseStageCorrected
    | HousingSubsidyDue
)


class Entry(NamedTuple):
    """One line of a house's history."""

    house: House
    event: str
    stage: str
    happened_on: date
    details: dict[str, object]


class Decision(NamedTuple):
    """What a command comes to: the house after it, the fact, and the line of history."""

    house: House
    fact: HouseEvent
    entry: Entry
    due: Due | None = None


class Place(NamedTuple):
    """A site and how many households it already has."""

    site: Site
    allocated: int


def reached_on(house: House, stage: str) -> date | None:
    """Return the date of a stage, None where it is not reached."""
    on: date | None = getattr(house, DATE_OF[stage])
    return on


def allocate(
    household: Household,
    place: Place,
    *,
    house_id: UUID,
    area_cap_m2: Decimal,
    floor_area_m2: Decimal,
    on: date,
) -> Decision:
    """Give a household on the register its one house at a site, designed within the area cap."""
    if not is_on_the_register(household.status):
        raise HouseholdNotOnRegister(pointer="/household_id")
    if place.allocated >= place.site.planned_households:
        raise SiteFull(pointer="/site_id")
    if not rules.is_within_area_cap(floor_area_m2, area_cap_m2):
        raise AreaAboveCap(pointer="/floor_area_m2")
    house = House(
        id=house_id,
        household_id=household.id,
        site_id=place.site.id,
        area_code=place.site.area_code,
        persons=household.persons,
        area_cap_m2=area_cap_m2,
        planned_area_m2=floor_area_m2,
        stage=ALLOCATED,
        version=1,
        allocated_on=on,
    )
    fact = HouseholdAllocated(
        house_id=house.id,
        household_id=house.household_id,
        site_id=house.site_id,
        persons=house.persons,
        floor_area_m2=rules.area_text(floor_area_m2),
        allocated_on=on,
    )
    return Decision(
        house, fact, Entry(house, ALLOCATED, ALLOCATED, on, {"floor_area_m2": fact.floor_area_m2})
    )


def advance(
    house: House, stage: str, *, on: date, today: date, floor_area_m2: Decimal | None = None
) -> Decision:
    """Record that a house was started, topped out or completed; at completion it is measured.

    The measure is recorded even above the cap: what was built was built, and supervision raises it.
    """
    if stage != COMPLETED and floor_area_m2 is not None:
        raise FloorAreaUnexpected(pointer="/floor_area_m2")
    after = enter(house, stage, on=on, today=today)
    if stage == STARTED:
        started = HouseStarted(house_id=house.id, household_id=house.household_id, happened_on=on)
        return Decision(after, started, Entry(after, stage, stage, on, {}))
    if stage == TOPPED_OUT:
        topped = HouseToppedOut(house_id=house.id, household_id=house.household_id, happened_on=on)
        return Decision(after, topped, Entry(after, stage, stage, on, {}))
    if floor_area_m2 is None:
        raise FloorAreaMissing(pointer="/floor_area_m2")
    after = replace(after, floor_area_m2=floor_area_m2)
    completed = HouseCompleted(
        house_id=house.id,
        household_id=house.household_id,
        site_id=house.site_id,
        floor_area_m2=rules.area_text(floor_area_m2),
        persons=house.persons,
        completed_on=on,
    )
    details: dict[str, object] = {"floor_area_m2": completed.floor_area_m2}
    return Decision(after, completed, Entry(after, stage, stage, on, details))


def move_in(house: House, *, on: date, today: date) -> Decision:
    """Record that the household lives in its accepted house."""
    after = enter(house, MOVED_IN, on=on, today=today)
    fact = HouseholdMovedIn(house_id=house.id, household_id=house.household_id, moved_in_on=on)
    return Decision(after, fact, Entry(after, MOVED_IN, MOVED_IN, on, {}))


def correct_stage(
    house: House, stage: str, *, on: date, reason: str, today: date, site_since: date | None = None
) -> Decision:
    """Correct the date of a stage; the dates must still follow each other, and the date before is kept.

    `site_since` is the day of the site's registration, before which nothing there can have happened.
    """
    before = reached_on(house, stage)
    if before is None:
        raise StageNotReached(pointer="/stage")
    if on == before:
        raise NothingToCorrect(pointer="/on")
    rules.check_date(on, earlier=[site_since], later=[], today=today)
    _check_between(house, DATE_OF[stage], on, today)
    after = _dated(house, stage, on)
    fact = HouseStageCorrected(
        house_id=house.id,
        household_id=house.household_id,
        stage=stage,
        before=before,
        after=on,
        reason=reason,
        corrected_on=today,
    )
    details: dict[str, object] = {"before": before.isoformat(), "after": on.isoformat(), "reason": reason}
    return Decision(after, fact, Entry(after, CORRECTED, stage, today, details))


def enter(house: House, stage: str, *, on: date, today: date) -> House:
    """Return the house one stage further; no stage is left out or repeated."""
    if reached_on(house, stage) is not None:
        raise StageAlreadyReached(pointer="/stage")
    if HOUSE_STAGES.index(stage) != HOUSE_STAGES.index(house.stage) + 1:
        raise StageOutOfOrder(f"The house is {house.stage}.", pointer="/stage")
    _check_between(house, DATE_OF[stage], on, today)
    return replace(_dated(house, stage, on), stage=stage)


def _dated(house: House, stage: str, on: date) -> House:
    dates: dict[str, Any] = {DATE_OF[stage]: on}
    return replace(house, version=house.version + 1, **dates)


def _check_between(house: House, name: str, on: date, today: date) -> None:
    place = DATES.index(name)
    rules.check_date(
        on,
        earlier=[getattr(house, each) for each in DATES[:place]],
        later=[getattr(house, each) for each in DATES[place + 1 :]],
        today=today,
    )
