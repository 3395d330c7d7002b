"""Values for the domain tests."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.relocation.domain.acceptance import Checklist
from services.relocation.domain.house import House, Place, allocate
from services.relocation.domain.household import Household
from services.relocation.domain.rule import (
    AREA_CAP,
    HOUSING_SUBSIDY,
    INFRASTRUCTURE_STANDARD,
    AreaCap,
    HousingProgramme,
    InfrastructureStandard,
    Rule,
    Terms,
)
from services.relocation.domain.site import Site

VILLAGE = "532930101201"
TODAY = date(2016, 12, 31)
TERMS: dict[str, Terms] = {
    AREA_CAP: AreaCap(m2_per_person=Decimal(25)),
    INFRASTRUCTURE_STANDARD: InfrastructureStandard(
        per_household_fen={"centralized": 20_000_000, "interspersed": 10_000_000}
    ),
    HOUSING_SUBSIDY: HousingProgramme(
        programme_code="housing-subsidy", unit="household", instalments_fen={"completed": 2_000_000}
    ),
}


def rule(kind: str, **changes: Any) -> Rule:
    """Return an edition in force in 2016."""
    fields: dict[str, Any] = {
        "id": UUID(int=1),
        "kind": kind,
        "terms": TERMS[kind],
        "effective_from": date(2016, 1, 1),
        "effective_to": date(2016, 12, 31),
        "basis_document": "sample document",
    }
    return Rule(**(fields | changes))


def household(**changes: Any) -> Household:
    """Return a verified household of four."""
    fields: dict[str, Any] = {"id": UUID(int=2), "area_code": VILLAGE, "persons": 4, "status": "verified"}
    return Household(**(fields | changes))


def place(allocated: int = 0) -> Place:
    """Return a site planned for fifty households."""
    site = Site(
        id=UUID(int=3),
        name="site",
        kind="centralized",
        area_code=VILLAGE,
        planned_households=50,
        planned_persons=200,
        budget_fen=1_000_000_000,
        registered_on=date(2016, 2, 16),
    )
    return Place(site, allocated)


def house() -> House:
    """Return a house allocated on 18 February 2016, cap 100 m2."""
    return allocate(
        household(),
        place(),
        house_id=UUID(int=4),
        area_cap_m2=Decimal(100),
        floor_area_m2=Decimal("96.5"),
        on=date(2016, 2, 18),
    ).house


def checklist(**changes: Any) -> Checklist:
    """Return a checklist on which every check holds."""
    fields: dict[str, Any] = {
        "kitchen_inside": True,
        "bathroom_inside": True,
        "animals_separate": True,
        "structure_safe": True,
        "water": True,
        "power": True,
    }
    return Checklist(**(fields | changes))
