"""The acceptance of a finished house: a list of checks that must all hold."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from contracts.events.relocation import HouseAccepted, HouseRejected
from contracts.values import ACCEPTED, COMPLETED
from services.relocation.domain import rules
from services.relocation.domain.errors import StageAlreadyReached, StageOutOfOrder
from services.relocation.domain.house import REJECTED, Decision, Entry, House, enter

AREA_CAP_CHECK = "area-cap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What the inspector found; the area is measured again, or None when the last one stands."""

    kitchen_inside: bool
    bathroom_inside: bool
    animals_separate: bool
    structure_safe: bool
    water: bool
    power: bool
    floor_area_m2: Decimal | None = None


CONDITIONS = ("kitchen_inside", "bathroom_inside", "animals_separate", "structure_safe", "water", "power")


def failed_checks(checklist: Checklist, floor_area_m2: Decimal, cap_m2: Decimal) -> tuple[str, ...]:
    """Kitchen and bathroom in the home, people and animals apart, area within the cap (Eryuan report 2016, relocation)."""
    failed = [name.replace("_", "-") for name in CONDITIONS if not getattr(checklist, name)]
    if not rules.is_within_area_cap(floor_area_m2, cap_m2):
        failed.insert(0, AREA_CAP_CHECK)
    return tuple(failed)


def inspect(house: House, checklist: Checklist, *, on: date, today: date) -> Decision:
    """Accept a completed house when every check holds; otherwise reject it, and it may be inspected again."""
    if house.accepted_on is not None:
        raise StageAlreadyReached("The house was accepted before.")
    if house.stage != COMPLETED or house.floor_area_m2 is None:
        raise StageOutOfOrder(f"The house is {house.stage}; only a completed house is inspected.")
    accepted = enter(house, ACCEPTED, on=on, today=today)
    area = house.floor_area_m2 if checklist.floor_area_m2 is None else checklist.floor_area_m2
    failed = failed_checks(checklist, area, house.area_cap_m2)
    details: dict[str, object] = {name: getattr(checklist, name) for name in CONDITIONS}
    measured = details["floor_area_m2"] = rules.area_text(area)
    if failed:
        rejected = replace(house, version=house.version + 1, rejected_on=on, floor_area_m2=area)
        refusal = HouseRejected(
            house_id=house.id,
            household_id=house.household_id,
            failed=failed,
            happened_on=on,
            floor_area_m2=measured,
        )
        details["failed"] = list(failed)
        return Decision(rejected, refusal, Entry(rejected, REJECTED, COMPLETED, on, details))
    accepted = replace(accepted, floor_area_m2=area)
    fact = HouseAccepted(
        house_id=house.id, household_id=house.household_id, happened_on=on, floor_area_m2=measured
    )
    return Decision(accepted, fact, Entry(accepted, ACCEPTED, ACCEPTED, on, details))
